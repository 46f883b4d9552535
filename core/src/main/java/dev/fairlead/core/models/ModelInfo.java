package dev.fairlead.core.models;

import dev.fairlead.core.pricing.ModelPrices;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model at a provider. Null always means unknown, never no.
 *
 * @param id the first name its vendor gives it, without the provider
 * @param window tokens of prompt and reply together
 * @param maxOutput most tokens of a reply
 * @param tools whether it calls tools
 * @param vision whether it reads images
 * @param reasoning whether it thinks before it answers
 * @param prices what it costs at this provider
 * @param own whether the figures are this provider's own; else they are those of a model of that
 *     name elsewhere, good to show and not to refuse anything by
 * @param retired when and for what it is given up
 */
public record ModelInfo(
    String id,
    @Nullable Long window,
    @Nullable Long maxOutput,
    @Nullable Boolean tools,
    @Nullable Boolean vision,
    @Nullable Boolean reasoning,
    @Nullable ModelPrices prices,
    boolean own,
    @Nullable Successor retired) {
  /** Tokens a coding agent's instructions and tools take up before the first question. */
  public static final long CLAUDE_CODE_OPENING = 36_000;

  /** Tokens of Cursor's system prompt and tools. */
  public static final long CURSOR_OPENING = 25_000;

  /** A model of which nothing is known but its name. */
  public static ModelInfo unknown(String id) {
    return new ModelInfo(id, null, null, null, null, null, null, false, null);
  }

  /**
   * The same with a window and a limit told by the provider itself, where it told any. Beside its
   * own word what is known from elsewhere does not count.
   */
  public ModelInfo told(@Nullable Long toldWindow, @Nullable Long toldOutput) {
    if (toldWindow == null && toldOutput == null) {
      return this;
    }
    return new ModelInfo(
        id,
        toldWindow != null ? toldWindow : own ? window : null,
        toldOutput != null ? toldOutput : own ? maxOutput : null,
        tools,
        vision,
        reasoning,
        prices,
        true,
        retired);
  }

  /** The same under another name. */
  public ModelInfo named(String name) {
    return new ModelInfo(name, window, maxOutput, tools, vision, reasoning, prices, own, retired);
  }

  /** Whether it makes vectors rather than conversation, by its name. */
  public boolean embeds() {
    return id.toLowerCase(Locale.ROOT).contains("embed");
  }

  /** What of the coding agents fits into the window, as a sentence, or null when it all does. */
  public @Nullable String tightness() {
    if (window == null || embeds()) {
      return null;
    }
    if (window < CLAUDE_CODE_OPENING * 2) {
      return rounded(window)
          + " window, Claude Code opens with about "
          + rounded(CLAUDE_CODE_OPENING)
          + (window < CURSOR_OPENING * 2 ? ", Cursor with " + rounded(CURSOR_OPENING) : "");
    }
    return null;
  }

  /** {@code tokens} as people say them: 40k, 200k, 1M. */
  public static String rounded(long tokens) {
    if (tokens >= 1_000_000) {
      long tenths = tokens / 100_000;
      return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + "M";
    }
    // Sizes are powers of two as often as of ten: 40,960 is 40k to everybody, and so is 40,000.
    long unit = tokens % 1_024 == 0 ? 1_024 : 1_000;
    return tokens < 1_000 ? Long.toString(tokens) : tokens / unit + "k";
  }
}
