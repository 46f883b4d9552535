package dev.fairlead.conformance.clients;

import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A wire between a client and the gateway that keeps what the client says; it passes every byte as
 * it is.
 */
final class Tee implements AutoCloseable {
  /** A request as the client sent it. */
  record Sent(String method, String target, List<Header> headers, Bytes body) {
    Optional<String> header(String name) {
      return headers.stream().filter(header -> header.is(name)).map(Header::value).findFirst();
    }
  }

  private final ServerSocket listener;
  private final int gateway;
  private final List<ByteArrayOutputStream> said = new CopyOnWriteArrayList<>();
  private final List<ByteArrayOutputStream> answered = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private Tee(int gateway) {
    this.gateway = gateway;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Leads to that port of loopback. */
  static Tee to(int gateway) {
    return new Tee(gateway);
  }

  String at(String path) {
    return "http://localhost:" + listener.getLocalPort() + path;
  }

  /** All whole requests so far, connection by connection. */
  List<Sent> requests() {
    List<Sent> requests = new ArrayList<>();
    for (ByteArrayOutputStream connection : said) {
      parse(snapshot(connection), requests);
    }
    return requests;
  }

  /** Everything the gateway has answered so far, framing and all. */
  String answers() {
    StringBuilder text = new StringBuilder();
    answered.forEach(
        connection -> text.append(new String(snapshot(connection), StandardCharsets.UTF_8)));
    return text.toString();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> copy(client, server, kept(said)));
        Thread.ofVirtual().start(() -> copy(server, client, kept(answered)));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static ByteArrayOutputStream kept(List<ByteArrayOutputStream> records) {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    records.add(record);
    return record;
  }

  /** Its methods are synchronised, so the bytes are those of one moment. */
  private static byte[] snapshot(ByteArrayOutputStream record) {
    return record.toByteArray();
  }

  private void copy(Socket from, Socket to, ByteArrayOutputStream record) {
    byte[] block = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(block); count >= 0; count = in.read(block)) {
        record.write(block, 0, count);
        out.write(block, 0, count);
        out.flush();
      }
    } catch (IOException gone) {
      // The other side learns of it by its own socket being closed.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private static void parse(byte[] bytes, List<Sent> into) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = 0;
    int end = text.indexOf("\r\n\r\n", at);
    while (end >= 0) {
      String[] lines = text.substring(at, end).split("\r\n", -1);
      String[] first = lines[0].split(" ", -1);
      List<Header> headers = new ArrayList<>();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(':');
        headers.add(Header.of(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
      }
      int length = 0;
      for (Header header : headers) {
        if (header.is("content-length")) {
          length = Integer.parseInt(header.value());
        }
        if (header.is("transfer-encoding")) {
          throw new AssertionError(
              lines[0] + " came with " + header.value().toLowerCase(Locale.ROOT) + " framing");
        }
      }
      int body = end + 4;
      if (bytes.length < body + length) {
        return;
      }
      into.add(
          new Sent(
              first[0],
              first[1],
              List.copyOf(headers),
              Bytes.of(bytes).slice(body, body + length)));
      at = body + length;
      end = text.indexOf("\r\n\r\n", at);
    }
  }
}
