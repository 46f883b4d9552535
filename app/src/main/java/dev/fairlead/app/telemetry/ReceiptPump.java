package dev.fairlead.app.telemetry;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.port.ExchangeObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes receipts off the event loops: they are put into a bounded queue, and one thread hands them
 * in batches to the sinks. An event loop never wakes that thread, which costs more than all the
 * rest; it looks by itself, ten times a second and more often when much comes. What does not fit is
 * shed and counted.
 */
public final class ReceiptPump implements ExchangeObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReceiptPump.class);
  private static final long LONGEST_LOOK = Duration.ofMillis(100).toNanos();
  private static final long SHORTEST_LOOK = Duration.ofMillis(5).toNanos();

  /**
   * Receipts that are worth a look. With fewer the looks themselves cost; with more they have aged
   * in the queue, where each collection of garbage copies them.
   */
  private static final int WORTH_A_LOOK = 128;

  /** Takes batches of receipts, on the pump's thread. */
  public interface Sink {
    /**
     * Takes {@code batch}, which is not empty. May block; a failure is logged and the batch is not
     * repeated.
     */
    void take(List<Receipt> batch);
  }

  private final int bound;
  private final List<Sink> sinks;
  private final Consumer<Receipt> forget;
  private final ConcurrentLinkedQueue<Receipt> queue = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong shed = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean over;

  /**
   * Starts the pump.
   *
   * @param bound most receipts waiting
   */
  public ReceiptPump(int bound, List<Sink> sinks) {
    this("fairlead-receipts", bound, sinks, _ -> {});
  }

  /**
   * A pump beside the usual one, for sinks that need longer.
   *
   * @param thread its thread's name
   * @param bound most receipts waiting
   * @param forget told, on event loops, of receipts that are shed
   */
  public ReceiptPump(String thread, int bound, List<Sink> sinks, Consumer<Receipt> forget) {
    this.bound = bound;
    this.sinks = List.copyOf(sinks);
    this.forget = forget;
    this.thread = Thread.ofPlatform().name(thread).daemon(true).unstarted(this::run);
  }

  /** Begins to hand out receipts. */
  public ReceiptPump start() {
    thread.start();
    return this;
  }

  @Override
  public void closed(Receipt receipt) {
    if (queued.incrementAndGet() > bound) {
      queued.decrementAndGet();
      shed.incrementAndGet();
      forget.accept(receipt);
    } else {
      queue.add(receipt);
    }
  }

  /**
   * Does {@code work} on the pump's thread once what waits now was handed out. Fails when the pump
   * is closed.
   */
  public <T> CompletableFuture<T> ask(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    CompletableFuture<T> done = new CompletableFuture<>();
    tasks.add(() -> {
      task.run();
      switch (task.state()) {
        case SUCCESS -> done.complete(task.resultNow());
        case FAILED -> done.completeExceptionally(task.exceptionNow());
        case RUNNING, CANCELLED -> done.cancel(false);
      }
    });
    if (over) {
      done.completeExceptionally(new IOException("the gateway is stopping"));
    }
    return done;
  }

  /** Receipts that were not handed out because the queue was full. */
  public long shed() {
    return shed.get();
  }

  /** Receipts handed to all sinks. */
  public long taken() {
    return taken.get();
  }

  /** Receipts waiting. */
  public int waiting() {
    return queued.get();
  }

  private void run() {
    List<Receipt> batch = new ArrayList<>();
    long look = LONGEST_LOOK;
    while (true) {
      boolean last = closing;
      Runnable task = tasks.poll();
      Receipt next;
      while ((next = queue.poll()) != null) {
        batch.add(next);
      }
      look =
          Math.clamp(look * WORTH_A_LOOK / Math.max(1, batch.size()), SHORTEST_LOOK, LONGEST_LOOK);
      if (!batch.isEmpty()) {
        queued.addAndGet(-batch.size());
        hand(batch);
        batch.clear();
      }
      if (task != null) {
        task.run();
      } else if (last && queue.isEmpty()) {
        over = true;
        return;
      } else if (tasks.isEmpty()) {
        LockSupport.parkNanos(this, look);
      }
    }
  }

  private void hand(List<Receipt> batch) {
    for (Sink sink : sinks) {
      try {
        sink.take(batch);
      } catch (RuntimeException failed) {
        LOG.error("{} receipts were lost to a failing sink", batch.size(), failed);
      }
    }
    taken.addAndGet(batch.size());
  }

  /** Hands out what waits and ends. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
