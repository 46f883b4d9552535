package dev.fairlead.codec.json;

import org.jspecify.annotations.Nullable;

/** Writes the little JSON the gateway says in its own name. */
public final class JsonText {
  private final StringBuilder text = new StringBuilder(160);
  private boolean first = true;

  private JsonText() {}

  /** Begins an object. */
  public static JsonText object() {
    JsonText json = new JsonText();
    json.text.append('{');
    return json;
  }

  /** Adds a string member, or null. */
  public JsonText put(String name, @Nullable String value) {
    name(name);
    if (value == null) {
      text.append("null");
    } else {
      quote(text, value);
    }
    return this;
  }

  /** Adds a whole number. */
  public JsonText put(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  /** Adds true or false. */
  public JsonText put(String name, boolean value) {
    name(name);
    text.append(value);
    return this;
  }

  /** Adds a member whose value is JSON already. */
  public JsonText raw(String name, String json) {
    name(name);
    text.append(json);
    return this;
  }

  /** Ends the object. */
  public String end() {
    return text.append('}').toString();
  }

  private void name(String name) {
    if (!first) {
      text.append(',');
    }
    first = false;
    quote(text, name);
    text.append(':');
  }

  /** {@code value} as a JSON string, quotes included. */
  public static String quote(String value) {
    StringBuilder quoted = new StringBuilder(value.length() + 8);
    quote(quoted, value);
    return quoted.toString();
  }

  private static void quote(StringBuilder out, String value) {
    out.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          boolean loneSurrogate =
              Character.isSurrogate(c)
                  && !(Character.isHighSurrogate(c)
                      && i + 1 < value.length()
                      && Character.isLowSurrogate(value.charAt(i + 1)))
                  && !(Character.isLowSurrogate(c)
                      && i > 0
                      && Character.isHighSurrogate(value.charAt(i - 1)));
          if (c < 0x20 || c == 0x7f || loneSurrogate) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
