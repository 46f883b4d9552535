package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** The beginning of the system prompt, wherever a dialect keeps it. */
final class PromptOpening {
  private static final int MOST = 400;

  private PromptOpening() {}

  static @Nullable String of(Envelope envelope) {
    String text = text(envelope.value("system"));
    if (text == null) {
      text = text(envelope.value("instructions"));
    }
    if (text == null && envelope.type("messages") == '[') {
      for (JsonValue message : envelope.value("messages").items()) {
        String role = message.get("role").text("");
        if (role.equals("system") || role.equals("developer")) {
          text = text(message.get("content"));
          break;
        }
      }
    }
    return text == null || text.length() <= MOST ? text : text.substring(0, MOST);
  }

  private static @Nullable String text(JsonValue content) {
    String text = content.text();
    if (text != null) {
      return text;
    }
    for (JsonValue part : content.items()) {
      String partText = part.get("text").text();
      if (partText != null) {
        return partText;
      }
    }
    return null;
  }
}
