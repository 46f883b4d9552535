package dev.fairlead.app.admin;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import java.io.IOException;

/** What a call is answered with. */
public sealed interface ApiAnswer {
  int status();

  Headers headers();

  /** All at once. */
  record Whole(int status, Headers headers, Bytes body) implements ApiAnswer {}

  /** In pieces. */
  record Pieces(int status, Headers headers, Writer writer) implements ApiAnswer {}

  /** Writes an answer in pieces, on the call's virtual thread; the stream is closed behind it. */
  @FunctionalInterface
  interface Writer {
    void write(Site.Stream stream) throws IOException, InterruptedException;
  }

  /** 200 with a JSON document. */
  static ApiAnswer json(String document) {
    return json(200, document);
  }

  /** A JSON document. */
  static ApiAnswer json(int status, String document) {
    return new Whole(
        status,
        Headers.of("content-type", "application/json", "cache-control", "no-store"),
        Bytes.utf8(document));
  }

  /** 204. */
  static ApiAnswer empty() {
    return new Whole(204, Headers.EMPTY, Bytes.EMPTY);
  }

  /** 200 with something else. */
  static ApiAnswer bytes(String contentType, Bytes body) {
    return new Whole(
        200, Headers.of("content-type", contentType, "cache-control", "no-store"), body);
  }

  /** 200 with server-sent events, or anything else that comes in pieces. */
  static ApiAnswer stream(String contentType, Writer writer) {
    return new Pieces(
        200, Headers.of("content-type", contentType, "cache-control", "no-store"), writer);
  }

  /** The same answer with one more header. */
  default ApiAnswer with(String name, String value) {
    Headers.Builder more = Headers.builder();
    headers().forEach(more::add);
    more.add(name, value);
    return switch (this) {
      case Whole(int status, Headers _, Bytes body) -> new Whole(status, more.build(), body);
      case Pieces(int status, Headers _, Writer writer) -> new Pieces(status, more.build(), writer);
    };
  }
}
