package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Reasoning.Effort;
import dev.fairlead.core.prompt.Reasoning.Mode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a request says about thinking: {@code reasoning_effort} (OpenAI), {@code reasoning}
 * (OpenRouter, and Responses bodies), {@code thinking} (GLM, Kimi, DeepSeek, Anthropic).
 */
final class ReasoningReading {
  private @Nullable Mode mode;
  private @Nullable Effort effort;
  private @Nullable Long budget;
  private @Nullable Boolean shown;

  /** False when it is no word we know. */
  boolean effort(JsonValue value) {
    Effort word = word(value.string());
    if (word == null) {
      return false;
    }
    take(word);
    return true;
  }

  /** {@code {"effort","max_tokens","enabled","exclude","summary"}}; false when it is no object. */
  boolean object(JsonValue value) {
    if (!value.isObject()) {
      return false;
    }
    for (JsonValue.Field field : value.members()) {
      JsonValue it = field.value();
      switch (field.key()) {
        case "effort" -> {
          Effort word = word(it.string());
          if (word != null) {
            take(word);
          }
        }
        case "max_tokens" -> budget(it);
        case "enabled" -> {
          Boolean enabled = it.bool();
          if (enabled != null) {
            mode = enabled ? Mode.ON : Mode.OFF;
          }
        }
        case "exclude" -> {
          Boolean exclude = it.bool();
          shown = exclude == null ? shown : Boolean.valueOf(!exclude);
        }
        case "summary" -> shown = it.isNull() ? shown : Boolean.TRUE;
        default -> {}
      }
    }
    return true;
  }

  /** {@code {"type":"enabled"|"disabled"|"adaptive"|"auto","budget_tokens"}}. */
  boolean thinking(JsonValue value) {
    JsonValue type = value.get("type");
    String name = type == null ? null : type.string();
    if (name == null) {
      return false;
    }
    switch (name) {
      case "enabled" -> mode = Mode.ON;
      case "disabled" -> mode = Mode.OFF;
      case "adaptive", "auto" -> mode = Mode.ADAPTIVE;
      default -> {
        return false;
      }
    }
    JsonValue tokens = value.get("budget_tokens");
    if (tokens != null) {
      budget(tokens);
    }
    return true;
  }

  private void budget(JsonValue value) {
    Long tokens = value.integer();
    if (tokens != null && tokens >= 0) {
      budget = tokens;
    }
  }

  private void take(Effort word) {
    effort = word;
    if (word == Effort.NONE) {
      mode = Mode.OFF;
    }
  }

  /** What was said, or null when nothing was. */
  @Nullable Reasoning result() {
    if (mode == null && effort == null && budget == null && shown == null) {
      return null;
    }
    return new Reasoning(mode == null ? Mode.ON : mode, effort, budget, shown);
  }

  static @Nullable Effort word(@Nullable String text) {
    return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
      case "none" -> Effort.NONE;
      case "minimal" -> Effort.MINIMAL;
      case "low" -> Effort.LOW;
      case "medium" -> Effort.MEDIUM;
      case "high" -> Effort.HIGH;
      case "xhigh" -> Effort.XHIGH;
      case "max" -> Effort.MAX;
      default -> null;
    };
  }

  static String word(Effort effort) {
    return switch (effort) {
      case NONE -> "none";
      case MINIMAL -> "minimal";
      case LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH -> "high";
      case XHIGH -> "xhigh";
      case MAX -> "max";
    };
  }
}
