package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/** JSON that comes from inside other JSON, such as a call's arguments. */
final class JsonTexts {
  private JsonTexts() {}

  /** The object {@code json} is, or null when it is none. */
  static @Nullable JsonValue object(Bytes json) {
    try {
      return Envelope.scan(json, Interests.NONE, ScanRules.REPLY).asValue();
    } catch (MalformedBody malformed) {
      return null;
    }
  }

  /**
   * The same JSON without line breaks, which well-formed JSON has between tokens only, so that it
   * fits one line of an event stream.
   */
  static Bytes oneLine(Bytes json) {
    for (int i = 0; i < json.length(); i++) {
      if (json.at(i) == '\n' || json.at(i) == '\r') {
        byte[] copy = json.toByteArray();
        for (int at = i; at < copy.length; at++) {
          if (copy[at] == '\n' || copy[at] == '\r') {
            copy[at] = ' ';
          }
        }
        return Bytes.of(copy);
      }
    }
    return json;
  }
}
