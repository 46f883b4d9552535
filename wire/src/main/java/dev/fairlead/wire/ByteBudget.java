package dev.fairlead.wire;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of request bodies the process holds at once. A body that does not fit is refused, never
 * waited for.
 */
public final class ByteBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code bytes}; false, and counted, when they do not fit. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) > limit) {
      used.addAndGet(-bytes);
      refused.incrementAndGet();
      return false;
    }
    return true;
  }

  void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Bytes held now; 0 when the gateway is at rest. */
  public long used() {
    return used.get();
  }

  /** The bound. */
  public long limit() {
    return limit;
  }

  /** Bodies refused for want of room. */
  public long refused() {
    return refused.get();
  }
}
