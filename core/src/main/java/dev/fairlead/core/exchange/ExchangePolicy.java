package dev.fairlead.core.exchange;

import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.RetryBudget;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What exchanges share.
 *
 * @param jitterSource values of about 1 by which backoffs are multiplied
 */
public record ExchangePolicy(
    Health health, RetryBudget retries, Pricer pricer, DoubleSupplier jitterSource) {
  /** Longest backoff worth keeping a client waiting for. */
  static final Duration LONGEST_BACKOFF = Duration.ofSeconds(20);

  /**
   * Longest wait a provider may ask for that is waited here; clients that are told when to come
   * back know better what to do with the time.
   */
  static final Duration LONGEST_ASKED = Duration.ofSeconds(5);

  double jitter() {
    return jitterSource.getAsDouble();
  }
}
