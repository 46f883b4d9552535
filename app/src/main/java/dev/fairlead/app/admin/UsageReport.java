package dev.fairlead.app.admin;

import java.util.List;

/** How budgets and limits stand now. */
@FunctionalInterface
public interface UsageReport {
  /** Nothing is counted. */
  UsageReport NONE = List::of;

  /** What is counted. */
  enum Unit {
    NANO_USD,
    TOKENS,
    REQUESTS,
    CONCURRENT
  }

  /**
   * One counter.
   *
   * @param ruleId id of the budget or rate limit
   * @param limit most in the present window, top-up included
   * @param used settled in the present window
   * @param reserved held by requests under way
   * @param windowStart epoch milliseconds, or -1 without windows
   * @param windowEnd epoch milliseconds at which it starts anew, or -1 without windows
   */
  record Use(
      String ruleId,
      Unit unit,
      long limit,
      long used,
      long reserved,
      long windowStart,
      long windowEnd) {}

  /** Every counter of the configuration in force. */
  List<Use> uses();
}
