package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** Tells finished items of what the provider did itself. */
final class ProviderReading {
  private static final Bytes NO_INPUT = Bytes.utf8("{}");

  private ProviderReading() {}

  static void tell(OutputItem item, JsonValue json, Consumer<ReplyEvent> out) {
    switch (item.type) {
      case "web_search_call" -> search(item, json, out);
      case "image_generation_call" -> image(item, json, out);
      default -> other(item.type, json, out);
    }
  }

  /** One item is both the call and what is told of its result. */
  private static void search(OutputItem item, JsonValue json, Consumer<ReplyEvent> out) {
    JsonValue action = json.get("action");
    String id = item.id == null ? "ws" : item.id;
    out.accept(
        new ReplyEvent.ServerCall(
            0, id, "web_search", action == null || !action.isObject() ? NO_INPUT : action.raw()));
    out.accept(
        new ReplyEvent.ServerResult(
            0, id, "web_search", new Foreign(Dialect.OPENAI_RESPONSES, item.type, json.raw())));
  }

  private static void other(String type, JsonValue json, Consumer<ReplyEvent> out) {
    out.accept(
        new ReplyEvent.Other(
            new Foreign(Dialect.OPENAI_RESPONSES, type.isEmpty() ? "?" : type, json.raw())));
  }

  private static void image(OutputItem item, JsonValue json, Consumer<ReplyEvent> out) {
    JsonValue result = json.get("result");
    JsonValue format = json.get("output_format");
    String base64 = result == null ? null : result.string();
    if (base64 == null || base64.isEmpty()) {
      other(item.type, json, out);
      return;
    }
    String kind = format == null ? null : format.string();
    out.accept(
        new ReplyEvent.Image(0, "image/" + (kind == null ? "png" : kind), Bytes.utf8(base64)));
  }
}
