package dev.fairlead.core.port;

import dev.fairlead.core.governance.Owner;
import java.util.List;

/** How full budgets and limits are, for rules that route by it. Safe on event loops. */
@FunctionalInterface
public interface UsageView {
  /** Nothing is counted, so nothing is ever used up. */
  UsageView NONE = (_, _, _, _) -> 0;

  /** What is counted. */
  enum What {
    MONEY,
    TOKENS,
    REQUESTS
  }

  /**
   * Percent used, reservations included, of the fullest counter of {@code what} that belongs to one
   * of {@code owners} and counts requests for {@code model} at {@code provider}; 0 where there is
   * none. May be above 100.
   */
  double percentUsed(What what, List<Owner> owners, String provider, String model);
}
