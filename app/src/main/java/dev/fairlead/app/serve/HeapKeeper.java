package dev.fairlead.app.serve;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Has garbage collected before the heap has grown to its limit. The serial collector, which the
 * launcher takes for small heaps, clears the old generation only when there is no room left, and so
 * would keep memory from the machine's other programs for what nobody needs any more.
 */
public final class HeapKeeper {
  /** The launcher sets it beside the collector that needs this. */
  private static final String WANTED = "fairlead.heap-keeper";

  private static final long TICK_NANOS = Duration.ofMillis(250).toNanos();
  private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

  /** Growth that is worth a pause, in bytes, where half as much again would be less. */
  private static final long WORTH_A_PAUSE = 64L << 20;

  /** What is worth giving back while nothing happens, in bytes. */
  private static final long WORTH_GIVING_BACK = 8L << 20;

  /** What a process that has nothing to do allocates at most between two ticks, in bytes. */
  private static final long MURMUR = 1L << 20;

  private long kept;
  private long seen;
  private long quietSince;

  /**
   * Starts to look.
   *
   * @param committed bytes that the heap takes of the machine
   * @param nanos now
   */
  HeapKeeper(long committed, long nanos) {
    kept = committed;
    quietSince = nanos;
  }

  /** Keeps this process's heap while it lives, where that is wanted. */
  public static void start() {
    if (Boolean.getBoolean(WANTED)) {
      HeapKeeper keeper = new HeapKeeper(Runtime.getRuntime().totalMemory(), System.nanoTime());
      Thread.ofPlatform().name("heap-keeper").daemon(true).start(keeper::run);
    }
  }

  private void run() {
    Runtime runtime = Runtime.getRuntime();
    while (true) {
      LockSupport.parkNanos(this, TICK_NANOS);
      long committed = runtime.totalMemory();
      if (isDue(committed - runtime.freeMemory(), committed, System.nanoTime())) {
        System.gc();
        collected(runtime.totalMemory());
      }
    }
  }

  /** Whether to collect, {@code used} bytes being taken of those {@code committed}. */
  boolean isDue(long used, long committed, long nanos) {
    kept = Math.min(kept, committed);
    if (Math.abs(used - seen) > MURMUR) {
      quietSince = nanos;
    }
    seen = used;
    long grown = committed - kept;
    return grown > Math.max(WORTH_A_PAUSE, kept / 2)
        || (grown > WORTH_GIVING_BACK && nanos - quietSince > QUIET_NANOS);
  }

  /** The heap was collected and takes {@code committed} bytes now. */
  void collected(long committed) {
    kept = committed;
  }
}
