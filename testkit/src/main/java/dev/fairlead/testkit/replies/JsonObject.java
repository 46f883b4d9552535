package dev.fairlead.testkit.replies;

import java.util.List;

/**
 * Writes a JSON object field by field, in the order given and without blanks; null stands for JSON
 * null.
 */
final class JsonObject {
  private final StringBuilder text = new StringBuilder("{");

  /** An object whose first field is {@code type}, as most vendors have it. */
  static JsonObject ofType(String type) {
    return new JsonObject().with("type", type);
  }

  JsonObject with(String name, String value) {
    return raw(name, quote(value));
  }

  JsonObject with(String name, long value) {
    return raw(name, Long.toString(value));
  }

  JsonObject with(String name, boolean value) {
    return raw(name, Boolean.toString(value));
  }

  JsonObject with(String name, JsonObject value) {
    return raw(name, value.toString());
  }

  JsonObject withNull(String name) {
    return raw(name, "null");
  }

  /** A value that is JSON already. */
  JsonObject raw(String name, String json) {
    if (text.length() > 1) {
      text.append(',');
    }
    text.append(quote(name)).append(':').append(json);
    return this;
  }

  static String array(List<String> items) {
    return "[" + String.join(",", items) + "]";
  }

  static String quote(String value) {
    var quoted = new StringBuilder(value.length() + 16).append('"');
    value
        .chars()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (c < 0x20) {
                quoted.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
              } else {
                quoted.append((char) c);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
