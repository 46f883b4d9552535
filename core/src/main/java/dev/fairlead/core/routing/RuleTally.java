package dev.fairlead.core.routing;

import dev.fairlead.core.governance.RoutingRule;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** How often a rule that only observes would have acted since the start. Thread-safe. */
public final class RuleTally {
  /** What it would have done. */
  enum Effect {
    DENIED,
    REDIRECTED,
    SEALED
  }

  /**
   * How a rule stands.
   *
   * @param denied requests it would have refused
   * @param redirected requests it would have sent elsewhere
   * @param sealed requests it would have required tags for
   * @param at when it last would have acted, epoch milliseconds, or -1 for never
   */
  public record Observed(RoutingRule rule, long denied, long redirected, long sealed, long at) {}

  private final LongAdder denied = new LongAdder();
  private final LongAdder redirected = new LongAdder();
  private final LongAdder sealed = new LongAdder();
  private final AtomicLong at = new AtomicLong(-1);

  /** Counts one request; {@code now} in epoch milliseconds. */
  void count(Effect effect, long now) {
    switch (effect) {
      case DENIED -> denied.increment();
      case REDIRECTED -> redirected.increment();
      case SEALED -> sealed.increment();
    }
    at.accumulateAndGet(now, Math::max);
  }

  Observed of(RoutingRule rule) {
    return new Observed(rule, denied.sum(), redirected.sum(), sealed.sum(), at.get());
  }
}
