package dev.fairlead.bench.load;

import dev.fairlead.bench.process.NettyTransport;
import dev.fairlead.bench.process.ProcessFigures;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run of the load generator; everything but {@link #start()} happens on its event loop. */
abstract sealed class LoadRun permits ClosedLoop, OpenLoop, HeldStreams {

  private static final int MAX_FAILED_DIALS = 1_000;

  private final LoadSpec spec;
  private final EventLoop loop;
  private final Tally tally = new Tally();
  private final CompletableFuture<LoadResult> result = new CompletableFuture<>();
  private final Set<LoadConnection> connections = new HashSet<>();
  private final Bootstrap bootstrap;
  private final ByteBuf request;
  private int dialing;
  private int failedDials;
  private boolean over;
  private ProcessFigures before = ProcessFigures.NONE;

  LoadRun(LoadSpec spec, EventLoop loop, NettyTransport transport) {
    this.spec = spec;
    this.loop = loop;
    this.request = request(spec);
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            // A reset leaves no port waiting, so that run can follow run.
            .option(ChannelOption.SO_LINGER, 0)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
            .remoteAddress(spec.host(), spec.port())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    HttpDecoderConfig config =
                        new HttpDecoderConfig().setMaxChunkSize(1 << 16).setValidateHeaders(false);
                    channel
                        .pipeline()
                        .addLast(new HttpResponseDecoder(config), new LoadConnection(LoadRun.this));
                  }
                });
  }

  static LoadRun of(LoadSpec spec, EventLoop loop, NettyTransport transport) {
    return switch (spec.mode()) {
      case CLOSED -> new ClosedLoop(spec, loop, transport);
      case OPEN -> new OpenLoop(spec, loop, transport);
      case HELD -> new HeldStreams(spec, loop, transport);
    };
  }

  /** Starts the run; the future fails if the server cannot be reached at all. */
  final CompletableFuture<LoadResult> start() {
    withFigures(figures -> {
      before = figures;
      begin();
    });
    return result;
  }

  /** Opens the first connections and plans the measured time. */
  abstract void begin();

  /** A connection is there and may send. */
  abstract void connected(LoadConnection connection);

  /** A connection got its reply and may send again. */
  abstract void idle(LoadConnection connection);

  /**
   * A connection is gone, or one could not be made.
   *
   * @param replyBegun whether it was within a reply
   */
  abstract void gone(boolean wasBusy, boolean replyBegun);

  /** The first byte of a reply's body is there. */
  void firstByte(LoadConnection connection) {}

  final void lost(LoadConnection connection, boolean wasBusy, boolean replyBegun) {
    connections.remove(connection);
    if (!over) {
      gone(wasBusy, replyBegun);
    }
  }

  final LoadSpec spec() {
    return spec;
  }

  final Tally tally() {
    return tally;
  }

  final ByteBuf request() {
    return request;
  }

  final boolean isOver() {
    return over;
  }

  /** Connections that exist or are being made. */
  final int connectionCount() {
    return connections.size() + dialing;
  }

  final void dial() {
    dialing++;
    bootstrap
        .connect()
        .addListener((ChannelFuture dialed) -> {
          dialing--;
          LoadConnection connection = dialed.channel().pipeline().get(LoadConnection.class);
          if (dialed.isSuccess() && connection != null) {
            connections.add(connection);
            if (over) {
              connection.close();
            }
            return;
          }
          tally.failed("cannot connect: " + dialed.cause());
          if (++failedDials > MAX_FAILED_DIALS) {
            fail(new IOException("cannot connect", dialed.cause()));
          } else if (!over) {
            gone(false, false);
          }
        });
  }

  final void after(long nanos, Runnable step) {
    loop.schedule(guarded(step), nanos, TimeUnit.NANOSECONDS);
  }

  /** Measures from now for the time the spec says, then goes on with {@code then}. */
  final void measure(Runnable then) {
    withFigures(atStart -> {
      tally.startMeasuring(atStart);
      after(
          TimeUnit.MILLISECONDS.toNanos(spec.measureMillis()),
          () ->
              withFigures(atEnd -> {
                tally.stopMeasuring(atEnd);
                then.run();
              }));
    });
  }

  final void finish(int held) {
    if (over) {
      return;
    }
    over = true;
    Set.copyOf(connections).forEach(LoadConnection::close);
    result.complete(tally.result(before.rssKilobytes(), held));
    request.release();
  }

  private void fail(Throwable cause) {
    over = true;
    Set.copyOf(connections).forEach(LoadConnection::close);
    result.completeExceptionally(cause);
  }

  /** Reads the watched process beside the loop: that takes milliseconds. */
  private void withFigures(Consumer<ProcessFigures> step) {
    CompletableFuture.supplyAsync(this::figures)
        .whenComplete((figures, failure) ->
            loop.execute(() -> {
              if (failure == null) {
                guarded(() -> step.accept(figures)).run();
              } else {
                fail(failure);
              }
            }));
  }

  private ProcessFigures figures() {
    try {
      return spec.pid() == 0 ? ProcessFigures.NONE : ProcessFigures.ofTree(spec.pid());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Runnable guarded(Runnable step) {
    return () -> {
      try {
        step.run();
      } catch (RuntimeException e) {
        fail(e);
      }
    };
  }

  private static ByteBuf request(LoadSpec spec) {
    byte[] body = RequestBodies.chat(spec.bodyBytes(), spec.model(), spec.stream());
    String head =
        """
        POST %s HTTP/1.1
        Host: %s:%d
        Authorization: Bearer %s
        Content-Type: application/json
        Accept: application/json
        User-Agent: OpenAI/Python 2.8.1
        X-Stainless-Lang: python
        X-Stainless-Package-Version: 2.8.1
        X-Stainless-OS: Linux
        X-Stainless-Runtime: CPython
        X-Stainless-Retry-Count: 0
        Content-Length: %d

        """
            .formatted(spec.path(), spec.host(), spec.port(), spec.key(), body.length)
            .replace("\n", "\r\n");
    return Unpooled.directBuffer()
        .writeBytes(head.getBytes(StandardCharsets.ISO_8859_1))
        .writeBytes(body);
  }
}
