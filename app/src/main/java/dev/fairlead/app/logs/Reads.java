package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiProblem;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the log's store, two at a time on threads of their own: a database's native code
 * would hold the few threads that carry virtual ones.
 */
final class Reads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reads.class);
  private static final int MOST_WAITING = 64;

  /** A question. */
  @FunctionalInterface
  interface Question<T extends @Nullable Object> {
    T ask() throws SQLException;
  }

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          2,
          2,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().name("fairlead-log-read-", 0).daemon(true).factory());

  Reads() {
    threads.allowCoreThreadTimeOut(true);
  }

  <T extends @Nullable Object> T of(Question<T> question) throws ApiProblem, InterruptedException {
    try {
      Future<T> answer = threads.submit(question::ask);
      return answer.get();
    } catch (RejectedExecutionException full) {
      throw ApiProblem.unavailable("Too many questions to the request log wait. Try again.");
    } catch (ExecutionException failed) {
      LOG.warn("the request log could not be read: {}", String.valueOf(failed.getCause()));
      LOG.debug("the request log could not be read", failed);
      throw ApiProblem.unavailable(
          "The request log cannot be read now. The gateway's own log says why.");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
