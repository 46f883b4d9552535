package dev.fairlead.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether an Ollama runs nearby. Never waits longer than it was told, and never on the thread
 * that asks.
 */
public final class OllamaProbe {
  /** How long an address has to answer. */
  static final Duration PATIENCE = Duration.ofMillis(300);

  private static final int PORT = 11434;
  private static final int MOST_BYTES = 4096;

  private final List<URI> candidates;
  private final Duration patience;

  OllamaProbe(List<URI> candidates, Duration patience) {
    this.candidates = List.copyOf(candidates);
    this.patience = patience;
  }

  /**
   * A probe of where {@code OLLAMA_HOST} says, or else of this machine and of a container's host.
   */
  public static OllamaProbe of(Map<String, String> environment) {
    URI told = address(environment.get("OLLAMA_HOST"));
    return new OllamaProbe(
        told == null
            ? List.of(
                URI.create("http://localhost:" + PORT),
                URI.create("http://host.docker.internal:" + PORT))
            : List.of(told),
        PATIENCE);
  }

  /** The first address in order that answers as Ollama does; all are asked at once. */
  public CompletableFuture<Optional<URI>> start() {
    CompletableFuture<Optional<URI>> first = CompletableFuture.completedFuture(Optional.empty());
    for (URI candidate : candidates) {
      first =
          first.thenCombine(
              asked(candidate), (earlier, own) -> earlier.isPresent() ? earlier : own);
    }
    return first;
  }

  private CompletableFuture<Optional<URI>> asked(URI candidate) {
    CompletableFuture<Optional<URI>> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("ollama-probe")
        .start(
            () -> answer.complete(answers(candidate) ? Optional.of(candidate) : Optional.empty()));
    // Looking up a name has no time limit of its own.
    return answer.completeOnTimeout(
        Optional.empty(), 2 * patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
  }

  private boolean answers(URI candidate) {
    long deadline = System.nanoTime() + patience.toNanos();
    int port = candidate.getPort() < 0 ? 80 : candidate.getPort();
    try (Socket socket = new Socket()) {
      InetAddress host = InetAddress.getByName(candidate.getHost());
      socket.connect(new InetSocketAddress(host, port), left(deadline));
      socket
          .getOutputStream()
          .write(
              ("GET /api/version HTTP/1.1\r\nHost: "
                      + candidate.getAuthority()
                      + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      String reply = read(socket, deadline);
      return reply.startsWith("HTTP/1.1 200") && reply.contains("\"version\"");
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(Socket socket, long deadline) throws IOException {
    byte[] reply = new byte[MOST_BYTES];
    int used = 0;
    InputStream in = socket.getInputStream();
    while (used < reply.length) {
      socket.setSoTimeout(left(deadline));
      int read = in.read(reply, used, reply.length - used);
      if (read < 0) {
        break;
      }
      used += read;
      if (new String(reply, 0, used, StandardCharsets.ISO_8859_1).contains("\"version\"")) {
        break;
      }
    }
    return new String(reply, 0, used, StandardCharsets.ISO_8859_1);
  }

  /** Milliseconds to the deadline, at least one, because zero would mean forever. */
  private static int left(long deadline) throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left < 0) {
      throw new IOException("the time is over");
    }
    return (int) Math.max(1, left);
  }

  /**
   * Where {@code OLLAMA_HOST} points: host, host:port or URL. It is meant for the server, so the
   * address for any interface stands for this machine.
   */
  static @Nullable URI address(@Nullable String written) {
    if (written == null || written.isBlank()) {
      return null;
    }
    String text = written.strip();
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
        return null;
      }
      boolean any = uri.getHost().equals("0.0.0.0") || uri.getHost().equals("[::]");
      int port = uri.getPort() < 0 ? PORT : uri.getPort();
      return new URI("http://" + (any ? "localhost" : uri.getHost()) + ":" + port);
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
