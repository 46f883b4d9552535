package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Dialect;
import org.jspecify.annotations.Nullable;

/** The beginning of a request's system prompt, by which client programs are told apart. */
final class PromptOpening {
  private static final int MAX_CHARS = 400;

  /** A system prompt stands at the front; no transcript is searched for one. */
  private static final int MAX_MESSAGES = 4;

  private PromptOpening() {}

  static @Nullable String of(Dialect dialect, Envelope body) {
    return switch (dialect) {
      case ANTHROPIC_MESSAGES -> text(body.value("system"));
      case OPENAI_CHAT -> systemMessage(body.value("messages"));
      case OPENAI_RESPONSES -> {
        String instructions = text(body.value("instructions"));
        yield instructions == null ? systemMessage(body.value("input")) : instructions;
      }
      case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> null;
    };
  }

  private static @Nullable String systemMessage(@Nullable JsonValue messages) {
    if (messages == null) {
      return null;
    }
    int seen = 0;
    for (JsonValue message : messages.elements()) {
      JsonValue role = message.get("role");
      if (role != null && (role.is("system") || role.is("developer"))) {
        return text(message.get("content"));
      }
      if (++seen == MAX_MESSAGES) {
        return null;
      }
    }
    return null;
  }

  /** A string's beginning, or that of an array's texts, one a line. */
  private static @Nullable String text(@Nullable JsonValue value) {
    if (value == null || value.type() != JsonType.ARRAY) {
      String text = value == null ? null : value.stringPrefix(MAX_CHARS);
      return text == null || text.isEmpty() ? null : text;
    }
    StringBuilder joined = new StringBuilder();
    for (JsonValue part : value.elements()) {
      JsonValue inside = part.get("text");
      String text = inside == null ? null : inside.stringPrefix(MAX_CHARS - joined.length());
      if (text != null) {
        joined.append(joined.isEmpty() ? "" : "\n").append(text);
      }
      if (joined.length() >= MAX_CHARS) {
        break;
      }
    }
    return joined.isEmpty() ? null : joined.toString();
  }
}
