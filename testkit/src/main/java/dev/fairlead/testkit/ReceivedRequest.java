package dev.fairlead.testkit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request exactly as a {@link FakeProvider} read it from the socket.
 *
 * @param number counts all requests of the provider from 1
 * @param connection counts the accepted connections from 1
 * @param target the raw request target, query included
 * @param headers in the order and casing of the wire
 * @param framing what the request declared
 * @param body the body with its framing taken off; at most as many bytes as the provider keeps
 * @param bodySize the size of the whole body in bytes, also when {@code body} was not kept whole
 * @param chunks the sizes of the chunks if it came chunked
 * @param trailers after a chunked body
 * @param atNanos {@link System#nanoTime()} when the last byte was read
 */
public record ReceivedRequest(
    int number,
    int connection,
    String method,
    String target,
    String version,
    List<Header> headers,
    Framing framing,
    Bytes body,
    long bodySize,
    List<Integer> chunks,
    List<Header> trailers,
    long atNanos) {

  private static final Pattern STREAM = Pattern.compile("\"stream\"\\s*:\\s*true");

  public ReceivedRequest {
    headers = List.copyOf(headers);
    chunks = List.copyOf(chunks);
    trailers = List.copyOf(trailers);
  }

  /** The value of the first header of that name, whatever its casing. */
  public Optional<String> header(String name) {
    return Header.first(headers, name);
  }

  /** All values of that name, in order. */
  public List<String> headerValues(String name) {
    return Header.all(headers, name);
  }

  /** The target without its query. */
  public String path() {
    int question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /** What stands after the first question mark, if there is one. */
  public Optional<String> query() {
    int question = target.indexOf('?');
    return question < 0 ? Optional.empty() : Optional.of(target.substring(question + 1));
  }

  /**
   * Whether {@code "stream": true} occurs in the body, at whatever depth: scripts need no more than
   * that.
   */
  public boolean wantsStream() {
    return STREAM.matcher(body.utf8()).find();
  }

  /** Headers are left out: they may hold a credential. */
  @Override
  public String toString() {
    return "request " + number + " (" + method + " " + target + ", " + bodySize + " bytes)";
  }
}
