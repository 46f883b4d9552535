package dev.fairlead.core.pricing;

import dev.fairlead.core.model.Usage;
import java.util.List;

/**
 * The price of one model at one time.
 *
 * @param base rates up to the first tier
 * @param tiers rates for long prompts, by rising threshold
 * @param perRequest pico-USD per request, whatever its tokens
 */
public record Price(Rates base, List<Tier> tiers, long perRequest) {
  private static final long PICO_PER_NANO = 1000;

  public Price {
    tiers = List.copyOf(tiers);
    if (perRequest < 0) {
      throw new IllegalArgumentException("prices are never negative");
    }
    for (int i = 1; i < tiers.size(); i++) {
      if (tiers.get(i).above() <= tiers.get(i - 1).above()) {
        throw new IllegalArgumentException("tiers stand in rising order");
      }
    }
  }

  /**
   * Rates that hold for every token of a request with more than {@code above} input tokens, cached
   * ones included.
   */
  public record Tier(long above, Rates rates) {}

  /** The rates for a request with {@code inputTokens} input tokens in all. */
  public Rates ratesFor(long inputTokens) {
    Rates rates = base;
    for (Tier tier : tiers) {
      if (inputTokens > tier.above()) {
        rates = tier.rates();
      }
    }
    return rates;
  }

  /**
   * What {@code usage} costs in nano-USD, rounded up once. A provider that reports absurd counts
   * gets the largest number there is, never a small or negative one.
   */
  public long nanoUsd(Usage usage) {
    Rates rates = ratesFor(total(usage));
    long pico = perRequest;
    pico = sum(pico, product(usage.inputUncached(), rates.input()));
    pico = sum(pico, product(usage.cacheRead(), rates.cacheRead()));
    pico = sum(pico, product(usage.cacheWrite5m(), rates.cacheWrite5m()));
    pico = sum(pico, product(usage.cacheWrite1h(), rates.cacheWrite1h()));
    pico = sum(pico, product(usage.output(), rates.output()));
    return pico == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : pico / PICO_PER_NANO + (pico % PICO_PER_NANO == 0 ? 0 : 1);
  }

  private static long total(Usage usage) {
    return sum(
        sum(usage.inputUncached(), usage.cacheRead()),
        sum(usage.cacheWrite5m(), usage.cacheWrite1h()));
  }

  private static long product(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
