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

  private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

  /** After this much rest a pause is noticed least. */
  private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

  /** What is worth a pause, in bytes: growth, of which a large heap is given half, and use. */
  private static final long WORTH_A_PAUSE = 64L << 20;

  /** What is worth giving back while nothing happens, in bytes. */
  private static final long WORTH_GIVING_BACK = 8L << 20;

  /** What a process that has nothing to do allocates at most between two ticks, in bytes. */
  private static final long MURMUR = 400L << 10;

  /** What the heap takes when nothing has happened yet. */
  private final long least;

  private long kept;
  private long seen;
  private long quietSince;

  /** Bytes that were filled since the last collection, at least. */
  private long used;

  /**
   * Starts to look.
   *
   * @param committed bytes that the heap takes of the machine
   * @param nanos now
   */
  HeapKeeper(long committed, long nanos) {
    least = committed;
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
        long left = runtime.totalMemory();
        collected(left - runtime.freeMemory(), left);
      }
    }
  }

  /** Whether to collect, {@code filled} bytes being taken of those {@code committed}. */
  boolean isDue(long filled, long committed, long nanos) {
    kept = Math.min(kept, committed);
    if (Math.abs(filled - seen) > MURMUR) {
      quietSince = nanos;
    }
    used += Math.max(0, filled - seen);
    seen = filled;
    boolean quiet = nanos - quietSince > QUIET_NANOS;
    return committed - kept > Math.max(WORTH_A_PAUSE, kept / 2)
        || (quiet && used > WORTH_A_PAUSE && committed - least > WORTH_GIVING_BACK);
  }

  /** The heap was collected: {@code filled} bytes are taken now of those {@code committed}. */
  void collected(long filled, long committed) {
    kept = committed;
    seen = filled;
    used = 0;
  }
}
