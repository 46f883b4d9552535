package dev.fairlead.bench.load;

import dev.fairlead.bench.process.NettyTransport;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Many slow streams open at once: what each costs while almost nothing happens. */
final class HeldStreams extends LoadRun {

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long after the last dial all streams must have begun. */
  private static final long OPENING_NANOS = TimeUnit.SECONDS.toNanos(30);

  private long startNanos;
  private int dialed;
  private int begun;

  HeldStreams(LoadSpec spec, EventLoop loop, NettyTransport transport) {
    super(spec, loop, transport);
  }

  @Override
  void begin() {
    startNanos = System.nanoTime();
    open();
  }

  private void open() {
    double elapsed = (System.nanoTime() - startNanos) / 1e9;
    int wanted = (int) Math.min(spec().connections(), elapsed * spec().ratePerSecond());
    for (; dialed < wanted; dialed++) {
      dial();
    }
    if (dialed < spec().connections()) {
      after(TICK_NANOS, this::open);
    } else {
      awaitAll(System.nanoTime() + OPENING_NANOS);
    }
  }

  private void awaitAll(long deadline) {
    if (begun < spec().connections() && System.nanoTime() < deadline) {
      after(TICK_NANOS, () -> awaitAll(deadline));
      return;
    }
    after(TimeUnit.MILLISECONDS.toNanos(spec().warmupMillis()), () -> measure(() -> finish(begun)));
  }

  @Override
  void connected(LoadConnection connection) {
    connection.send(request(), System.nanoTime());
  }

  @Override
  void firstByte(LoadConnection connection) {
    begun++;
  }

  @Override
  void idle(LoadConnection connection) {
    begun--;
    connection.close();
  }

  @Override
  void gone(boolean wasBusy, boolean replyBegun) {
    if (replyBegun) {
      begun--;
    }
  }
}
