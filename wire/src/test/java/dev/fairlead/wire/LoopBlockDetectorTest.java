package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Await;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the detector finds what it is there for, and nothing else. */
final class LoopBlockDetectorTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private Vertx vertx;
  private ContextInternal context;
  private EventLoop loop;
  private Future<?> last = CompletableFuture.completedFuture(null);

  @BeforeEach
  void start() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    context = (ContextInternal) vertx.getOrCreateContext();
    loop = context.nettyEventLoop();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void findsADispatchThatComputes() {
    findsWhatIs("busy for", () -> onContext(() -> compute(600)));
  }

  @Test
  void findsATaskOutsideOfADispatchThatComputes() {
    findsWhatIs("busy for", () -> loop.submit(() -> compute(600)));
  }

  @Test
  void findsALoopThatSleeps() {
    findsWhatIs(
        "asleep", () -> onContext(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300))));
  }

  @Test
  void doesNotAddUpAQueueOfShortTasks() throws Exception {
    try (LoopBlockDetector detector = new LoopBlockDetector(List.of(loop))) {
      for (int i = 0; i < 250; i++) {
        last = onContext(() -> compute(2));
      }
      last.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(detector.found()).isEmpty();
    }
  }

  @Test
  void findsNothingWhereThereIsNothing() throws Exception {
    try (LoopBlockDetector detector = new LoopBlockDetector(List.of(loop))) {
      for (int i = 0; i < 50; i++) {
        onContext(() -> {}).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
      }
      assertThat(detector.found()).isEmpty();
    }
  }

  /**
   * Does it until it is found, one after the other so that no queue builds up: the first may have
   * begun before the detector looks, or run while something is compiled.
   */
  private void findsWhatIs(String what, Supplier<Future<?>> work) {
    try (LoopBlockDetector detector = new LoopBlockDetector(List.of(loop))) {
      Await.until(
          () -> {
            if (last.isDone()) {
              last = work.get();
            }
            return !detector.found().isEmpty();
          },
          LIMIT,
          "the detector to find it");
      assertThat(detector.found().getFirst())
          .contains(what)
          .contains(LoopBlockDetectorTest.class.getName());
    }
  }

  /** As every handler of ours runs. */
  private Future<?> onContext(Runnable work) {
    CompletableFuture<?> done = new CompletableFuture<>();
    context.runOnContext(_ -> {
      work.run();
      done.complete(null);
    });
    return done;
  }

  private static void compute(int millis) {
    var threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }
}
