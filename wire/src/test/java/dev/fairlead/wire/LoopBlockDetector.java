package dev.fairlead.wire;

import io.netty.channel.EventLoop;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends a probe through every event loop every few milliseconds and notes a loop that let one wait
 * because it was busy or asleep.
 *
 * <p>Time is not wall time, because a busy machine takes the processor away from a loop that does
 * nothing wrong: what counts is the processor time the loop's thread used while the probe waited,
 * and how long it was seen waiting for something other than the network. Windows in which classes
 * were loaded are start-up and not counted.
 */
final class LoopBlockDetector implements AutoCloseable {
  private static final Duration MOST = Duration.ofMillis(50);
  private static final Duration EVERY = Duration.ofMillis(4);
  private static final int CLASSES_OF_STARTUP = 5;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
  private final List<String> found = new ArrayList<>();
  private final List<Thread> watchers = new ArrayList<>();
  private volatile boolean closed;

  LoopBlockDetector(List<EventLoop> loops) {
    for (EventLoop loop : loops) {
      watchers.add(Thread.ofPlatform().daemon().name("loop-watch").start(() -> watch(loop)));
    }
  }

  private void watch(EventLoop loop) {
    Thread[] own = new Thread[1];
    CountDownLatch known = new CountDownLatch(1);
    loop.execute(() -> {
      own[0] = Thread.currentThread();
      known.countDown();
    });
    try {
      known.await();
      while (!closed && !loop.isShuttingDown()) {
        probe(loop, own[0]);
        LockSupport.parkNanos(EVERY.toNanos());
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void probe(EventLoop loop, Thread thread) throws InterruptedException {
    long loaded = classes.getTotalLoadedClassCount();
    long before = threads.getThreadCpuTime(thread.threadId());
    long[] after = {-1};
    CountDownLatch passed = new CountDownLatch(1);
    try {
      loop.execute(() -> {
        after[0] = threads.getCurrentThreadCpuTime();
        passed.countDown();
      });
    } catch (java.util.concurrent.RejectedExecutionException over) {
      return;
    }
    StackTraceElement @Nullable [] busyAt = null;
    long asleep = 0;
    while (!passed.await(5, TimeUnit.MILLISECONDS) && !closed && !loop.isShuttingDown()) {
      Thread.State state = thread.getState();
      asleep = state == Thread.State.RUNNABLE ? 0 : asleep + TimeUnit.MILLISECONDS.toNanos(5);
      if (asleep > MOST.toNanos()) {
        note("asleep (" + state + ")", thread.getStackTrace());
        asleep = Long.MIN_VALUE / 2;
      }
      if (busyAt == null && threads.getThreadCpuTime(thread.threadId()) - before > MOST.toNanos()) {
        busyAt = thread.getStackTrace();
      }
    }
    long used = after[0] - before;
    if (used > MOST.toNanos() && classes.getTotalLoadedClassCount() - loaded < CLASSES_OF_STARTUP) {
      note("busy for " + TimeUnit.NANOSECONDS.toMillis(used) + " ms", busyAt);
    }
  }

  private synchronized void note(String what, StackTraceElement @Nullable [] at) {
    String where =
        at == null
            ? ""
            : "\n    "
                + String.join("\n    ", Arrays.stream(at).limit(40).map(String::valueOf).toList());
    found.add("an event loop was " + what + where);
  }

  /** Stops and tells what was found. */
  synchronized List<String> found() {
    return List.copyOf(found);
  }

  @Override
  public void close() {
    closed = true;
    for (Thread watcher : watchers) {
      try {
        watcher.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
