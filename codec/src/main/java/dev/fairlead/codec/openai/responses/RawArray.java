package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/** The elements of JSON arrays that stand for themselves. */
final class RawArray {
  private static final Interests WANTED = Interests.of("a");

  private RawArray() {}

  /** The elements as they stand; none when it is no array. */
  static List<Bytes> elements(Bytes array) {
    return elements(array, false);
  }

  /** The elements of the array that is an object's {@code content}; none when it has none. */
  static List<Bytes> content(Bytes object) {
    return elements(object, true);
  }

  /** The elements of an array, or of the one that is an object's {@code content}. */
  static List<Bytes> elementsOrContent(Bytes json) {
    List<Bytes> own = elements(json, false);
    return own.isEmpty() ? elements(json, true) : own;
  }

  private static List<Bytes> elements(Bytes json, boolean ofContent) {
    List<Bytes> found = new ArrayList<>();
    JsonValue value;
    try {
      value =
          Envelope.scan(
                  Bytes.concat(List.of(Bytes.utf8("{\"a\":"), json, Bytes.utf8("}"))),
                  WANTED,
                  ScanRules.REPLY)
              .value("a");
    } catch (MalformedBody noJson) {
      return found;
    }
    if (value != null && ofContent) {
      value = value.get("content");
    }
    if (value != null && value.type() == JsonType.ARRAY) {
      for (JsonValue element : value.elements()) {
        found.add(element.raw());
      }
    }
    return found;
  }
}
