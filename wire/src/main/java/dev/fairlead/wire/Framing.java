package dev.fairlead.wire;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Headers;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.VertxConnection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests whose end two parties could see in different places. RFC 9112 §6.3 allows a
 * proxy to repair a message with both a Content-Length and a Transfer-Encoding; refusing it leaves
 * nothing to smuggle.
 */
final class Framing {
  private static final String DECODER = "httpDecoder";

  private Framing() {}

  /**
   * Puts the strict decoder in front of a fresh connection.
   *
   * @param brokenBody see {@link OneAtATime}
   */
  static void guard(HttpConnection connection, Predicate<Throwable> brokenBody) {
    if (connection instanceof VertxConnection internal) {
      ChannelHandlerContext context = internal.channelHandlerContext();
      ChannelPipeline pipeline = context.pipeline();
      if (pipeline.get(DECODER) != null) {
        pipeline.replace(DECODER, DECODER, new Strict());
        pipeline.addBefore(context.name(), "oneAtATime", new OneAtATime(brokenBody));
      }
    }
  }

  /**
   * What is wrong with a head that the decoder has let through, or null. The decoder takes a
   * message for chunked when the last coding says so; here {@code chunked} is the only coding there
   * is, and it is said once.
   */
  static @Nullable String flaw(Headers headers, HttpVersion version) {
    Fields fields = new Fields();
    headers.forEach(fields::count);
    if (fields.codings > 1 || !fields.chunkedOnly) {
      return "Transfer-Encoding has to be chunked and nothing else";
    }
    if (fields.lengths > 1) {
      return "more than one Content-Length is given";
    }
    if (fields.hosts > 1 || (fields.hosts == 0 && version != HttpVersion.HTTP_1_0)) {
      return "there has to be one Host header";
    }
    return fields.nameless ? "a header has no name" : null;
  }

  /** Whether {@code close} is one of several options of the connection. */
  static boolean listsClose(HttpHeaders headers) {
    if (headers.get(HttpHeaderNames.CONNECTION) == null) {
      return false;
    }
    for (String options : headers.getAll(HttpHeaderNames.CONNECTION)) {
      if (options.indexOf(',') >= 0) {
        for (String option : options.split(",", -1)) {
          if (option.strip().equalsIgnoreCase("close")) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** How often the fields stand in a head that say where a request ends and whom it is for. */
  private static final class Fields {
    private int codings;
    private int lengths;
    private int hosts;
    private boolean chunkedOnly = true;
    private boolean nameless;

    void count(String name, String value) {
      switch (name.length()) {
        case 0 -> nameless = true;
        case 4 -> hosts += name.equalsIgnoreCase("host") ? 1 : 0;
        case 14 -> lengths += name.equalsIgnoreCase("content-length") ? 1 : 0;
        case 17 -> {
          if (name.equalsIgnoreCase("transfer-encoding")) {
            codings++;
            chunkedOnly &= value.strip().equalsIgnoreCase("chunked");
          }
        }
        default -> {}
      }
    }
  }

  /**
   * What to tell the sender of a request that could not be read, or whose head has {@code flaw}.
   */
  static Failure fault(HttpServerRequest request, @Nullable String flaw) {
    return fault(request.decoderResult() == null ? null : request.decoderResult().cause(), flaw);
  }

  /** What to tell the sender of a request that cannot be read because of {@code cause}. */
  static Failure fault(@Nullable Throwable cause, @Nullable String flaw) {
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
    if (flaw != null) {
      message += ": " + flaw;
    }
    return new Failure.ClientFault(status, "invalid_http", message + ".", null);
  }

  /** Vert.x's decoder, but a message with two lengths is no message. */
  private static final class Strict extends VertxHttpRequestDecoder {
    Strict() {
      super(
          new Http1ServerConfig()
              .setMaxHeaderSize(64 * 1024)
              .setMaxInitialLineLength(16 * 1024)
              // A piece of a body goes through every layer by itself: one a read, and not eight.
              .setMaxChunkSize(64 * 1024));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
      throw new IllegalArgumentException("both Content-Length and Transfer-Encoding are given");
    }
  }
}
