package dev.fairlead.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Waits for a condition by looking again and again, so that no test sleeps for a guessed time. */
public final class Await {
  private static final long STEP_NANOS = 1_000_000;

  private Await() {}

  /** Returns as soon as the condition holds; fails with the description after {@code timeout}. */
  public static void until(BooleanSupplier condition, Duration timeout, String description) {
    value(condition::getAsBoolean, held -> held, timeout, description);
  }

  /**
   * Returns the first value that is accepted; fails with the description and the last value after
   * {@code timeout}.
   */
  public static <T> T value(
      Supplier<T> source, Predicate<T> accepted, Duration timeout, String description) {
    long start = System.nanoTime();
    while (true) {
      T value = source.get();
      if (accepted.test(value)) {
        return value;
      }
      if (System.nanoTime() - start >= timeout.toNanos()) {
        throw new AssertionError(failure(timeout, description, value));
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for: " + description);
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private static String failure(Duration timeout, String description, @Nullable Object last) {
    String text = "waited " + timeout.toMillis() + " ms in vain for: " + description;
    return last instanceof Boolean ? text : text + "; last seen: " + last;
  }
}
