package dev.fairlead.bench.load;

import dev.fairlead.bench.process.NettyTransport;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** A fixed number of connections, each busy all the time: how much the server can do. */
final class ClosedLoop extends LoadRun {

  ClosedLoop(LoadSpec spec, EventLoop loop, NettyTransport transport) {
    super(spec, loop, transport);
  }

  @Override
  void begin() {
    for (int i = 0; i < spec().connections(); i++) {
      dial();
    }
    after(
        TimeUnit.MILLISECONDS.toNanos(spec().warmupMillis()),
        () -> measure(() -> finish(connectionCount())));
  }

  @Override
  void connected(LoadConnection connection) {
    idle(connection);
  }

  @Override
  void idle(LoadConnection connection) {
    if (!isOver()) {
      connection.send(request(), System.nanoTime());
    }
  }

  @Override
  void gone(boolean wasBusy, boolean replyBegun) {
    dial();
  }
}
