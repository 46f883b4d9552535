package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads Gemini's own {@code Schema} (OpenAPI 3.0 with upper-case types) as JSON Schema: types in
 * lower case, {@code nullable} as the type null, counts that proto JSON quotes as numbers.
 */
final class GeminiSchemas {
  private GeminiSchemas() {}

  /** The JSON Schema that says what {@code schema} says; a JSON Schema comes out as it is. */
  static Bytes toJsonSchema(JsonValue schema) {
    JsonWriter out = new JsonWriter();
    write(schema, out);
    return out.toBytes();
  }

  private static void write(JsonValue schema, JsonWriter out) {
    if (!schema.isObject()) {
      out.raw(schema.raw());
      return;
    }
    JsonValue nullable = schema.get("nullable");
    boolean orNull = nullable != null && Boolean.TRUE.equals(nullable.bool());
    out.beginObject();
    for (JsonValue.Field field : schema.members()) {
      String key = field.key();
      JsonValue value = field.value();
      switch (GeminiJson.camel(key)) {
        case "type" -> type(value, orNull, out.name("type"));
        case "nullable", "propertyOrdering" -> {}
        case "items", "additionalProperties", "not" -> write(value, out.name(key));
        case "properties", "$defs", "definitions" -> each(value, out.name(key));
        case "anyOf", "oneOf", "allOf", "prefixItems" ->
            all(value, orNull && key.endsWith("f"), out.name(GeminiJson.camel(key)));
        case "minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties" ->
            count(value, out.name(GeminiJson.camel(key)));
        default -> out.name(key).raw(value.raw());
      }
    }
    out.endObject();
  }

  private static void type(JsonValue type, boolean orNull, JsonWriter out) {
    String name = type.string();
    if (name == null) {
      out.raw(type.raw());
    } else if (orNull) {
      out.beginArray().string(name.toLowerCase(Locale.ROOT)).string("null").endArray();
    } else {
      out.string(name.toLowerCase(Locale.ROOT));
    }
  }

  private static void each(JsonValue map, JsonWriter out) {
    if (!map.isObject()) {
      out.raw(map.raw());
      return;
    }
    out.beginObject();
    for (JsonValue.Field field : map.members()) {
      write(field.value(), out.name(field.key()));
    }
    out.endObject();
  }

  private static void all(JsonValue list, boolean orNull, JsonWriter out) {
    out.beginArray();
    for (JsonValue schema : list.elements()) {
      write(schema, out);
    }
    if (orNull) {
      out.beginObject().field("type", "null").endObject();
    }
    out.endArray();
  }

  private static void count(JsonValue count, JsonWriter out) {
    String quoted = count.string();
    Long number = quoted == null ? count.integer() : parsed(quoted);
    if (number == null) {
      out.raw(count.raw());
    } else {
      out.number(number);
    }
  }

  private static @Nullable Long parsed(String digits) {
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }
}
