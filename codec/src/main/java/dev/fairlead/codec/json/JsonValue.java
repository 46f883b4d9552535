package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A small JSON document read whole, for the few places where one is worth it: error bodies, the frames of a stream that
 * carry usage, replies that are not streams. Missing members read as {@link Null}, so that chains of look-ups need no
 * checks.
 */
public sealed interface JsonValue {
  /** Members in order; of a repeated name the last counts. */
  record Obj(Map<String, JsonValue> members) implements JsonValue {}

  /** Elements in order. */
  record Arr(List<JsonValue> elements) implements JsonValue {}

  /** A string, decoded. */
  record Text(String value) implements JsonValue {}

  /** A number as written. */
  record Num(String literal) implements JsonValue {}

  /** true or false. */
  record Bool(boolean value) implements JsonValue {}

  /** null, or nothing. */
  record Null() implements JsonValue {
    /** The one there is need for. */
    public static final JsonValue NOTHING = new Null();
  }

  /** Reads {@code bytes}; null when they are not exactly one JSON document. */
  static @Nullable JsonValue parse(Bytes bytes) {
    return Reader.read(bytes.array(), bytes.offset(), bytes.length());
  }

  /** The member {@code name}, or {@link Null}. */
  default JsonValue get(String name) {
    return this instanceof Obj(Map<String, JsonValue> members)
        ? members.getOrDefault(name, Null.NOTHING)
        : Null.NOTHING;
  }

  /** The elements of an array, or none. */
  default List<JsonValue> items() {
    return this instanceof Arr(List<JsonValue> elements) ? elements : List.of();
  }

  /** The text of a string, or null. */
  default @Nullable String text() {
    return this instanceof Text(String value) ? value : null;
  }

  /** The text of a string, or {@code otherwise}. */
  default String text(String otherwise) {
    return this instanceof Text(String value) ? value : otherwise;
  }

  /** A whole number that is not negative, or {@code otherwise}; fractions are cut, excess is capped. */
  default long count(long otherwise) {
    if (!(this instanceof Num(String literal))) {
      return otherwise;
    }
    try {
      return Math.max(0, Long.parseLong(literal));
    } catch (NumberFormatException notLong) {
      double value = Double.parseDouble(literal);
      return value <= 0 || Double.isNaN(value) ? 0 : (long) Math.min(value, 1e15);
    }
  }

  default boolean isNull() {
    return this instanceof Null;
  }

  default boolean isObject() {
    return this instanceof Obj;
  }

  /** Builds values from tokens. */
  final class Reader {
    private static final JsonFactory FACTORY =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxStringLength(16 * 1024 * 1024)
                    .build())
            .build();

    private Reader() {}

    static @Nullable JsonValue read(byte[] array, int offset, int length) {
      try (JsonParser parser =
          FACTORY.createParser(ObjectReadContext.empty(), array, offset, length)) {
        JsonToken first = parser.nextToken();
        if (first == null) {
          return null;
        }
        JsonValue value = value(parser, first);
        return parser.nextToken() == null ? value : null;
      } catch (JacksonException malformed) {
        return null;
      }
    }

    private static JsonValue value(JsonParser parser, JsonToken token) {
      return switch (token) {
        case START_OBJECT -> {
          Map<String, JsonValue> members = new LinkedHashMap<>();
          while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            members.put(name, value(parser, parser.nextToken()));
          }
          yield new Obj(members);
        }
        case START_ARRAY -> {
          List<JsonValue> elements = new ArrayList<>();
          JsonToken next;
          while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
            elements.add(value(parser, next));
          }
          yield new Arr(elements);
        }
        case VALUE_STRING -> new Text(parser.getString());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
        case VALUE_TRUE -> new Bool(true);
        case VALUE_FALSE -> new Bool(false);
        case VALUE_NULL,
            NOT_AVAILABLE,
            END_OBJECT,
            END_ARRAY,
            PROPERTY_NAME,
            VALUE_EMBEDDED_OBJECT ->
            Null.NOTHING;
      };
    }
  }
}
