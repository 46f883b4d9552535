package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client that sends exactly the bytes it is given and shows exactly the bytes it gets.
 *
 * <p>For tests that no ordinary client can make: malformed requests, slow writers, half-closed and
 * reset connections, the arrival time of single frames. Every read has a time limit ({@link
 * #readTimeout}, 10 s at first); a read that takes longer, and a connection that ends early, is an
 * {@link UncheckedIOException} that says what was waited for.
 *
 * <p>Not for use by several threads, except {@link #abort} and {@link #close}.
 */
public final class RawHttp implements AutoCloseable {

  /**
   * A status line with its headers, in the order and casing of the wire.
   *
   * @param reason empty if the server sent none
   */
  public record Head(int status, String reason, List<Header> headers) {
    public Optional<String> header(String name) {
      return Header.first(headers, name);
    }

    public List<String> headerValues(String name) {
      return Header.all(headers, name);
    }
  }

  /**
   * A whole reply.
   *
   * @param chunks the sizes of the chunks, empty if the body was not chunked
   */
  public record Reply(Head head, Bytes body, List<Integer> chunks, List<Header> trailers) {
    public int status() {
      return head.status();
    }

    public String text() {
      return body.utf8();
    }
  }

  /**
   * One event-stream frame with its blank line, and {@link System#nanoTime()} when its last byte
   * was read.
   */
  public record Frame(Bytes bytes, long atNanos) {
    public String text() {
      return bytes.utf8();
    }
  }

  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private final Socket raw;
  private final Socket socket;
  private final OutputStream out;
  private final WireReader in;
  private String method = "";
  private @Nullable BodyReader body;

  private RawHttp(Socket raw, Socket socket) throws IOException {
    this.raw = raw;
    this.socket = socket;
    out = socket.getOutputStream();
    in = new WireReader(socket.getInputStream());
    raw.setTcpNoDelay(true);
    raw.setSoTimeout((int) READ_TIMEOUT.toMillis());
  }

  /** Connects to a port of 127.0.0.1. */
  public static RawHttp connect(int port) {
    return attempt(
        "to connect to port " + port,
        () -> {
          Socket raw = open("127.0.0.1", port);
          return new RawHttp(raw, raw);
        });
  }

  /**
   * Connects to the host and port of an {@code http} address; the host must be a literal or
   * localhost.
   */
  public static RawHttp connect(URI address) {
    return attempt(
        "to connect to " + address,
        () -> {
          Socket raw = open(address.getHost(), address.getPort());
          return new RawHttp(raw, raw);
        });
  }

  /** Connects to a port of localhost with TLS, offering {@code http/1.1} by ALPN. */
  public static RawHttp connectTls(int port, SSLContext context) {
    return attempt(
        "to connect to port " + port + " with TLS",
        () -> {
          Socket raw = open("localhost", port);
          var tls =
              (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", port, true);
          var parameters = tls.getSSLParameters();
          parameters.setApplicationProtocols(new String[] {"http/1.1"});
          tls.setSSLParameters(parameters);
          tls.startHandshake();
          return new RawHttp(raw, tls);
        });
  }

  /** Limits each single wait for bytes. */
  public RawHttp readTimeout(Duration timeout) {
    attempt(
        "to set the time limit",
        () -> {
          raw.setSoTimeout((int) timeout.toMillis());
          return null;
        });
    return this;
  }

  /** Sends text as it is; only ISO-8859-1 characters. */
  public RawHttp send(String text) {
    return send(Bytes.of(text.getBytes(ISO_8859_1)));
  }

  /** Sends each line with CRLF after it, in one write; an empty line ends a head. */
  public RawHttp sendLines(String... lines) {
    return send(String.join("\r\n", lines) + "\r\n");
  }

  /** Sends bytes as they are, in one write. */
  public RawHttp send(Bytes bytes) {
    return sendSlowly(bytes, Math.max(1, bytes.size()), Duration.ZERO);
  }

  /**
   * Sends {@code step} bytes at a time, each in a write of its own, with a pause between two
   * writes.
   */
  public RawHttp sendSlowly(Bytes bytes, int step, Duration pause) {
    return attempt(
        "to send",
        () -> {
          for (int at = 0; at < bytes.size(); at += step) {
            if (at > 0 && !pause.isZero()) {
              LockSupport.parkNanos(pause.toNanos());
            }
            out.write(bytes.shared(), at, Math.min(step, bytes.size() - at));
            out.flush();
          }
          return this;
        });
  }

  /**
   * Sends a well-formed request; adds {@code host}, and {@code content-length} if there is a body,
   * unless the headers bring them or a transfer encoding.
   */
  public RawHttp request(String verb, String target, List<Header> headers, Bytes content) {
    method = verb;
    var head = new StringBuilder(verb).append(' ').append(target).append(" HTTP/1.1\r\n");
    if (Header.first(headers, "host").isEmpty()) {
      head.append("host: 127.0.0.1:").append(raw.getPort()).append("\r\n");
    }
    headers.forEach(header -> head.append(header).append("\r\n"));
    boolean framed =
        Header.first(headers, "content-length").isPresent()
            || Header.first(headers, "transfer-encoding").isPresent();
    if (!framed && content.size() > 0) {
      head.append("content-length: ").append(content.size()).append("\r\n");
    }
    Bytes start = Bytes.of(head.append("\r\n").toString().getBytes(ISO_8859_1));
    return send(Bytes.concat(List.of(start, content)));
  }

  /** Sends a JSON body with POST. */
  public RawHttp post(String target, String json, Header... headers) {
    var all = new ArrayList<Header>(List.of(headers));
    if (Header.first(all, "content-type").isEmpty()) {
      all.add(Header.of("content-type", "application/json"));
    }
    return request("POST", target, all, Bytes.utf8(json));
  }

  public RawHttp get(String target, Header... headers) {
    return request("GET", target, List.of(headers), Bytes.EMPTY);
  }

  /** Reads a status line and headers, interim (1xx) heads included; the body comes next. */
  public Head readHead() {
    return attempt(
        "for the head of a reply",
        () -> {
          String[] line = in.readLine().split(" ", 3);
          if (line.length < 2 || !line[0].startsWith("HTTP/1.")) {
            throw new IOException("not a status line: " + String.join(" ", line));
          }
          int status = Integer.parseInt(line[1]);
          List<Header> headers = in.readHeaders();
          body = new BodyReader(in, framingOf(status, headers));
          return new Head(status, line.length > 2 ? line[2] : "", List.copyOf(headers));
        });
  }

  private Framing framingOf(int status, List<Header> headers) {
    if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
      return Framing.none();
    }
    return Framing.declaredBy(headers).orElse(Framing.untilClose());
  }

  /**
   * Reads the rest of the body after {@link #readHead}, framing taken off; a body cut short is a
   * failure.
   */
  public Bytes readBody() {
    return attempt(
        "for the end of the body",
        () -> {
          var whole = new ByteArrayOutputStream();
          current().readAll(whole, Long.MAX_VALUE);
          return Bytes.of(whole.toByteArray());
        });
  }

  /**
   * Reads and forgets up to {@code bytes} of body; returns how many there were, fewer only at its
   * end.
   */
  public long skipBody(long bytes) {
    return attempt(
        "for " + bytes + " bytes of body",
        () -> {
          byte[] block = new byte[64 << 10];
          long skipped = 0;
          while (skipped < bytes) {
            int count = current().read(block, 0, Math.clamp(bytes - skipped, 1, block.length));
            if (count < 0) {
              break;
            }
            skipped += count;
          }
          return skipped;
        });
  }

  /** Reads a whole reply; interim (1xx) heads are passed over. */
  public Reply readReply() {
    Head head = readHead();
    while (head.status() < 200 && head.status() != 101) {
      head = readHead();
    }
    Bytes content = readBody();
    BodyReader read = current();
    return new Reply(head, content, List.copyOf(read.chunks()), List.copyOf(read.trailers()));
  }

  /**
   * The next event-stream frame of the body with its blank line; lines may end in LF, CRLF or CR.
   *
   * @return empty at the end of the body; a rest without a blank line is returned as it is
   */
  public Optional<Frame> readFrame() {
    return attempt(
        "for the next frame",
        () -> {
          var frame = new ByteArrayOutputStream();
          int last = 0; // the last three bytes
          for (int next = current().read(); next >= 0; next = current().read()) {
            frame.write(next);
            last = (last << 8 | next) & 0xffffff;
            if ((last & 0xffff) == 0x0a0a || (last & 0xffff) == 0x0d0d || last == 0x0a0d0a) {
              return Optional.of(frameOf(frame));
            }
          }
          return frame.size() == 0 ? Optional.empty() : Optional.of(frameOf(frame));
        });
  }

  private static Frame frameOf(ByteArrayOutputStream frame) {
    return new Frame(Bytes.of(frame.toByteArray()), System.nanoTime());
  }

  /** Everything the server sends until it closes or resets the connection, framing and all. */
  public Bytes readRaw() {
    return attempt(
        "for the connection to end",
        () -> {
          var whole = new ByteArrayOutputStream();
          try {
            for (int next = in.read(); next >= 0; next = in.read()) {
              whole.write(next);
            }
          } catch (SocketTimeoutException e) {
            throw e;
          } catch (IOException reset) {
            // What came before a reset is what the caller asked for.
            return Bytes.of(whole.toByteArray());
          }
          return Bytes.of(whole.toByteArray());
        });
  }

  /**
   * Whether the server has ended the connection; waits for it, or for a byte that shows the
   * contrary.
   */
  public boolean awaitEnd() {
    return attempt(
        "for the connection to end",
        () -> {
          try {
            return !in.awaitByte();
          } catch (SocketTimeoutException e) {
            throw e;
          } catch (IOException reset) {
            return true;
          }
        });
  }

  /** Sends FIN and goes on reading. */
  public RawHttp finishSending() {
    return attempt(
        "to half-close",
        () -> {
          socket.shutdownOutput();
          return this;
        });
  }

  /** Resets the connection (RST). */
  public void abort() {
    attempt(
        "to reset",
        () -> {
          raw.setSoLinger(true, 0);
          raw.close();
          return null;
        });
  }

  @Override
  public void close() {
    hangUp();
  }

  /**
   * Closes the connection in order (FIN; the kernel makes it RST if bytes of the server were left
   * unread).
   */
  public void hangUp() {
    attempt(
        "to close",
        () -> {
          raw.close();
          return null;
        });
  }

  private BodyReader current() {
    if (body == null) {
      throw new IllegalStateException("read the head first");
    }
    return body;
  }

  private static Socket open(String host, int port) throws IOException {
    Socket raw = new Socket();
    InetAddress address =
        host.toLowerCase(Locale.ROOT).equals("localhost")
            ? InetAddress.ofLiteral("127.0.0.1")
            : InetAddress.ofLiteral(host);
    raw.connect(new InetSocketAddress(address, port), (int) READ_TIMEOUT.toMillis());
    return raw;
  }

  private interface Attempt<T extends @Nullable Object> {
    T run() throws IOException;
  }

  private static <T extends @Nullable Object> T attempt(String what, Attempt<T> attempt) {
    try {
      return attempt.run();
    } catch (SocketTimeoutException e) {
      throw new UncheckedIOException("waited too long " + what, e);
    } catch (IOException e) {
      throw new UncheckedIOException("waited in vain " + what + ": " + e.getMessage(), e);
    }
  }
}
