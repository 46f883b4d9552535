package dev.fairlead.core.prompt;

import org.jspecify.annotations.Nullable;

/**
 * How much a model should think.
 *
 * @param mode whether at all
 * @param effort in words, or null
 * @param budgetTokens most tokens spent on it, or null
 * @param shown whether the client wants to see thinking or its summary, or null when it did not say
 */
public record Reasoning(
    Mode mode, @Nullable Effort effort, @Nullable Long budgetTokens, @Nullable Boolean shown) {
  /** Whether the model thinks. */
  public enum Mode {
    ON,
    OFF,
    /** As the model sees fit (Anthropic's adaptive thinking). */
    ADAPTIVE
  }

  /** OpenAI's words, and Anthropic's {@code output_config.effort}. */
  public enum Effort {
    NONE,
    MINIMAL,
    LOW,
    MEDIUM,
    HIGH,
    XHIGH,
    MAX
  }
}
