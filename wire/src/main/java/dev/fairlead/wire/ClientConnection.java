package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client. Requests on it are served one at a time: a pipelined one waits until
 * the one before it has been answered, and nothing more is read meanwhile. Confined to its event
 * loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  /** What is handed to the channel at a time; a large body waits until the client reads. */
  private static final int WRITE_BYTES = 256 * 1024;

  /** Room for the size of a chunk, and for the ends of chunk and body. */
  private static final int CHUNK_OVERHEAD = 32;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes CRLF = Bytes.utf8("\r\n");
  private static final Bytes LAST_CHUNK = Bytes.utf8("0\r\n\r\n");

  private final Loop loop;
  private final RequestGate gate;
  private final Channel channel;
  private final @Nullable InetAddress peer;
  private @Nullable String peerText;

  /** The request that is read or answered. */
  private @Nullable ClientRequest current;

  /** What was read of requests that have to wait. */
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(0);

  /** What the channel was not handed yet. */
  private final ArrayDeque<Outgoing> unsent = new ArrayDeque<>(0);

  private int sentOfFirst;
  private boolean sending;
  private boolean closesWhenSent;
  private boolean everUsed;
  private boolean late;
  private boolean parting;
  private long idleSince;

  /**
   * @param sent run once the bytes have left, or cannot any more
   */
  private record Outgoing(Bytes bytes, @Nullable Runnable sent) {}

  ClientConnection(Loop loop, RequestGate gate, Channel channel) {
    this.loop = loop;
    this.gate = gate;
    this.channel = channel;
    this.peer = channel.remoteAddress() instanceof InetSocketAddress ip ? ip.getAddress() : null;
  }

  /** Where the client is, or null when it was gone at once. */
  @Nullable InetAddress peer() {
    return peer;
  }

  /** The same as text; empty when it is not known. */
  String peerText() {
    if (peerText == null) {
      peerText = peer == null ? "" : peer.getHostAddress();
    }
    return peerText;
  }

  /** Where heads are written; what it holds is used before anything else is. */
  Http1Head heads() {
    return loop.heads();
  }

  // ---- its life

  @Override
  public void channelActive(ChannelHandlerContext context) {
    idleSince = loop.nanos();
    late = loop.connections().opened(this);
    context.fireChannelActive();
  }

  /** Whether it was opened while the gateway was stopping. */
  boolean late() {
    return late;
  }

  /** Nothing that comes from now on is a request. */
  void part() {
    parting = true;
  }

  /** Closes it when it has been of no use for longer than {@code limits} allow. */
  void tick(long now, TimeLimits limits) {
    ClientRequest request = current;
    if ((request == null || request.response().ended())
        && now - idleSince > (everUsed ? limits.rest() : limits.head()).toNanos()) {
      close();
    }
  }

  void close() {
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ContextInternal before = loop.enter();
    try {
      loop.connections().closed(this);
      giveBack();
      ClientRequest lost = current;
      current = null;
      if (lost != null) {
        lost.gone();
      }
    } finally {
      loop.leave(before);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    giveBack();
  }

  private void giveBack() {
    for (Object message = waiting.pollFirst(); message != null; message = waiting.pollFirst()) {
      ReferenceCountUtil.release(message);
    }
    for (Outgoing lost = unsent.pollFirst(); lost != null; lost = unsent.pollFirst()) {
      if (lost.sent() != null) {
        lost.sent().run();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("a connection of {} ended by an error of the gateway", peerText(), cause);
    }
    close();
  }

  // ---- requests

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ContextInternal before = loop.enter();
    try {
      if (parting) {
        ReferenceCountUtil.release(message);
      } else if (!waiting.isEmpty() || (message instanceof HttpRequest && current != null)) {
        waiting.addLast(message);
        pause();
      } else {
        take(message);
      }
    } finally {
      loop.leave(before);
    }
  }

  private void take(Object message) {
    try {
      if (message instanceof HttpRequest head) {
        begin(head);
      }
      if (message instanceof HttpContent part && current != null && current.flaw() == null) {
        current.came(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpRequest head) {
    ClientRequest request = new ClientRequest(this, head);
    current = request;
    everUsed = true;
    if (request.flaw() != null) {
      request.endsHere();
    }
    gate.handle(request);
  }

  /** Lets what comes wait. */
  void pause() {
    channel.config().setAutoRead(false);
  }

  void resume() {
    if (waiting.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  /** The answer is complete, though it may not have left. */
  void answered(ClientResponse response) {
    idleSince = loop.nanos();
    if (response.closes()) {
      if (current != null && current.isStillSent() && !response.closesAtOnce()) {
        // Closing on what the client still sends would reset the connection, and with it the
        // answer.
        loop.closeSoon(this);
        return;
      }
      closesWhenSent = true;
      if (unsent.isEmpty()) {
        closeBehind();
      }
    } else if (current != null) {
      current.discardBody();
    }
    settle();
  }

  private void closeBehind() {
    parting = true;
    channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
  }

  /** Goes on to the next request when this one is read and answered. */
  void settle() {
    ClientRequest request = current;
    if (request == null
        || !request.bodyEnded()
        || !request.response().ended()
        || !unsent.isEmpty()) {
      return;
    }
    current = null;
    if (!waiting.isEmpty()) {
      // Not from within a write: whoever writes does not expect a request to come of it.
      soon(this::next);
    }
  }

  private void next() {
    while (!waiting.isEmpty() && !(waiting.peekFirst() instanceof HttpRequest && current != null)) {
      Object message = waiting.removeFirst();
      if (parting) {
        ReferenceCountUtil.release(message);
      } else {
        take(message);
      }
    }
    resume();
  }

  /** Runs {@code action} in a turn of its own. */
  void soon(Runnable action) {
    loop.eventLoop()
        .execute(() -> {
          ContextInternal before = loop.enter();
          try {
            action.run();
          } finally {
            loop.leave(before);
          }
        });
  }

  // ---- answers

  /** Whether the client takes less than it is sent. */
  boolean full() {
    return !unsent.isEmpty() || !channel.isWritable();
  }

  void send(List<Bytes> parts, @Nullable Runnable sent) {
    send(null, parts, false, false, sent);
  }

  /**
   * Sends bytes, at once and in one write as long as the client reads what it is sent.
   *
   * @param head to go before them, or null
   * @param chunked whether {@code parts} become a chunk
   * @param last whether a chunked body ends with them
   * @param sent run once they have left this process, or cannot any more; or null
   */
  void send(
      @Nullable Http1Head head,
      List<Bytes> parts,
      boolean chunked,
      boolean last,
      @Nullable Runnable sent) {
    long size = 0;
    for (int i = 0; i < parts.size(); i++) {
      size += parts.get(i).length();
    }
    int headSize = head == null ? 0 : head.length();
    if (full() || size + headSize > WRITE_BYTES - CHUNK_OVERHEAD) {
      queue(head, parts, size, chunked, last, sent);
      return;
    }
    ByteBuf buffer = channel.alloc().directBuffer(headSize + (int) size + CHUNK_OVERHEAD);
    if (head != null) {
      buffer.writeBytes(head.bytes(), 0, headSize);
    }
    boolean chunk = chunked && size > 0;
    if (chunk) {
      writeChunkSize(buffer, size);
    }
    for (int i = 0; i < parts.size(); i++) {
      Bytes part = parts.get(i);
      buffer.writeBytes(part.array(), part.offset(), part.length());
    }
    if (chunk) {
      buffer.writeShort('\r' << 8 | '\n');
    }
    if (chunked && last) {
      buffer.writeBytes(LAST_CHUNK.array(), LAST_CHUNK.offset(), LAST_CHUNK.length());
    }
    channel.writeAndFlush(buffer, promise(sent));
  }

  private static void writeChunkSize(ByteBuf buffer, long size) {
    int shift = (63 - Long.numberOfLeadingZeros(size)) & ~3;
    for (; shift >= 0; shift -= 4) {
      buffer.writeByte(HEX[(int) (size >> shift) & 15]);
    }
    buffer.writeShort('\r' << 8 | '\n');
  }

  private void queue(
      @Nullable Http1Head head,
      List<Bytes> parts,
      long size,
      boolean chunked,
      boolean last,
      @Nullable Runnable sent) {
    if (head != null) {
      unsent.addLast(new Outgoing(Bytes.of(Arrays.copyOf(head.bytes(), head.length())), null));
    }
    boolean chunk = chunked && size > 0;
    if (chunk) {
      unsent.addLast(new Outgoing(Bytes.utf8(Long.toHexString(size) + "\r\n"), null));
    }
    for (Bytes part : parts) {
      unsent.addLast(new Outgoing(part, null));
    }
    if (chunk) {
      unsent.addLast(new Outgoing(CRLF, null));
    }
    if (chunked && last) {
      unsent.addLast(new Outgoing(LAST_CHUNK, null));
    }
    if (sent != null) {
      unsent.addLast(new Outgoing(Bytes.EMPTY, sent));
    }
    sendMore();
  }

  private ChannelPromise promise(@Nullable Runnable sent) {
    if (sent == null) {
      return channel.voidPromise();
    }
    ChannelPromise promise = channel.newPromise();
    promise.addListener(_ -> sent.run());
    return promise;
  }

  private void sendMore() {
    if (sending) {
      // A write that makes room tells so before it returns; the loop below goes on by itself.
      return;
    }
    sending = true;
    while (!unsent.isEmpty() && channel.isWritable()) {
      long left = -sentOfFirst;
      for (Outgoing each : unsent) {
        left += each.bytes().length();
        if (left >= WRITE_BYTES) {
          break;
        }
      }
      fill(channel.alloc().directBuffer((int) Math.min(left, WRITE_BYTES)));
    }
    sending = false;
    if (unsent.isEmpty()) {
      if (closesWhenSent) {
        closeBehind();
      }
      settle();
    }
  }

  private void fill(ByteBuf buffer) {
    Runnable sent = null;
    while (!unsent.isEmpty() && sent == null) {
      Outgoing next = unsent.getFirst();
      int room = WRITE_BYTES - buffer.readableBytes();
      int part = Math.min(room, next.bytes().length() - sentOfFirst);
      buffer.writeBytes(next.bytes().array(), next.bytes().offset() + sentOfFirst, part);
      sentOfFirst += part;
      if (sentOfFirst < next.bytes().length()) {
        break;
      }
      unsent.removeFirst();
      sentOfFirst = 0;
      sent = next.sent();
    }
    channel.writeAndFlush(buffer, promise(sent));
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    ContextInternal before = loop.enter();
    try {
      idleSince = loop.nanos();
      if (!unsent.isEmpty()) {
        sendMore();
      }
      if (current != null && !full()) {
        current.response().ready();
      }
    } finally {
      loop.leave(before);
    }
  }
}
