package dev.fairlead.app.config;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, now and then, virtual keys that have expired and ask for that. */
public final class KeyExpiry implements AutoCloseable {
  /** How often to look. An expired key is refused at once, whether it is removed or not. */
  public static final Duration PERIOD = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(KeyExpiry.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("fairlead-expiry").factory());

  /** Starts looking, every {@code period}. */
  public KeyExpiry start(ConfigEditor editor, Duration period) {
    thread.scheduleWithFixedDelay(
        () -> remove(editor), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  private static void remove(ConfigEditor editor) {
    try {
      int removed = editor.removeExpired();
      if (removed > 0) {
        LOG.info("removed {} virtual keys that have expired", removed);
      }
    } catch (RuntimeException failed) {
      // Ending here would end it for good; the database may be back at the next look.
      LOG.warn("expired virtual keys could not be removed; trying again: {}", failed.getMessage());
      LOG.debug("expired virtual keys could not be removed", failed);
    }
  }

  /** Stops looking; a look under way is finished first, within a second. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
