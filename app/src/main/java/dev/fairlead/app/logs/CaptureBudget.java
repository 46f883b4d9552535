package dev.fairlead.app.logs;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of prompts and replies that wait to be written or sent. Safe for any thread. */
public final class CaptureBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /** What may wait of the heap that there is, in bytes. */
  public static long ofHeap() {
    return Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 16);
  }

  /** Room for {@code limit} bytes. */
  public CaptureBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code bytes}; false when they do not fit. */
  public boolean take(long bytes) {
    if (used.addAndGet(bytes) > limit) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Gives back what was taken. */
  public void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Bytes taken and not given back. */
  public long used() {
    return used.get();
  }
}
