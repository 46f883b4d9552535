package dev.fairlead.core.ledger;

import java.util.Locale;

/** What a counter counts. */
public enum Unit {
  /** Nano-USD. */
  MONEY,
  /** Tokens, input and output together. */
  TOKENS,
  /** Requests that reached a provider. */
  REQUESTS,
  /** Requests under way at once; knows no windows. */
  CONCURRENT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Whether a request's share is only known when it is over. */
  boolean isEstimated() {
    return this == MONEY || this == TOKENS;
  }

  /** Lower-case name for ids, JSON and metrics. */
  public String label() {
    return label;
  }
}
