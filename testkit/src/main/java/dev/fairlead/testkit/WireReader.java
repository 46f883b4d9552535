package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads lines, headers and bytes of one side of an HTTP/1.1 connection. */
final class WireReader {
  private static final int MAX_LINE = 16 << 20;
  private static final int MAX_HEADERS = 100_000;

  private final InputStream in;
  private final byte[] buffer = new byte[16 << 10];
  private int position;
  private int limit;

  WireReader(InputStream in) {
    this.in = in;
  }

  /**
   * Blocks until a byte can be read (true) or the peer has ended its side (false); consumes
   * nothing.
   */
  boolean awaitByte() throws IOException {
    if (position < limit) {
      return true;
    }
    int read = in.read(buffer);
    position = 0;
    limit = Math.max(read, 0);
    return read > 0;
  }

  /** The next byte, or -1 at the end. */
  int read() throws IOException {
    return awaitByte() ? buffer[position++] & 0xff : -1;
  }

  /** At least one byte into {@code target}, or -1 at the end. */
  int read(byte[] target, int offset, int length) throws IOException {
    if (!awaitByte()) {
      return -1;
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(buffer, position, target, offset, count);
    position += count;
    return count;
  }

  /** The next line without its line end; end of stream is a failure that quotes what came. */
  String readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = read(); next != '\n'; next = read()) {
      if (next < 0) {
        throw new EOFException("connection ended inside a line, after: " + text(line));
      }
      if (line.size() >= MAX_LINE) {
        throw new IOException("a line of more than " + MAX_LINE + " bytes");
      }
      line.write(next);
    }
    String text = text(line);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /** Header lines up to and including the empty line. */
  List<Header> readHeaders() throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("not a header line: " + line);
      }
      if (headers.size() >= MAX_HEADERS) {
        throw new IOException("more than " + MAX_HEADERS + " header lines");
      }
      headers.add(Header.of(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(ISO_8859_1);
  }
}
