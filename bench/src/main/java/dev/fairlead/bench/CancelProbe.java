package dev.fairlead.bench;

import dev.fairlead.bench.load.RequestBodies;
import dev.fairlead.bench.peer.ReplyScript;
import dev.fairlead.bench.process.PlainHttp;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How soon the provider notices that a client has left. One client at a time; the provider's own
 * clock reading is compared with the moment of the close, which is possible as all processes of a
 * Linux machine share the clock behind {@link System#nanoTime()}.
 */
final class CancelProbe {

  private static final int BODY_BYTES = 2 * 1024;
  private static final long LIMIT_NANOS = 6_000_000_000L;
  private static final Pattern STATE =
      Pattern.compile("open=(\\d+) aborts=(\\d+) lastAbortNanos=(-?\\d+)");

  private final int providerPort;

  CancelProbe(int providerPort) {
    this.providerPort = providerPort;
  }

  /**
   * Leaves {@code times} times, and gives the milliseconds until the provider's connection was
   * closed.
   *
   * @param script {@link ReplyScript#SILENT} to leave before the first byte, or a slow stream to
   *     leave after its first event
   * @return one figure per time; infinity, and no further one, if the provider heard nothing
   * @throws IOException if the gateway does not pass the request on
   */
  Samples measure(SystemUnderTest system, ReplyScript script, int times)
      throws IOException, InterruptedException {
    List<Double> millis = new ArrayList<>();
    awaitQuiet();
    for (int i = 0; i < times; i++) {
      double once = once(system, script);
      millis.add(once);
      if (Double.isInfinite(once)) {
        break;
      }
    }
    return new Samples(millis);
  }

  private double once(SystemUnderTest system, ReplyScript script)
      throws IOException, InterruptedException {
    State before = state();
    long closedNanos;
    try (Socket socket = new Socket(system.host(), system.port())) {
      socket.setSoTimeout(5_000);
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(request(system, script));
      awaitOpen(before.open + 1, system);
      if (script.streams()) {
        awaitFirstEvent(socket.getInputStream());
      }
      // Let the loops fall asleep, as they are while a model thinks.
      Thread.sleep(30);
      closedNanos = System.nanoTime();
    }
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (System.nanoTime() < deadline) {
      State now = state();
      if (now.aborts > before.aborts) {
        return (now.lastAbortNanos - closedNanos) / 1e6;
      }
      Thread.sleep(1);
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Waits until what earlier scenarios have left open is gone: it would be counted with ours. */
  private void awaitQuiet() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (state().open > 0) {
      if (System.nanoTime() > deadline) {
        throw new IOException("requests of earlier clients are still open at the provider");
      }
      Thread.sleep(10);
    }
  }

  private void awaitOpen(int open, SystemUnderTest system)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    while (state().open < open) {
      if (System.nanoTime() > deadline) {
        throw new IOException(system.name() + " did not pass the request on");
      }
      Thread.sleep(1);
    }
  }

  private static void awaitFirstEvent(InputStream in) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf("data:") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the stream ended before its first event: " + seen);
      }
      seen.append((char) next);
    }
  }

  private State state() throws IOException {
    Matcher matcher =
        STATE.matcher(PlainHttp.get("127.0.0.1", providerPort, "/bench/state").body());
    if (!matcher.find()) {
      throw new IOException("the scripted provider does not tell its state");
    }
    return new State(
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)));
  }

  private record State(int open, long aborts, long lastAbortNanos) {}

  private static byte[] request(SystemUnderTest system, ReplyScript script) {
    byte[] body = RequestBodies.chat(BODY_BYTES, system.model(script), script.streams());
    String head =
        "POST "
            + system.path()
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + system.key()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }
}
