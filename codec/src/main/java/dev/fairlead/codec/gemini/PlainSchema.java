package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON Schema in the subset of OpenAPI that Gemini's {@code Schema} is, for servers that
 * do not take JSON Schema itself: local references and {@code allOf} are put in their place as deep
 * as 24 levels, unions become {@code anyOf}, what is unknown is left out.
 */
final class PlainSchema {
  private static final int MAX_DEPTH = 24;
  private static final int MAX_NODES = 4000;
  private static final int MAX_STEPS = 20_000;
  private static final int MAX_COPIED = 1 << 20;

  private final JsonValue root;
  private int nodes;
  private int steps;
  private int copied;

  private PlainSchema(JsonValue root) {
    this.root = root;
  }

  /** The subset's form of {@code schema}, or null when it describes no arguments at all. */
  static @Nullable Bytes of(Bytes schema) {
    JsonValue value = GeminiJson.object(schema.utf8());
    if (value == null) {
      return null;
    }
    PlainSchema plain = new PlainSchema(value);
    Node node = plain.new Node();
    node.absorb(value, 0);
    if (node.properties.isEmpty() && node.choices.isEmpty() && !node.types.contains("array")) {
      return null;
    }
    JsonWriter out = new JsonWriter();
    node.write(out, 0);
    return out.toBytes();
  }

  /** What one place of the schema says, after references and allOf. */
  private final class Node {
    final Set<String> types = new LinkedHashSet<>();
    final Map<String, JsonValue> properties = new LinkedHashMap<>();
    final Set<String> required = new LinkedHashSet<>();
    final List<JsonValue> choices = new ArrayList<>();
    final List<String> values = new ArrayList<>();
    final Map<String, Bytes> plain = new LinkedHashMap<>();
    boolean nullable;
    boolean onlyTextValues = true;
    @Nullable JsonValue items;
    @Nullable String format;

    void absorb(JsonValue schema, int depth) {
      if (depth > MAX_DEPTH || ++steps > MAX_STEPS) {
        return;
      }
      for (JsonValue.Field field : schema.members()) {
        JsonValue value = field.value();
        switch (field.key()) {
          case "$ref" -> {
            JsonValue target = resolve(value.string());
            if (target != null) {
              absorb(target, depth + 1);
            }
          }
          case "allOf" -> value.elements().forEach(each -> absorb(each, depth + 1));
          case "anyOf", "oneOf" -> value.elements().forEach(this::choice);
          case "type" -> {
            type(value);
            value.elements().forEach(this::type);
          }
          case "nullable" -> nullable |= Boolean.TRUE.equals(value.bool());
          case "properties" -> {
            for (JsonValue.Field property : value.members()) {
              properties.put(property.key(), property.value());
            }
          }
          case "required" -> value.elements().forEach(each -> required.add(text(each)));
          case "items" -> items = value.isObject() ? value : null;
          case "enum" -> value.elements().forEach(this::value);
          case "const" -> value(value);
          case "format" -> format = value.string();
          case "title",
              "description",
              "minItems",
              "maxItems",
              "minLength",
              "maxLength",
              "minimum",
              "maximum",
              "pattern",
              "default" ->
              plain.put(field.key(), value.raw());
          default -> {}
        }
      }
    }

    private void choice(JsonValue schema) {
      JsonValue type = schema.get("type");
      if (type != null && type.is("null")) {
        nullable = true;
      } else if (schema.isObject()) {
        choices.add(schema);
      }
    }

    private void type(JsonValue value) {
      String name = value.string();
      if (name == null) {
        return;
      }
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("null")) {
        nullable = true;
      } else {
        types.add(lower);
      }
    }

    private void value(JsonValue value) {
      if (value.isNull()) {
        nullable = true;
        return;
      }
      onlyTextValues &= value.string() != null;
      values.add(text(value));
    }

    private String text(JsonValue value) {
      String text = value.string();
      return text == null ? value.raw().utf8() : text;
    }

    void write(JsonWriter out, int depth) {
      nodes++;
      boolean cut = depth >= MAX_DEPTH || nodes > MAX_NODES;
      out.beginObject();
      if (choices.isEmpty() && types.size() > 1) {
        union(out);
      } else if (!choices.isEmpty() && !cut) {
        out.name("anyOf").beginArray();
        for (JsonValue choice : choices) {
          child(choice, out, depth);
        }
        out.endArray();
      }
      String type = types.size() == 1 ? types.iterator().next() : guess();
      if (type != null && (choices.isEmpty() || cut)) {
        one(type, cut, out, depth);
      }
      if (nullable) {
        out.field("nullable", true);
      }
      plain.forEach((name, raw) -> bound(type, name, raw, out));
      out.endObject();
    }

    private void union(JsonWriter out) {
      out.name("anyOf").beginArray();
      for (String type : types) {
        out.beginObject().field("type", type.toUpperCase(Locale.ROOT));
        if (type.equals("array")) {
          out.name("items").beginObject().field("type", "STRING").endObject();
        }
        out.endObject();
      }
      out.endArray();
    }

    private @Nullable String guess() {
      if (types.size() > 1) {
        return null;
      }
      if (!properties.isEmpty()) {
        return "object";
      }
      return items == null ? "string" : "array";
    }

    private void one(String type, boolean cut, JsonWriter out, int depth) {
      out.field("type", type.toUpperCase(Locale.ROOT));
      if (type.equals("string") && onlyTextValues && !values.isEmpty()) {
        out.field("format", "enum").name("enum").beginArray();
        values.forEach(out::string);
        out.endArray();
      } else if (format != null && takes(type, format)) {
        out.field("format", format);
      }
      if (type.equals("array")) {
        out.name("items");
        if (items == null || cut) {
          out.beginObject().field("type", "STRING").endObject();
        } else {
          child(items, out, depth);
        }
      }
      if (type.equals("object") && !properties.isEmpty() && !cut) {
        out.name("properties").beginObject();
        properties.forEach((name, property) -> child(property, out.name(name), depth));
        out.endObject();
        required.retainAll(properties.keySet());
        if (!required.isEmpty()) {
          out.name("required").beginArray();
          required.forEach(out::string);
          out.endArray();
        }
      }
    }

    private void child(JsonValue schema, JsonWriter out, int depth) {
      Node node = new Node();
      node.absorb(schema, depth + 1);
      node.write(out, depth + 1);
    }

    private void bound(@Nullable String type, String name, Bytes raw, JsonWriter out) {
      boolean fits =
          switch (name) {
            case "minItems", "maxItems" -> "array".equals(type);
            case "minLength", "maxLength", "pattern" -> "string".equals(type);
            case "minimum", "maximum" -> "number".equals(type) || "integer".equals(type);
            default -> true;
          };
      copied += raw.length();
      if (fits && copied <= MAX_COPIED) {
        out.name(name).raw(raw);
      }
    }
  }

  private static boolean takes(String type, String format) {
    return switch (type) {
      case "string" -> format.equals("date-time");
      case "number" -> format.equals("float") || format.equals("double");
      case "integer" -> format.equals("int32") || format.equals("int64");
      default -> false;
    };
  }

  /** What a local pointer such as {@code #/$defs/Address} names, or null. */
  private @Nullable JsonValue resolve(@Nullable String reference) {
    if (reference == null || !reference.startsWith("#")) {
      return null;
    }
    JsonValue at = root;
    int from = 1;
    while (at != null && from < reference.length()) {
      int slash = reference.indexOf('/', from + 1);
      int end = slash < 0 ? reference.length() : slash;
      String name = reference.substring(from + 1, end).replace("~1", "/").replace("~0", "~");
      at = at.get(name);
      from = end;
    }
    return at;
  }
}
