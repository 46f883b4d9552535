package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;

/** Schemas of functions as OpenAI takes them: an object that names its properties. */
final class FunctionSchema {
  private static final Interests WANTED = Interests.of("type", "properties", "$ref", "anyOf");

  private FunctionSchema() {}

  /** The schema itself unless it lacks its type or its properties, which are then put first. */
  static Bytes legal(Bytes schema) {
    Envelope object;
    try {
      object = Envelope.scan(schema, WANTED, ScanRules.REPLY);
    } catch (MalformedBody noObject) {
      return ToolReader.NO_PARAMETERS;
    }
    boolean type = object.has("type");
    boolean properties = object.has("properties");
    if ((type && properties) || object.has("$ref") || object.has("anyOf")) {
      return schema;
    }
    JsonWriter out = new JsonWriter().beginObject();
    if (!type) {
      out.field("type", "object");
    }
    if (!properties) {
      out.name("properties").beginObject().endObject();
    }
    for (var member : object.asValue().members()) {
      out.name(member.key()).raw(member.value().raw());
    }
    return out.endObject().toBytes();
  }
}
