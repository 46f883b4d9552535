package dev.fairlead.app.logs;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of prompts and replies that wait to be written. */
final class CaptureBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  CaptureBudget(long limit) {
    this.limit = limit;
  }

  /** Takes {@code bytes}; false when they do not fit. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) > limit) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
