package dev.fairlead.core.model;

/**
 * Tokens of one reply in one normal form, whatever the provider's own: input is split so that no
 * token is counted twice, {@code reasoning} is the part of {@code output} that was thinking.
 *
 * @param inputUncached input tokens neither read from nor written to a prompt cache
 * @param cacheRead input tokens read from a prompt cache
 * @param cacheWrite5m input tokens written to a cache kept five minutes
 * @param cacheWrite1h input tokens written to a cache kept one hour
 * @param output output tokens, reasoning included
 * @param reasoning the share of {@code output} spent on reasoning, 0 when not told
 * @param estimated whether any figure is our estimate rather than the provider's word
 */
public record Usage(
    long inputUncached,
    long cacheRead,
    long cacheWrite5m,
    long cacheWrite1h,
    long output,
    long reasoning,
    boolean estimated) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0, false);

  public Usage {
    if (inputUncached < 0
        || cacheRead < 0
        || cacheWrite5m < 0
        || cacheWrite1h < 0
        || output < 0
        || reasoning < 0) {
      throw new IllegalArgumentException("token counts are never negative");
    }
  }

  /** An estimate in whole tokens, for a reply that ended before the provider reported. */
  public static Usage estimate(long input, long output) {
    return new Usage(input, 0, 0, 0, output, 0, true);
  }

  /** All input tokens, however billed. */
  public long input() {
    return inputUncached + cacheRead + cacheWrite5m + cacheWrite1h;
  }

  /** The sum over two replies; an estimate in either makes the sum one. */
  public Usage plus(Usage other) {
    return new Usage(
        inputUncached + other.inputUncached,
        cacheRead + other.cacheRead,
        cacheWrite5m + other.cacheWrite5m,
        cacheWrite1h + other.cacheWrite1h,
        output + other.output,
        reasoning + other.reasoning,
        estimated || other.estimated);
  }
}
