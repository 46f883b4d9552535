package dev.fairlead.core.ledger;

/**
 * What has been counted in one window. A reservation keeps the tally it was made in, so that a
 * request counts in the window in which it began, however long it takes. Guarded by the monitor of
 * its {@link Counter}.
 */
final class Tally {
  long start;
  long end;

  /** Settled. */
  long used;

  /** Held by requests under way. */
  long reserved;

  /** The part of {@code used} that was open when the process died, and so is an estimate. */
  long estimated;

  /** What this node may use when nodes share the counter, what it has used included. */
  long leased;

  /** What other nodes have used and leased. */
  long elsewhere;

  /** Whether the shared counter has heard of this node in this window. */
  boolean known;

  Tally(Windows.Span span) {
    start = span.start();
    end = span.end();
  }
}
