package dev.fairlead.codec.gemini;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How Gemini's JSON is read: that of protocol buffers, names in camel or snake case. */
final class GeminiJson {
  private static final Interests WRAPPED = Interests.of("v");

  private GeminiJson() {}

  /** {@code key} in camel case. */
  static String camel(String key) {
    int at = key.indexOf('_', 1);
    if (at < 0) {
      return key;
    }
    StringBuilder name = new StringBuilder(key.length());
    boolean up = false;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '_' && i > 0) {
        up = true;
      } else {
        name.append(up && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        up = false;
      }
    }
    return name.toString();
  }

  /** A document that may be an object or, where a stream is one array, a list of them. */
  static JsonValue parse(Bytes document) {
    int at = 0;
    while (at < document.length() && document.at(at) <= ' ') {
      at++;
    }
    if (at < document.length() && document.at(at) == '[') {
      byte[] wrapped = new byte[document.length() + 6];
      System.arraycopy("{\"v\":".getBytes(StandardCharsets.US_ASCII), 0, wrapped, 0, 5);
      System.arraycopy(document.array(), document.offset(), wrapped, 5, document.length());
      wrapped[wrapped.length - 1] = '}';
      return Objects.requireNonNull(
          Envelope.scan(Bytes.of(wrapped), WRAPPED, ScanRules.REPLY).value("v"));
    }
    return Envelope.scan(document, Interests.NONE, ScanRules.REPLY).asValue();
  }

  /** The object {@code text} is, or null when it is none. */
  static @Nullable JsonValue object(String text) {
    try {
      return Envelope.scan(Bytes.utf8(text), Interests.NONE, ScanRules.REPLY).asValue();
    } catch (MalformedBody notAnObject) {
      return null;
    }
  }

  /**
   * Writes a call's arguments as the object Gemini wants: those of a free-text tool, and text that
   * is no object, inside one.
   */
  static void arguments(String arguments, boolean custom, JsonWriter out) {
    if (custom) {
      out.beginObject().field("input", arguments).endObject();
      return;
    }
    if (arguments.isBlank()) {
      out.beginObject().endObject();
      return;
    }
    JsonValue object = object(arguments);
    if (object == null) {
      out.beginObject().field("arguments", arguments).endObject();
    } else {
      out.raw(object.raw());
    }
  }

  static String string(JsonValue value, String path) {
    String text = value.string();
    if (text == null) {
      throw RequestFault.wrongType(path, "a string", value.type().label());
    }
    return text;
  }

  /** A string, or null where it says nothing. */
  static @Nullable String optional(JsonValue value, String path) {
    return value.isNull() ? null : string(value, path);
  }

  static boolean bool(JsonValue value, String path) {
    Boolean truth = value.bool();
    if (truth == null) {
      throw RequestFault.wrongType(path, "true or false", value.type().label());
    }
    return truth;
  }

  /** A whole number; proto JSON may quote it. */
  static long integer(JsonValue value, String path) {
    Long number = value.integer();
    String quoted = value.string();
    if (quoted != null) {
      try {
        number = Long.valueOf(quoted);
      } catch (NumberFormatException noNumber) {
        number = null;
      }
    }
    if (number == null) {
      throw RequestFault.wrongType(path, "a whole number", value.type().label());
    }
    return number;
  }

  static void array(JsonValue value, String path) {
    if (value.type() != JsonType.ARRAY) {
      throw RequestFault.wrongType(path, "an array", value.type().label());
    }
  }

  static void object(JsonValue value, String path) {
    if (!value.isObject()) {
      throw RequestFault.wrongType(path, "an object", value.type().label());
    }
  }
}
