package dev.fairlead.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One client connection: sends a request when told, reads the reply, says whether it was right. */
final class LoadConnection extends ChannelInboundHandlerAdapter {

  /** All content events and the usage event carry a fingerprint; a gateway may drop the latter. */
  static final int EXPECTED_EVENTS = 100;

  private static final int OK = 200;

  private final LoadRun run;
  private final EventReader events = new EventReader();
  private byte[] scratch = new byte[8192];
  private @Nullable ChannelHandlerContext context;
  private boolean busy;
  private boolean headSeen;
  private int status;
  private long bodyBytes;
  private long dueNanos;
  private long firstByteNanos;
  private String errorText = "";

  LoadConnection(LoadRun run) {
    this.run = run;
  }

  /** Sends a request that was due at the given time; the time may be past. */
  void send(ByteBuf request, long due) {
    if (context == null) {
      throw new IllegalStateException("not connected");
    }
    busy = true;
    headSeen = false;
    status = 0;
    bodyBytes = 0;
    dueNanos = due;
    firstByteNanos = 0;
    errorText = "";
    events.reset();
    context.writeAndFlush(request.retainedDuplicate(), context.voidPromise());
  }

  /** Whether the connection is gone. */
  boolean isClosed() {
    return context == null;
  }

  /** Closes without a word, as a client that was killed. */
  void close() {
    if (context != null) {
      context.close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    context = active;
    run.connected(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    try {
      long now = System.nanoTime();
      if (message instanceof HttpResponse response) {
        status = response.status().code();
        headSeen = true;
      }
      if (message instanceof HttpContent content) {
        body(content.content(), now);
        if (content.decoderResult().isFailure()) {
          errorText = "broken framing: " + content.decoderResult().cause();
          reading.close();
        } else if (message instanceof LastHttpContent) {
          complete(now);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void body(ByteBuf piece, long now) {
    int length = piece.readableBytes();
    if (length == 0 || !busy) {
      return;
    }
    if (firstByteNanos == 0) {
      firstByteNanos = now;
      run.tally().firstByte(dueNanos, now);
      run.firstByte(this);
    }
    bodyBytes += length;
    if (status != OK) {
      errorText += piece.toString(StandardCharsets.UTF_8);
    } else if (run.spec().stream()) {
      if (length > scratch.length) {
        scratch = new byte[Integer.highestOneBit(length) * 2];
      }
      piece.readBytes(scratch, 0, length);
      events.feed(scratch, length, sent -> run.tally().frame(sent, now));
    }
  }

  private void complete(long now) {
    if (!busy) {
      return;
    }
    busy = false;
    if (status != OK) {
      run.tally().failed("status " + status + ": " + errorText);
    } else if (bodyBytes == 0) {
      run.tally().failed("an empty reply");
    } else if (run.spec().stream() && (events.events() < EXPECTED_EVENTS || !events.isDone())) {
      run.tally()
          .failed("a stream of " + events.events() + " events, end marker " + events.isDone());
    } else {
      run.tally().completed(dueNanos, now);
    }
    run.idle(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    if (busy && !run.isOver()) {
      run.tally()
          .failed(
              errorText.isEmpty()
                  ? "connection lost " + (headSeen ? "within" : "before") + " a reply"
                  : errorText);
    }
    boolean wasBusy = busy;
    busy = false;
    context = null;
    run.lost(this, wasBusy, wasBusy && firstByteNanos != 0);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    errorText = cause.toString();
    failing.close();
  }
}
