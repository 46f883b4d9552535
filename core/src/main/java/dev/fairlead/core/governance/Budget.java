package dev.fairlead.core.governance;

import dev.fairlead.core.config.Origin;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * So much money in each window. Changing anything but the id keeps what has been used.
 *
 * @param id stable; the counter is kept under it
 * @param name for people, or empty
 * @param limitNanoUsd most per window, in nano-USD
 * @param topUp an addition to the limit, or null
 * @param whenUnavailable what holds while shared counters cannot be reached
 */
public record Budget(
    String id,
    String name,
    Owner owner,
    Applies applies,
    long limitNanoUsd,
    Schedule schedule,
    Strictness strictness,
    Enforcement enforcement,
    @Nullable TopUp topUp,
    WhenUnavailable whenUnavailable,
    Origin origin) {
  public Budget {
    if (limitNanoUsd < 0) {
      throw new IllegalArgumentException("a budget is never negative");
    }
  }

  /**
   * More money for a while.
   *
   * @param nanoUsd what is added to each window
   * @param until end of the last window it is added to, or null for good
   */
  public record TopUp(long nanoUsd, @Nullable Instant until) {}

  /** What to do with requests nobody can count. */
  public enum WhenUnavailable {
    /** Serve them, on this node's own count. */
    OPEN,
    /** Refuse them. */
    CLOSED
  }
}
