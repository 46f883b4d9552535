package dev.fairlead.wire;

import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Headers;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;

/**
 * Writes heads of requests and replies, RFC 9112 §2 to §5, and lets nothing through that could be
 * read as more than one field. Its buffer is used for every head: confined to one event loop.
 */
final class Http1Head {
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[Character.toUpperCase(c)] = true;
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private byte[] bytes = new byte[2 * 1024];
  private int length;

  /**
   * Writes the whole head of {@code request}.
   *
   * @throws IllegalArgumentException when a field, or the target, cannot stand in a head; the
   *     message names the field, and no value
   */
  void request(HttpMethod method, String authority, UpstreamRequest request) {
    target(method, request.target());
    ascii(" HTTP/1.1\r\nhost: ");
    value("host", authority);
    ascii("\r\n");
    Headers headers = request.headers();
    headers.forEach(this::field);
    if (!method.equals(HttpMethod.GET)) {
      field("content-length", request.length());
    }
    end();
  }

  /**
   * Begins the head of a reply.
   *
   * @param http10 whether the request came as HTTP/1.0
   */
  void reply(boolean http10, int status) {
    length = 0;
    ascii(http10 ? "HTTP/1.0 " : "HTTP/1.1 ");
    number(status);
    ascii(" ");
    ascii(HttpResponseStatus.valueOf(status).reasonPhrase());
    ascii("\r\n");
  }

  /** The head written last, in the first {@link #length} bytes. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /**
   * Adds a field.
   *
   * @throws IllegalArgumentException when it cannot stand in a head; the message names the field,
   *     and no value
   */
  void field(String name, String value) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a header has no name");
    }
    room(name.length() + value.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 128 || !TOKEN[c]) {
        throw new IllegalArgumentException("the name of a header holds a character it may not");
      }
      bytes[length++] = (byte) c;
    }
    bytes[length++] = ':';
    bytes[length++] = ' ';
    value(name, value);
    bytes[length++] = '\r';
    bytes[length++] = '\n';
  }

  /** Adds a field whose value is not negative. */
  void field(String name, long value) {
    ascii(name);
    ascii(": ");
    number(value);
    ascii("\r\n");
  }

  /** Ends the head. */
  void end() {
    ascii("\r\n");
  }

  /** Begins what is sent of a message behind its head. */
  void clear() {
    length = 0;
  }

  /** Adds the line that begins a chunk, RFC 9112 §7.1. */
  void chunk(long size) {
    ascii(Long.toHexString(size));
    ascii("\r\n");
  }

  private void number(long value) {
    if (value < 10) {
      room(20);
    } else {
      number(value / 10);
    }
    bytes[length++] = (byte) ('0' + value % 10);
  }

  private void value(String name, String value) {
    room(value.length() + 2);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 127) {
        throw new IllegalArgumentException("the header " + name + " holds a control character");
      }
      bytes[length++] = c > 255 ? (byte) '?' : (byte) c;
    }
  }

  /** Begins a head. */
  void target(HttpMethod method, String target) {
    length = 0;
    ascii(method.name());
    ascii(" ");
    room(target.length());
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 127) {
        throw new IllegalArgumentException("the path holds a character it may not");
      }
      bytes[length++] = (byte) c;
    }
  }

  private void ascii(String text) {
    room(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
