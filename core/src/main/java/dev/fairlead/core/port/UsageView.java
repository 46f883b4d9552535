package dev.fairlead.core.port;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.identity.Principal;

/** How full budgets and limits are, for rules that route by it. Safe on event loops. */
@FunctionalInterface
public interface UsageView {
  /** Nothing is counted, so nothing is ever used up. */
  UsageView NONE = (_, _, _) -> 0;

  /** What is counted. */
  enum What {
    MONEY,
    TOKENS,
    REQUESTS
  }

  /**
   * Whose request it is and where it would go.
   *
   * @param client program that sent it
   */
  record Going(
      Principal principal, Snapshot snapshot, String client, String provider, String model) {}

  /**
   * Percent used, reservations included, of the fullest counter of {@code what} that would count
   * the request; 0 where there is none. May be above 100. Observed ones count, too.
   */
  double percentUsed(What what, Going going, long atMillis);
}
