package dev.fairlead.wire;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/**
 * Lets a pipelined request wait until the one before it has been answered. Nothing more is read
 * meanwhile, and what had been read is given back when the connection ends; Vert.x would keep it.
 */
final class OneAtATime extends ChannelDuplexHandler {
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(0);
  private final Predicate<Throwable> brokenBody;
  private boolean requestOpen;
  private boolean responseOpen;
  private boolean readWanted;

  /**
   * Guards one connection.
   *
   * @param brokenBody told why what came of a body cannot be read; says whether that is answered,
   *     else Vert.x learns of it and closes the connection
   */
  OneAtATime(Predicate<Throwable> brokenBody) {
    this.brokenBody = brokenBody;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!waiting.isEmpty() || (message instanceof HttpRequest && busy())) {
      waiting.addLast(message);
    } else {
      pass(context, message);
    }
  }

  private boolean busy() {
    return requestOpen || responseOpen;
  }

  private void pass(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      requestOpen = true;
      responseOpen = true;
      // Vert.x looks for a field that says nothing else; RFC 9112 §9.6 lets close stand in a list.
      if (Framing.listsClose(request.headers())) {
        request.headers().add(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
    }
    if (message instanceof LastHttpContent) {
      requestOpen = false;
    }
    if (message instanceof HttpContent content
        && !(message instanceof HttpRequest)
        && content.decoderResult().isFailure()
        && brokenBody.test(content.decoderResult().cause())) {
      ReferenceCountUtil.release(message);
      return;
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    boolean interim =
        message instanceof HttpResponse response && response.status().code() / 100 == 1;
    if (message instanceof LastHttpContent && !interim) {
      responseOpen = false;
      if (!waiting.isEmpty()) {
        // Not from within the write: whoever writes does not expect a request to come of it.
        context.executor().execute(() -> next(context));
      }
    }
    context.write(message, promise);
  }

  private void next(ChannelHandlerContext context) {
    boolean any = false;
    while (!waiting.isEmpty() && !(waiting.peekFirst() instanceof HttpRequest && busy())) {
      any = true;
      pass(context, waiting.pollFirst());
    }
    if (any) {
      context.fireChannelReadComplete();
    }
    if (waiting.isEmpty() && readWanted) {
      readWanted = false;
      context.read();
    }
  }

  @Override
  public void read(ChannelHandlerContext context) {
    if (waiting.isEmpty()) {
      context.read();
    } else {
      readWanted = true;
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    giveBack();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    giveBack();
  }

  private void giveBack() {
    for (Object message = waiting.pollFirst(); message != null; message = waiting.pollFirst()) {
      ReferenceCountUtil.release(message);
    }
  }
}
