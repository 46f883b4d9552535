package dev.fairlead.core.routing;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds retries at a provider to a share of its requests, because clients retry too and a provider
 * in trouble must not get several times its load. Each request earns a fifth of a retry; a reserve
 * lets quiet gateways retry at all.
 */
public final class RetryBudget {
  private static final int EARNED_PERCENT = 20;
  private static final int RESERVE = 10 * 100;
  private static final int CEILING = 100 * 100;

  private final ConcurrentHashMap<String, AtomicInteger> hundredths = new ConcurrentHashMap<>();

  /** A request went to {@code provider} for the first time. */
  public void earned(String provider) {
    AtomicInteger balance = balance(provider);
    // A lost update under contention costs a fifth of a retry, which is cheaper than a loop here.
    int now = balance.get();
    if (now < CEILING) {
      balance.compareAndSet(now, now + EARNED_PERCENT);
    }
  }

  /** Whether {@link #take} would succeed now. */
  public boolean has(String provider) {
    return balance(provider).get() >= 100;
  }

  /** Takes one retry at {@code provider}; false when the budget is spent. */
  public boolean take(String provider) {
    AtomicInteger balance = balance(provider);
    while (true) {
      int now = balance.get();
      if (now < 100) {
        return false;
      }
      if (balance.compareAndSet(now, now - 100)) {
        return true;
      }
    }
  }

  private AtomicInteger balance(String provider) {
    AtomicInteger known = hundredths.get(provider);
    return known != null
        ? known
        : hundredths.computeIfAbsent(provider, name -> new AtomicInteger(RESERVE));
  }
}
