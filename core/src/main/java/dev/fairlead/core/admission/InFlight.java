package dev.fairlead.core.admission;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Admits everything and counts what is under way, so that tests and shutdown can see that every
 * permit was closed.
 */
public final class InFlight implements Admission {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger closedTwice = new AtomicInteger();

  @Override
  public Decision reserve(Ask ask) {
    open.incrementAndGet();
    return new Decision.Admit(new Counted());
  }

  /** Permits not closed yet. */
  public int open() {
    return open.get();
  }

  /** How often a permit was closed that had been closed before; anything but 0 is our bug. */
  public int closedTwice() {
    return closedTwice.get();
  }

  private final class Counted implements Permit {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public void settle() {
      close();
    }

    @Override
    public void release() {
      close();
    }

    private void close() {
      if (closed.compareAndSet(false, true)) {
        open.decrementAndGet();
      } else {
        closedTwice.incrementAndGet();
      }
    }
  }
}
