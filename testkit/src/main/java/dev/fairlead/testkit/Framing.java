package dev.fairlead.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the end of an HTTP/1.1 body is told (RFC 9112 section 6). */
public sealed interface Framing {

  /** A {@code Content-Length} of that many bytes. */
  record ContentLength(long bytes) implements Framing {}

  /** {@code Transfer-Encoding: chunked}. */
  record Chunked() implements Framing {}

  /** The body ends where the connection ends. */
  record UntilClose() implements Framing {}

  /** No body; or, in a script, a body whose framing headers the test writes itself. */
  record None() implements Framing {}

  static Framing contentLength(long bytes) {
    return new ContentLength(bytes);
  }

  static Framing chunked() {
    return new Chunked();
  }

  static Framing untilClose() {
    return new UntilClose();
  }

  static Framing none() {
    return new None();
  }

  /**
   * What the headers declare, chunked before length as RFC 9112 section 6.3 has it; empty if they
   * declare nothing.
   */
  static Optional<Framing> declaredBy(List<Header> headers) {
    boolean chunked =
        Header.all(headers, "transfer-encoding").stream()
            .anyMatch(value -> value.toLowerCase(Locale.ROOT).endsWith("chunked"));
    if (chunked) {
      return Optional.of(chunked());
    }
    return Header.first(headers, "content-length")
        .map(value -> contentLength(Long.parseUnsignedLong(value.strip())));
  }
}
