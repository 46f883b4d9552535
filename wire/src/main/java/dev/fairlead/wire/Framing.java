package dev.fairlead.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.VertxConnection;

/**
 * Refuses requests whose end two parties could see in different places. RFC 9112 §6.3 allows a proxy to repair a message
 * with both a Content-Length and a Transfer-Encoding; refusing it leaves nothing to smuggle.
 */
final class Framing {
  private static final String DECODER = "httpDecoder";

  private Framing() {}

  /** Puts the strict decoder in front of a fresh connection. */
  static void guard(HttpConnection connection) {
    if (connection instanceof VertxConnection internal) {
      ChannelHandlerContext context = internal.channelHandlerContext();
      ChannelPipeline pipeline = context.pipeline();
      if (pipeline.get(DECODER) != null) {
        pipeline.replace(DECODER, DECODER, new Strict());
      }
    }
  }

  /** Answers a request that could not be read, and closes its connection. */
  static void refuse(HttpServerRequest request) {
    Throwable cause = request.decoderResult() == null ? null : request.decoderResult().cause();
    int status = 400;
    String message = "The HTTP request cannot be read";
    if (cause != null && cause.getMessage() != null) {
      String reason = cause.getMessage();
      if (cause.getClass().getSimpleName().startsWith("TooLongHttpHeader")) {
        status = 431;
        reason = "its headers are larger than this gateway takes";
      } else if (cause.getClass().getSimpleName().startsWith("TooLongHttpLine")) {
        status = 414;
        reason = "its request line is longer than this gateway takes";
      }
      message += ": " + reason.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?");
    }
    HttpConnection connection = request.connection();
    request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .putHeader("connection", "close")
        .end(
            "{\"error\":{\"message\":\""
                + message
                + ".\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_http\"}}")
        .onComplete(_ -> connection.close());
  }

  /** Vert.x's decoder, but a message with two lengths is no message. */
  private static final class Strict extends VertxHttpRequestDecoder {
    Strict() {
      super(
          new Http1ServerConfig()
              .setMaxHeaderSize(64 * 1024)
              .setMaxInitialLineLength(16 * 1024));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
      throw new IllegalArgumentException("both Content-Length and Transfer-Encoding are given");
    }
  }
}
