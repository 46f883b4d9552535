package dev.fairlead.core.exchange;

import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.RetryBudget;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What exchanges share.
 *
 * @param jitterSource values of about 1 by which backoffs are multiplied
 * @param windows where windows are noted that providers tell of
 */
public record ExchangePolicy(
    Health health,
    RetryBudget retries,
    Pricer pricer,
    DoubleSupplier jitterSource,
    LearnedWindows windows) {
  /** Longest backoff worth keeping a client waiting for. */
  static final Duration LONGEST_BACKOFF = Duration.ofSeconds(20);

  /**
   * Longest wait a provider may ask for that is waited here; clients that are told when to come
   * back know better what to do with the time.
   */
  static final Duration LONGEST_ASKED = Duration.ofSeconds(5);

  /** What is shared where nobody asks for windows. */
  public ExchangePolicy(
      Health health, RetryBudget retries, Pricer pricer, DoubleSupplier jitterSource) {
    this(health, retries, pricer, jitterSource, new LearnedWindows(System::currentTimeMillis));
  }

  double jitter() {
    return jitterSource.getAsDouble();
  }
}
