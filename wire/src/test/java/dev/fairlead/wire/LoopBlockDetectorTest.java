package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Await;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the detector finds what it is there for. */
final class LoopBlockDetectorTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private MultiThreadIoEventLoopGroup group;
  private EventLoop loop;
  private Future<?> last = CompletableFuture.completedFuture(null);

  @BeforeEach
  void start() {
    group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    loop = group.next();
  }

  @AfterEach
  void stop() throws InterruptedException {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  @Test
  void findsALoopThatComputes() {
    try (LoopBlockDetector detector = new LoopBlockDetector(List.of(loop))) {
      // More than once, because a window in which something else loads classes is not counted.
      Await.until(
          () -> {
            once(LoopBlockDetectorTest::compute);
            return !detector.found().isEmpty();
          },
          LIMIT,
          "the detector to find it");
      assertThat(detector.found().getFirst()).contains("busy for");
    }
  }

  /** Runs {@code work} on the loop unless the one before is still running, so that no queue builds up. */
  private void once(Runnable work) {
    if (last.isDone()) {
      last = loop.submit(work);
    }
  }

  private static void compute() {
    var threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(120);
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void findsALoopThatSleeps() {
    try (LoopBlockDetector detector = new LoopBlockDetector(List.of(loop))) {
      // More than once, because the detector may not have begun to look.
      Await.until(
          () -> {
            once(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300)));
            return !detector.found().isEmpty();
          },
          LIMIT,
          "the detector to find it");
      assertThat(detector.found().getFirst()).contains("asleep");
    }
  }

  @Test
  void findsNothingWhereThereIsNothing() throws Exception {
    try (LoopBlockDetector detector = new LoopBlockDetector(List.of(loop))) {
      for (int i = 0; i < 50; i++) {
        loop.submit(() -> {}).get(10, TimeUnit.SECONDS);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      assertThat(detector.found()).isEmpty();
    }
  }
}
