package dev.fairlead.wire;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Headers;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests whose end two parties could see in different places. RFC 9112 §6.3 allows a
 * proxy to repair a message with both a Content-Length and a Transfer-Encoding; refusing it leaves
 * nothing to smuggle.
 */
final class Framing {
  private static final int MOST_HEADER_BYTES = 64 * 1024;
  private static final int MOST_REQUEST_LINE = 16 * 1024;

  private Framing() {}

  /** What reads the requests of one connection. */
  static HttpRequestDecoder decoder() {
    return new Strict();
  }

  /** Why {@code request} cannot be served, as its sender is told, or null when it can. */
  static @Nullable Failure fault(ClientRequest request) {
    if (request.flaw() != null) {
      return fault(request.flaw());
    }
    if (!request.isHttp10() && !request.version().equals(HttpVersion.HTTP_1_1)) {
      return fault(505, "it is neither HTTP/1.1 nor HTTP/1.0");
    }
    String flaw = flaw(request.headers(), request.isHttp10());
    return flaw == null ? null : fault(400, flaw);
  }

  /**
   * What is wrong with a head that the decoder has let through, or null. The decoder takes a
   * message for chunked when the last coding says so; here {@code chunked} is the only coding there
   * is, and it is said once.
   */
  private static @Nullable String flaw(Headers headers, boolean http10) {
    Fields fields = new Fields();
    headers.forEach(fields::count);
    if (fields.codings > 1 || !fields.chunkedOnly) {
      return "Transfer-Encoding has to be chunked and nothing else";
    }
    if (fields.lengths > 1) {
      return "more than one Content-Length is given";
    }
    if (fields.hosts > 1 || (fields.hosts == 0 && !http10)) {
      return "there has to be one Host header";
    }
    return null;
  }

  /** How often the fields stand in a head that say where a request ends and whom it is for. */
  private static final class Fields {
    private int codings;
    private int lengths;
    private int hosts;
    private boolean chunkedOnly = true;

    void count(String name, String value) {
      switch (name.length()) {
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

  /** What to tell the sender of a request that cannot be read because of {@code cause}. */
  static Failure fault(Throwable cause) {
    if (cause instanceof TooLongHttpHeaderException) {
      return fault(431, "its headers are larger than this gateway takes");
    }
    if (cause instanceof TooLongHttpLineException) {
      return fault(414, "its request line is longer than this gateway takes");
    }
    return fault(400, cause.getMessage());
  }

  private static Failure fault(int status, @Nullable String reason) {
    String words = reason == null ? "" : ": " + reason.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "?");
    return new Failure.ClientFault(
        status, "invalid_http", "The HTTP request cannot be read" + words + ".", null);
  }

  /** A message with two lengths is no message. */
  private static final class Strict extends HttpRequestDecoder {
    Strict() {
      super(
          new HttpDecoderConfig()
              .setHeadersFactory(DecodedFields.FACTORY)
              .setMaxHeaderSize(MOST_HEADER_BYTES)
              .setMaxInitialLineLength(MOST_REQUEST_LINE)
              // A piece of a body goes through every layer by itself: one a read, and not eight.
              .setMaxChunkSize(64 * 1024));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
      throw new IllegalArgumentException("both Content-Length and Transfer-Encoding are given");
    }
  }
}
