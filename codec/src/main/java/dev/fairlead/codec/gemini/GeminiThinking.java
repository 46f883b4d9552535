package dev.fairlead.codec.gemini;

import dev.fairlead.core.prompt.Reasoning;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much to think, in Gemini's terms (Gemini API, "Thinking"; the steps between words and tokens
 * are those of its page on OpenAI compatibility).
 */
final class GeminiThinking {
  private static final long AS_THE_MODEL_LIKES = -1;
  private static final long LOW = 1024;
  private static final long MEDIUM = 8192;

  private GeminiThinking() {}

  /** Tokens for a model of the 2.5 series. */
  static long budget(Reasoning reasoning, GeminiModel model, Set<String> dropped) {
    Long asked = reasoning.budgetTokens();
    Reasoning.Effort effort = reasoning.effort();
    boolean off = reasoning.mode() == Reasoning.Mode.OFF || effort == Reasoning.Effort.NONE;
    if (off) {
      if (model.pro()) {
        // It cannot but think.
        dropped.add("reasoning");
        return model.leastBudget();
      }
      return 0;
    }
    if (asked != null) {
      long fits = Math.clamp(asked, model.leastBudget(), model.mostBudget());
      if (fits != asked) {
        dropped.add("reasoning.budget_tokens");
      }
      return fits;
    }
    if (effort == null) {
      return AS_THE_MODEL_LIKES;
    }
    return switch (effort) {
      case NONE, MINIMAL, LOW -> LOW;
      case MEDIUM -> MEDIUM;
      case HIGH, XHIGH, MAX ->
          reasoning.mode() == Reasoning.Mode.ADAPTIVE ? AS_THE_MODEL_LIKES : model.mostBudget();
    };
  }

  /** The word for a model of the 3 series, or null for its default. */
  static @Nullable String level(Reasoning reasoning, GeminiModel model, Set<String> dropped) {
    if (reasoning.mode() == Reasoning.Mode.OFF || reasoning.effort() == Reasoning.Effort.NONE) {
      dropped.add("reasoning");
      return model.pro() ? "low" : "minimal";
    }
    Reasoning.Effort effort = reasoning.effort();
    Long budget = reasoning.budgetTokens();
    if (effort == null && budget != null) {
      return budget <= 2 * LOW ? "low" : budget <= 2 * MEDIUM && !model.pro() ? "medium" : "high";
    }
    if (effort == null) {
      return null;
    }
    return switch (effort) {
      case NONE, MINIMAL -> model.pro() ? "low" : "minimal";
      case LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH, XHIGH, MAX -> "high";
    };
  }
}
