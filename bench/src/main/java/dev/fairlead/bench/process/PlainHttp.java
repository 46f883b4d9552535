package dev.fairlead.bench.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One small blocking GET with nothing to warm up, so that waiting for a start measures the start.
 */
public final class PlainHttp {

  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int MAX_REPLY_BYTES = 1 << 20;

  private PlainHttp() {}

  /**
   * A reply.
   *
   * @param status HTTP status code
   * @param body everything after the head; chunk framing, if any, is left in
   */
  public record Reply(int status, String body) {}

  /**
   * Sends GET, asks the server to close, and reads until it does.
   *
   * @throws IOException if the server cannot be reached, does not answer in two seconds or answers
   *     no HTTP
   */
  public static Reply get(String host, int port, String path) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket
          .getOutputStream()
          .write(
              ("GET "
                      + path
                      + " HTTP/1.1\r\nHost: "
                      + host
                      + ":"
                      + port
                      + "\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      String text = new String(in.readNBytes(MAX_REPLY_BYTES), StandardCharsets.UTF_8);
      int endOfHead = text.indexOf("\r\n\r\n");
      if (!text.startsWith("HTTP/1.1 ") || endOfHead < 12) {
        throw new IOException("no HTTP reply from " + host + ":" + port + path);
      }
      return new Reply(Integer.parseInt(text.substring(9, 12)), text.substring(endOfHead + 4));
    }
  }
}
