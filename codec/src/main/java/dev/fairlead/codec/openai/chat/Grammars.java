package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The {@code format} of a custom tool: Chat nests {@code syntax} and {@code definition} under
 * {@code grammar}, Responses and the model keep them beside {@code type}.
 */
final class Grammars {
  private Grammars() {}

  /** As the model keeps it. */
  static Bytes flat(JsonValue format) {
    JsonValue grammar = format.get("grammar");
    if (grammar == null || !grammar.isObject()) {
      return format.raw();
    }
    JsonWriter out = new JsonWriter().beginObject().field("type", "grammar");
    copy(grammar.get("syntax"), "syntax", out);
    copy(grammar.get("definition"), "definition", out);
    return out.endObject().toBytes();
  }

  /** As Chat wants it. */
  static void write(JsonWriter out, Bytes format) {
    JsonValue value = JsonTexts.object(format);
    JsonValue definition = value == null ? null : value.get("definition");
    if (value == null || definition == null) {
      out.raw(format);
      return;
    }
    out.beginObject().field("type", "grammar").name("grammar").beginObject();
    copy(value.get("syntax"), "syntax", out);
    copy(definition, "definition", out);
    out.endObject().endObject();
  }

  private static void copy(@Nullable JsonValue value, String name, JsonWriter out) {
    if (value != null) {
      out.name(name).raw(value.raw());
    }
  }
}
