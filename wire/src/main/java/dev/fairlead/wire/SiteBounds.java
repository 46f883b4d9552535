package dev.fairlead.wire;

import java.util.concurrent.Semaphore;

/**
 * How much of the process strangers may hold through its sites: calls being answered, and answers
 * that stay open. What does not fit is refused, never waited for.
 */
final class SiteBounds {
  private static final int MOST_CALLS = 128;
  private static final int MOST_STREAMS = 512;

  private final Semaphore calls = new Semaphore(MOST_CALLS);
  private final Semaphore streams = new Semaphore(MOST_STREAMS);

  boolean takeCall() {
    return calls.tryAcquire();
  }

  void giveCall() {
    calls.release();
  }

  boolean takeStream() {
    return streams.tryAcquire();
  }

  void giveStream() {
    streams.release();
  }
}
