package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema without {@code $ref} (what it points at inside the schema stands in its place),
 * {@code $schema}, {@code additionalProperties} and {@code const} (an {@code enum} of one). A
 * reference that leads nowhere, or back to where it stands, becomes any object.
 */
final class PlainSchema {
  private static final int MOST_BYTES = 256 * 1024;
  private static final int DEEPEST_REFERENCE = 8;

  private final JsonWriter out = new JsonWriter();
  private final Map<String, JsonValue> definitions = new HashMap<>();
  private int references;
  private long written;

  private PlainSchema() {}

  static Bytes of(JsonValue schema) {
    PlainSchema plain = new PlainSchema();
    plain.define(schema, "$defs");
    plain.define(schema, "definitions");
    plain.schema(schema);
    return plain.out.toBytes();
  }

  private void define(JsonValue schema, String key) {
    JsonValue all = schema.get(key);
    if (all != null) {
      for (JsonValue.Field field : all.members()) {
        definitions.putIfAbsent("#/" + key + "/" + field.key(), field.value());
      }
    }
  }

  private void schema(JsonValue schema) {
    written += 2;
    if (!schema.isObject()) {
      any(schema);
      return;
    }
    JsonValue reference = schema.get("$ref");
    if (reference != null) {
      referenced(reference.string());
      return;
    }
    out.beginObject();
    boolean listed = schema.get("enum") != null;
    for (JsonValue.Field field : schema.members()) {
      String key = field.key();
      JsonValue value = field.value();
      switch (key) {
        case "$schema", "$id", "$defs", "definitions", "additionalProperties", "$ref" -> {}
        case "const" -> {
          if (!listed) {
            out.name("enum").beginArray();
            raw(value);
            out.endArray();
          }
        }
        case "properties", "patternProperties" -> {
          out.name(key).beginObject();
          for (JsonValue.Field property : value.members()) {
            out.name(property.key());
            schema(property.value());
          }
          out.endObject();
        }
        case "items", "not", "anyOf", "oneOf", "allOf", "prefixItems" -> {
          out.name(key);
          any(value);
        }
        default -> {
          out.name(key);
          raw(value);
        }
      }
    }
    out.endObject();
  }

  /** A schema, a list of schemas, or a truth. */
  private void any(JsonValue value) {
    if (value.isObject()) {
      schema(value);
    } else if (value.type() == JsonType.ARRAY) {
      out.beginArray();
      for (JsonValue one : value.elements()) {
        any(one);
      }
      out.endArray();
    } else {
      raw(value);
    }
  }

  private void raw(JsonValue value) {
    written += value.span().length();
    out.raw(value.raw());
  }

  private void referenced(@Nullable String reference) {
    JsonValue found = reference == null ? null : definitions.get(reference);
    if (found == null || references == DEEPEST_REFERENCE || written > MOST_BYTES) {
      out.beginObject().field("type", "object").endObject();
      return;
    }
    references++;
    schema(found);
    references--;
  }
}
