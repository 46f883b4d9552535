package dev.fairlead.core.pricing;

/**
 * What tokens cost, each in pico-USD (10⁻¹² USD) per token; one USD per million tokens is
 * 1,000,000.
 *
 * @param input per input token that is neither read from nor written to a prompt cache
 * @param cacheRead per input token read from a prompt cache
 * @param cacheWrite5m per input token written to a cache kept five minutes
 * @param cacheWrite1h per input token written to a cache kept one hour
 * @param output per output token, reasoning included
 */
public record Rates(long input, long cacheRead, long cacheWrite5m, long cacheWrite1h, long output) {
  public Rates {
    if (input < 0 || cacheRead < 0 || cacheWrite5m < 0 || cacheWrite1h < 0 || output < 0) {
      throw new IllegalArgumentException("prices are never negative");
    }
  }
}
