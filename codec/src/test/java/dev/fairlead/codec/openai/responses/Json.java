package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** JSON for tests. */
final class Json {
  private Json() {}

  static JsonValue value(Bytes json) {
    return Envelope.scan(json, Interests.NONE, ScanRules.REPLY).asValue();
  }

  static JsonValue value(String json) {
    return value(Bytes.utf8(json));
  }

  static String resource(String name) {
    try (InputStream in = Json.class.getResourceAsStream("/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  /** Without white space between tokens. */
  static String compact(String json) {
    StringBuilder out = new StringBuilder(json.length());
    boolean inside = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inside) {
        out.append(c);
        if (c == '\\') {
          out.append(json.charAt(++i));
        } else if (c == '"') {
          inside = false;
        }
      } else if (!Character.isWhitespace(c)) {
        out.append(c);
        inside = c == '"';
      }
    }
    return out.toString();
  }
}
