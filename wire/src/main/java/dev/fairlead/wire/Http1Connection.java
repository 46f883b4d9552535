package dev.fairlead.wire;

import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** One connection to a provider and the transfer it carries. Confined to its event loop. */
final class Http1Connection extends ChannelInboundHandlerAdapter {
  /** What is gathered of a reply within one read before it is handed on. */
  private static final int GATHER_BYTES = 64 * 1024;

  /** Room that is made when a read turns out to hold more than one piece. */
  private static final int MANY_PIECES = 4 * 1024;

  private final Http1Pool pool;
  private final long retireAt;
  private @Nullable Channel channel;
  private @Nullable Http1Transfer opener;
  private @Nullable Http1Transfer transfer;
  private boolean closing;
  private long idleUntil = Long.MAX_VALUE;
  private long keepAliveNanos;

  private boolean interim;
  private boolean keepAlive;
  private byte[] gathered = new byte[0];
  private int gatheredBytes;

  private final Outgoing outgoing = new Outgoing();

  Http1Connection(Http1Pool pool, long now) {
    this.pool = pool;
    this.retireAt = now + TimeUnit.SECONDS.toNanos(ConnectionSettings.LIFETIME_SECONDS);
    this.keepAliveNanos = TimeUnit.SECONDS.toNanos(pool.client().settings().keepAliveSeconds());
  }

  // ---- opening and closing

  /** Connects; {@code first} is carried then, or learns why not. */
  void open(Http1Transfer first) {
    opener = first;
    UpstreamClient.Place place = first.place();
    pool.client()
        .bootstrap()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel fresh) {
                prepare(fresh, place);
              }
            })
        .connect(Objects.requireNonNull(place.address(), "direct calls know where to"))
        .addListener(connected -> {
          if (!connected.isSuccess()) {
            failed(connected.cause());
          } else if (pool.client().tls() == null) {
            ready();
          }
        });
  }

  private void prepare(Channel fresh, UpstreamClient.Place place) {
    channel = fresh;
    fresh.closeFuture().addListener(_ -> pool.closed());
    ChannelPipeline pipeline = fresh.pipeline();
    SslContext tls = pool.client().tls();
    if (tls != null) {
      SslHandler handler = tls.newHandler(fresh.alloc(), place.host(), place.port());
      handler.setHandshakeTimeoutMillis(pool.client().settings().connectMillis());
      pipeline.addLast(handler);
    }
    pipeline.addLast(
        new HttpResponseDecoder(
            new HttpDecoderConfig()
                .setHeadersFactory(DecodedFields.FACTORY)
                .setMaxHeaderSize(ConnectionSettings.MOST_HEADER_BYTES)
                .setMaxChunkSize(GATHER_BYTES)));
    pipeline.addLast(this);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        ready();
      } else {
        failed(tlsFailure(handshake.cause()));
      }
    }
  }

  private static SSLException tlsFailure(Throwable cause) {
    if (cause instanceof SSLException known) {
      return known;
    }
    SSLException failure =
        new SSLHandshakeException("the TLS handshake broke off: " + cause.getMessage());
    failure.initCause(cause);
    return failure;
  }

  private void ready() {
    Http1Transfer first = opener;
    opener = null;
    idleUntil = pool.client().nanos() + keepAliveNanos;
    if (first != null) {
      first.over(this, false);
    }
  }

  private void failed(Throwable cause) {
    Http1Transfer first = opener;
    opener = null;
    close();
    if (channel == null) {
      pool.closed();
    }
    if (first != null) {
      first.unreached(cause);
    }
  }

  /** Closes at once. What it carried is told nothing. */
  void close() {
    closing = true;
    transfer = null;
    outgoing.drop();
    if (channel != null) {
      channel.close();
    }
  }

  /** Whether another request may be put on it at {@code now}. */
  boolean isUsable(long now) {
    return !closing
        && channel != null
        && channel.isActive()
        && now - idleUntil < 0
        && now - retireAt < 0;
  }

  // ---- the request

  /** Sends the request of {@code next} and hands it what comes back. */
  void carry(Http1Transfer next) {
    Channel to = Objects.requireNonNull(channel);
    UpstreamRequest request = next.request();
    Http1Head head = pool.client().heads();
    try {
      head.request(next.method(), next.place().authority(), request);
    } catch (IllegalArgumentException notAHead) {
      pool.release(this);
      next.broken(notAHead, false);
      return;
    }
    transfer = next;
    idleUntil = Long.MAX_VALUE;
    outgoing.send(to, head, request.body(), Bytes.EMPTY, null);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    outgoing.sendMore(context.channel());
  }

  // ---- the reply

  void setReading(boolean reading) {
    if (channel != null) {
      channel.config().setAutoRead(reading);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ContextInternal before = pool.client().context().beginDispatch();
    try {
      if (transfer == null) {
        // Nothing was asked: whatever this is, it is no reply to what will be.
        close();
      } else if (message instanceof HttpObject part) {
        read(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
      pool.client().context().endDispatch(before);
    }
  }

  private void read(HttpObject part) {
    if (part.decoderResult().isFailure()) {
      fail(part.decoderResult().cause(), false);
      return;
    }
    if (part instanceof HttpResponse head) {
      head(head);
    }
    if (part instanceof HttpContent content && !interim) {
      gather(content.content());
    }
    if (part instanceof LastHttpContent) {
      if (interim) {
        interim = false;
      } else {
        end();
      }
    }
  }

  private void head(HttpResponse head) {
    int status = head.status().code();
    if (status == 101) {
      fail(new IllegalArgumentException("the provider changes the protocol unasked"), false);
      return;
    }
    interim = status < 200;
    if (interim) {
      return;
    }
    keepAlive = HttpUtil.isKeepAlive(head);
    String hint = head.headers().get("keep-alive");
    if (hint != null) {
      keepAliveNanos = Math.min(keepAliveNanos, KeepAliveHint.nanos(hint));
    }
    if (transfer != null) {
      transfer.head(status, DecodedFields.of(head.headers()));
    }
  }

  private void gather(ByteBuf content) {
    int more = content.readableBytes();
    if (more == 0) {
      return;
    }
    if (gatheredBytes + more > GATHER_BYTES) {
      handOn();
    }
    if (gathered.length - gatheredBytes < more) {
      gathered =
          gatheredBytes == 0
              ? new byte[more]
              : Arrays.copyOf(
                  gathered,
                  Math.max(MANY_PIECES, Math.max(2 * gatheredBytes, gatheredBytes + more)));
    }
    content.readBytes(gathered, gatheredBytes, more);
    gatheredBytes += more;
  }

  private void handOn() {
    if (gatheredBytes > 0) {
      Bytes piece = Bytes.of(gathered, 0, gatheredBytes);
      gathered = new byte[0];
      gatheredBytes = 0;
      if (transfer != null) {
        transfer.data(piece);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (gatheredBytes > 0) {
      ContextInternal before = pool.client().context().beginDispatch();
      try {
        handOn();
      } finally {
        pool.client().context().endDispatch(before);
      }
    }
  }

  private void end() {
    handOn();
    Http1Transfer finished = transfer;
    if (finished == null) {
      return;
    }
    boolean reusable = keepAlive && outgoing.isEmpty();
    transfer = null;
    if (reusable) {
      setReading(true);
      idleUntil = pool.client().nanos() + keepAliveNanos;
      pool.release(this);
    } else {
      close();
    }
    finished.end();
  }

  private void fail(Throwable cause, boolean closedByPeer) {
    handOn();
    Http1Transfer lost = transfer;
    close();
    if (lost != null) {
      lost.broken(cause, closedByPeer);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (opener != null) {
      failed(new IOException("the provider closed the connection"));
    } else {
      fail(new IOException("the provider closed the connection"), true);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (opener != null) {
      failed(cause);
    } else {
      fail(cause, cause instanceof IOException && !(cause instanceof SSLException));
    }
  }
}
