package dev.fairlead.bench.load;

import dev.fairlead.bench.process.NettyTransport;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Requests at Poisson times from a fixed seed, whatever the server does. A request that finds no
 * connection waits, and its waiting counts: times run from when it was due.
 */
final class OpenLoop extends LoadRun {

  private static final long SEED = 12_345;
  private static final int MAX_WAITING = 200_000;

  /** How long replies may come after the last request that counts. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private long nextDue;
  private boolean sending = true;
  private int inFlight;

  OpenLoop(LoadSpec spec, EventLoop loop, NettyTransport transport) {
    super(spec, loop, transport);
  }

  @Override
  void begin() {
    nextDue = System.nanoTime();
    sendDue();
    after(TimeUnit.MILLISECONDS.toNanos(spec().warmupMillis()), () -> measure(this::awaitTheLast));
  }

  private void sendDue() {
    if (!sending) {
      return;
    }
    long now = System.nanoTime();
    while (nextDue <= now) {
      request(nextDue);
      nextDue += (long) (-Math.log(1 - random.nextDouble()) / spec().ratePerSecond() * 1e9);
    }
    after(nextDue - now, this::sendDue);
  }

  private void request(long due) {
    // The one used last is the one most likely still open.
    LoadConnection connection = idle.pollLast();
    if (connection != null) {
      send(connection, due);
    } else if (waiting.size() >= MAX_WAITING) {
      tally().failed("more than " + MAX_WAITING + " requests wait for a connection");
    } else {
      waiting.add(due);
      if (connectionCount() < spec().connections()) {
        dial();
      }
    }
  }

  private void send(LoadConnection connection, long due) {
    inFlight++;
    connection.send(request(), due);
  }

  @Override
  void connected(LoadConnection connection) {
    next(connection);
  }

  @Override
  void idle(LoadConnection connection) {
    inFlight--;
    next(connection);
  }

  private void next(LoadConnection connection) {
    Long due = waiting.poll();
    if (due != null) {
      send(connection, due);
    } else {
      idle.addLast(connection);
    }
  }

  @Override
  void gone(boolean wasBusy, boolean replyBegun) {
    if (wasBusy) {
      inFlight--;
    }
    idle.removeIf(LoadConnection::isClosed);
    if (!waiting.isEmpty() && connectionCount() < spec().connections()) {
      dial();
    }
  }

  private void awaitTheLast() {
    sending = false;
    awaitUntil(System.nanoTime() + GRACE_NANOS);
  }

  private void awaitUntil(long deadline) {
    if ((inFlight == 0 && waiting.isEmpty()) || System.nanoTime() > deadline) {
      finish(connectionCount());
    } else {
      after(TimeUnit.MILLISECONDS.toNanos(10), () -> awaitUntil(deadline));
    }
  }
}
