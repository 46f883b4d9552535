package dev.fairlead.wire;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts connections of one kind over all event loops. Safe for any thread. */
public final class OpenConnections {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong opened = new AtomicLong();

  void opened() {
    opened.incrementAndGet();
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  /** Connections there are now. */
  public int now() {
    return open.get();
  }

  /** Connections there ever were. */
  public long ever() {
    return opened.get();
  }
}
