package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;

/**
 * A JSON Schema within what Anthropic's structured outputs take (Anthropic docs, "Structured
 * outputs", "JSON Schema limitations"): objects allow no further properties, and limits on numbers,
 * lengths and counts become words in the description.
 */
final class SchemaForOutput {
  private static final Interests NOTHING = Interests.of();

  private SchemaForOutput() {}

  /** The schema itself where it fits already, or where it cannot be read. */
  static Bytes of(Bytes schema) {
    try {
      JsonValue value = Envelope.scan(schema, NOTHING, ScanRules.REQUEST).asValue();
      if (fits(value)) {
        return schema;
      }
      JsonWriter out = new JsonWriter();
      write(value, out);
      return out.toBytes();
    } catch (MalformedBody unreadable) {
      return schema;
    }
  }

  private static boolean fits(JsonValue schema) {
    boolean object = false;
    boolean closed = false;
    for (JsonValue.Field field : schema.members()) {
      JsonValue value = field.value();
      switch (kind(field.key())) {
        case LIMIT -> {
          return false;
        }
        case SCHEMA -> {
          if (!fits(value)) {
            return false;
          }
        }
        case SCHEMAS -> {
          for (JsonValue element : value.elements()) {
            if (!fits(element)) {
              return false;
            }
          }
        }
        case NAMED -> {
          object |= field.named("properties");
          for (JsonValue.Field named : value.members()) {
            if (!fits(named.value())) {
              return false;
            }
          }
        }
        case OTHER -> {
          object |= field.named("type") && value.is("object");
          closed |= field.named("additionalProperties") && Boolean.FALSE.equals(value.bool());
        }
      }
    }
    return !object || closed;
  }

  private static void write(JsonValue schema, JsonWriter out) {
    if (!schema.isObject()) {
      out.raw(schema.raw());
      return;
    }
    boolean object = false;
    StringBuilder limits = new StringBuilder();
    String description = "";
    out.beginObject();
    for (JsonValue.Field field : schema.members()) {
      JsonValue value = field.value();
      String key = field.key();
      switch (kind(key)) {
        case LIMIT ->
            limits
                .append(limits.isEmpty() ? "" : ", ")
                .append(key)
                .append(": ")
                .append(value.raw().utf8());
        case SCHEMA -> {
          out.name(key);
          write(value, out);
        }
        case SCHEMAS -> {
          out.name(key);
          if (value.type() == JsonType.ARRAY) {
            out.beginArray();
            for (JsonValue element : value.elements()) {
              write(element, out);
            }
            out.endArray();
          } else {
            write(value, out);
          }
        }
        case NAMED -> {
          object |= key.equals("properties");
          out.name(key).beginObject();
          for (JsonValue.Field named : value.members()) {
            out.name(named.key());
            write(named.value(), out);
          }
          out.endObject();
        }
        case OTHER -> {
          String text = key.equals("description") ? value.string() : null;
          if (text != null) {
            description = text;
          } else if (!key.equals("additionalProperties")) {
            object |= key.equals("type") && value.is("object");
            out.name(key).raw(value.raw());
          }
        }
      }
    }
    if (object) {
      out.field("additionalProperties", false);
    }
    if (!limits.isEmpty()) {
      description = (description.isEmpty() ? "" : description + " ") + "(" + limits + ")";
    }
    if (!description.isEmpty()) {
      out.field("description", description);
    }
    out.endObject();
  }

  private enum Kind {
    LIMIT,
    SCHEMA,
    SCHEMAS,
    NAMED,
    OTHER
  }

  private static Kind kind(String key) {
    return switch (key) {
      case "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "maxItems",
          "uniqueItems",
          "minProperties",
          "maxProperties" ->
          Kind.LIMIT;
      case "items", "not" -> Kind.SCHEMA;
      case "anyOf", "allOf", "oneOf", "prefixItems" -> Kind.SCHEMAS;
      case "properties", "$defs", "definitions" -> Kind.NAMED;
      default -> Kind.OTHER;
    };
  }
}
