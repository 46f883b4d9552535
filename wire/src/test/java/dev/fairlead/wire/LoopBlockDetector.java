package dev.fairlead.wire;

import io.netty.channel.EventLoop;
import io.vertx.core.impl.VertxThread;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every event loop every few milliseconds and notes one that a single piece of work holds
 * for too long.
 *
 * <p>Neither time that a busy machine takes from a loop nor a queue of short tasks is a fault of
 * the loop's work. So the time is processor time of the loop's thread, and it is added up only
 * while the same piece of work is seen: one dispatch of Vert.x, known by the moment it began, or
 * outside of those one place in our code, known by the stack above it. A loop asleep is one that
 * waits in the same place for anything but the network.
 *
 * <p>Code that is not compiled yet takes many times as long: while the compiler was at work or
 * classes were loaded, and where one piece of work cannot be told from the next, the larger limit
 * counts.
 */
final class LoopBlockDetector implements AutoCloseable {
  private static final Duration MOST = Duration.ofMillis(50);
  private static final Duration MOST_AT_FIRST = Duration.ofMillis(250);

  /** Whoever holds the lock may be the one that gets no processor. */
  private static final Duration MOST_FOR_A_LOCK = Duration.ofSeconds(2);

  private static final Duration EVERY = Duration.ofMillis(4);
  private static final int FEWEST_LOOKS = 5;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
  private final @Nullable CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
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
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      return;
    }
    Thread thread = own[0];
    Work work = new Work("", 0, 0, 0);
    Rest rest = new Rest("");
    while (!closed && !loop.isShuttingDown() && thread.isAlive()) {
      work = busy(thread, work);
      rest = asleep(thread, rest);
      LockSupport.parkNanos(EVERY.toNanos());
    }
  }

  /** A piece of work and what had been used when it was first seen. */
  private static final class Work {
    private final String name;
    private final long cpu;
    private final long compiled;
    private final long loaded;
    private long cpuLast;
    private int looks = 1;
    private boolean noted;

    Work(String name, long cpu, long compiled, long loaded) {
      this.name = name;
      this.cpu = cpu;
      this.cpuLast = cpu;
      this.compiled = compiled;
      this.loaded = loaded;
    }
  }

  private Work busy(Thread thread, Work before) {
    long cpu = threads.getThreadCpuTime(thread.threadId());
    if (cpu - before.cpuLast < TimeUnit.MILLISECONDS.toNanos(1) && before.name.isEmpty()) {
      before.cpuLast = cpu;
      return before;
    }
    String name = workOf(thread);
    // What was used is read between two looks that see the same, so that all of it is this work's.
    long used = threads.getThreadCpuTime(thread.threadId());
    if (!name.equals(before.name) || !name.equals(workOf(thread))) {
      return new Work(
          name, threads.getThreadCpuTime(thread.threadId()), compiled(), classesLoaded());
    }
    before.cpuLast = used;
    before.looks++;
    boolean startup =
        compiled() != before.compiled
            || classesLoaded() != before.loaded
            || !name.startsWith("dispatch");
    Duration most = startup ? MOST_AT_FIRST : onThisMachine(MOST);
    if (!name.isEmpty()
        && !before.noted
        && before.looks >= FEWEST_LOOKS
        && used - before.cpu > most.toNanos()) {
      before.noted = true;
      note(
          "busy for " + TimeUnit.NANOSECONDS.toMillis(used - before.cpu) + " ms",
          thread.getStackTrace());
    }
    return before;
  }

  /**
   * Longer where others want the processors too: then caches are cold and the kernel's own work for
   * a call is charged to whoever runs. On a machine of our own it is {@code limit} itself.
   */
  private static Duration onThisMachine(Duration limit) {
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    double crowd = machine.getSystemLoadAverage() / machine.getAvailableProcessors();
    return crowd <= 0.5 ? limit : limit.multipliedBy(Math.min(4, 1 + (long) Math.ceil(crowd)));
  }

  /** What the thread is working on; empty for nothing that would be ours. */
  private static String workOf(Thread thread) {
    long began = thread instanceof VertxThread vertx ? vertx.startTime() : 0;
    if (began != 0) {
      return "dispatch " + began;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    for (int i = stack.length - 1; i >= 0; i--) {
      if (stack[i].getClassName().startsWith("dev.fairlead.")) {
        return Arrays.stream(stack, i, stack.length).map(String::valueOf).toList().toString();
      }
    }
    return "";
  }

  private long compiled() {
    return compiler == null || !compiler.isCompilationTimeMonitoringSupported()
        ? 0
        : compiler.getTotalCompilationTime();
  }

  private long classesLoaded() {
    return classes.getTotalLoadedClassCount();
  }

  /** A place where a thread waits. */
  private static final class Rest {
    private final String where;
    private long nanos;
    private boolean noted;

    Rest(String where) {
      this.where = where;
    }
  }

  private Rest asleep(Thread thread, Rest before) {
    Thread.State state = thread.getState();
    if (state == Thread.State.RUNNABLE || state == Thread.State.TERMINATED) {
      return before.where.isEmpty() ? before : new Rest("");
    }
    String where = Arrays.toString(thread.getStackTrace());
    if (!where.equals(before.where)) {
      return new Rest(where);
    }
    // Looks are counted, not time: a machine that does not let us look does not wake the loop.
    before.nanos += EVERY.toNanos();
    ThreadInfo info = threads.getThreadInfo(thread.threadId());
    boolean lock = info != null && info.getLockOwnerId() != -1;
    if (!before.noted && before.nanos > (lock ? MOST_FOR_A_LOCK : MOST).toNanos()) {
      before.noted = true;
      note(
          "asleep (" + state + (lock ? ", a lock of " + info.getLockOwnerName() : "") + ")",
          thread.getStackTrace());
    }
    return before;
  }

  private synchronized void note(String what, StackTraceElement[] at) {
    found.add(
        "an event loop was "
            + what
            + "\n    "
            + String.join("\n    ", Arrays.stream(at).limit(60).map(Objects::toString).toList()));
  }

  /** What was found so far. */
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
