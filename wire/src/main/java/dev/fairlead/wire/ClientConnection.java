package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
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

  private final Loop loop;
  private final RequestGate gate;
  private final Channel channel;
  private final @Nullable InetAddress peer;
  private @Nullable String peerText;

  /** The request that is read or answered. */
  private @Nullable ClientRequest current;

  /** What was read of requests that have to wait. */
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(0);

  private final Outgoing outgoing = new Outgoing();
  private boolean closesWhenSent;
  private boolean everUsed;
  private boolean late;
  private boolean parting;
  private long idleSince;

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

  Loop loop() {
    return loop;
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

  /** Whether it has been of no use for longer than {@code limits} allow. */
  boolean isExpired(long now, TimeLimits limits) {
    ClientRequest request = current;
    return (request == null || request.response().ended())
        && now - idleSince > (everUsed ? limits.rest() : limits.head()).toNanos();
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
    outgoing.drop();
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
  void answered(ClientRequest request) {
    idleSince = loop.nanos();
    switch (request.response().then()) {
      case KEEP -> {}
      case PART -> loop.closeSoon(this);
      case CLOSE -> {
        parting = true;
        closesWhenSent = true;
      }
    }
    request.discardBody();
    settle();
  }

  /** Goes on, once an answer has left, to what comes behind it. */
  void settle() {
    ClientRequest request = current;
    if (request == null || !request.response().ended() || !outgoing.isEmpty()) {
      return;
    }
    if (closesWhenSent) {
      current = null;
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else if (request.bodyEnded()) {
      current = null;
      if (!waiting.isEmpty()) {
        // Not from within a write: whoever writes does not expect a request to come of it.
        loop.soon(this::next);
      }
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

  // ---- answers

  /** Whether the client takes less than it is sent. */
  boolean full() {
    return !outgoing.isEmpty() || !channel.isWritable();
  }

  /** As {@link Outgoing#send}. */
  void send(Http1Head prefix, List<Bytes> parts, Bytes suffix, @Nullable Runnable sent) {
    outgoing.send(channel, prefix, parts, suffix, sent);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    ContextInternal before = loop.enter();
    try {
      idleSince = loop.nanos();
      if (!outgoing.isEmpty()) {
        outgoing.sendMore(channel);
        settle();
      }
      if (current != null && !full()) {
        current.response().ready();
      }
    } finally {
      loop.leave(before);
    }
  }
}
