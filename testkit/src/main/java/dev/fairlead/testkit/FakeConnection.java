package dev.fairlead.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection: this thread reads, a second one plays the script.
 *
 * <p>Because the reader goes on reading while a script plays, the client's departure is noticed at
 * once, however long the script stalls.
 */
final class FakeConnection implements Runnable {
  private final FakeProvider provider;
  private final int number;
  private final Socket raw;
  private final CompletableFuture<Exchange.Departure> departed = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean closedHere = new AtomicBoolean();
  private volatile boolean idle = true;

  FakeConnection(FakeProvider provider, int number, Socket raw) {
    this.provider = provider;
    this.number = number;
    this.raw = raw;
  }

  boolean isIdle() {
    return idle;
  }

  /** Ends everything on this connection from the provider's side. */
  void stop() {
    ended.complete(null);
    closeRaw();
  }

  @Override
  public void run() {
    try (raw) {
      raw.setTcpNoDelay(true);
      Optional<SSLContext> tls = provider.options().tls();
      Socket socket = tls.isPresent() ? secure(tls.get()) : raw;
      serve(socket, new WireReader(socket.getInputStream()));
    } catch (IOException e) {
      depart(true);
    } finally {
      ended.complete(null);
      departed.completeExceptionally(
          new IllegalStateException("the provider itself closed connection " + number));
      provider.forget(this);
    }
  }

  private void serve(Socket socket, WireReader in) throws IOException {
    while (in.awaitByte()) {
      idle = false;
      String refusal = null;
      Exchange exchange;
      try {
        exchange = read(in, socket.getOutputStream());
        refusal = provider.options().violation(exchange.request().headers()).orElse(null);
      } catch (Malformed e) {
        provider.violation("connection " + number + ": " + e.getMessage());
        refuse(socket.getOutputStream(), String.valueOf(e.getMessage()));
        return;
      }
      Thread player = provider.spawn("player", player(socket, exchange, refusal));
      boolean more = in.awaitByte();
      if (!more) {
        depart(false);
      }
      join(player);
      if (!more || closedHere.get()) {
        return;
      }
    }
    depart(false);
  }

  private static final class Malformed extends IOException {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  private Exchange read(WireReader in, OutputStream out) throws IOException {
    String[] line = in.readLine().split(" ", -1);
    if (line.length != 3 || !line[2].startsWith("HTTP/1.")) {
      throw new Malformed("not a request line: " + String.join(" ", line));
    }
    List<Header> headers = in.readHeaders();
    Framing framing;
    try {
      framing = Framing.declaredBy(headers).orElse(Framing.none());
    } catch (NumberFormatException e) {
      throw new Malformed("Content-Length is not a number");
    }
    if (Header.first(headers, "expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
      out.write(Bytes.utf8("HTTP/1.1 100 Continue\r\n\r\n").shared());
      out.flush();
    }
    var body = new BodyReader(in, framing);
    var kept = new ByteArrayOutputStream();
    long size = body.readAll(kept, provider.options().keptBody());
    var request =
        new ReceivedRequest(
            provider.nextRequestNumber(),
            number,
            line[0],
            line[1],
            line[2],
            headers,
            framing,
            Bytes.of(kept.toByteArray()),
            size,
            body.chunks(),
            body.trailers(),
            System.nanoTime());
    var exchange = new Exchange(request, departed);
    provider.received(exchange);
    return exchange;
  }

  private Runnable player(Socket socket, Exchange exchange, @Nullable String refusal) {
    return () -> {
      ReceivedRequest request = exchange.request();
      Script script;
      if (refusal == null) {
        script = provider.scriptFor(request);
      } else {
        provider.violation(request + ": " + refusal);
        script = Script.reply(400, "text/plain", Bytes.utf8(refusal));
      }
      try {
        var player =
            new ScriptPlayer(
                socket.getOutputStream(),
                !request.method().equals("HEAD"),
                ended,
                bytes -> {
                  exchange.bytesWritten().addAndGet(bytes);
                  provider.written(bytes);
                });
        ScriptPlayer.After after = player.play(script);
        // Idle before the outcome is told, so that a test that awaits it may close idle
        // connections.
        idle = true;
        exchange.outcome().complete(ScriptOutcome.PLAYED);
        leave(socket, closesAfter(request) ? atLeastFinish(after) : after);
      } catch (IOException e) {
        if (!ended.isDone()) {
          depart(true);
        }
        boolean gone = departed.isDone() && !departed.isCompletedExceptionally();
        exchange.outcome().complete(gone ? ScriptOutcome.CLIENT_GONE : ScriptOutcome.STOPPED);
      } catch (IllegalStateException e) {
        provider.violation(request + ": " + e.getMessage());
        exchange.outcome().complete(ScriptOutcome.PLAYED);
        closeRaw();
      }
    };
  }

  private static boolean closesAfter(ReceivedRequest request) {
    return request.header("connection").filter("close"::equalsIgnoreCase).isPresent()
        || request.version().equals("HTTP/1.0");
  }

  private static ScriptPlayer.After atLeastFinish(ScriptPlayer.After after) {
    return after == ScriptPlayer.After.KEEP_ALIVE ? ScriptPlayer.After.FINISH : after;
  }

  private void leave(Socket socket, ScriptPlayer.After after) throws IOException {
    switch (after) {
      case KEEP_ALIVE -> {}
      case FINISH -> {
        closedHere.set(true);
        if (socket instanceof SSLSocket) {
          socket.shutdownOutput(); // close_notify, without which the end of a body is no end
        }
        closeRaw();
      }
      case RESET -> {
        closedHere.set(true);
        raw.setSoLinger(true, 0);
        closeRaw();
      }
    }
  }

  private Socket secure(SSLContext context) throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(raw, raw.getInetAddress().getHostAddress(), raw.getPort(), false);
    socket.setUseClientMode(false);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      provider.violation("connection " + number + ": TLS handshake failed: " + e.getMessage());
      throw e;
    }
    return socket;
  }

  private static void refuse(OutputStream out, String why) throws IOException {
    new ScriptPlayer(out, true, new CompletableFuture<>(), bytes -> {})
        .play(Script.reply(400, "text/plain", Bytes.utf8(why)).header("connection", "close"));
  }

  private void depart(boolean byReset) {
    if (!closedHere.get()) {
      departed.complete(new Exchange.Departure(System.nanoTime(), byReset));
      ended.complete(null);
      closeRaw(); // frees a player that is blocked in a write nobody reads
    }
  }

  private void closeRaw() {
    closedHere.set(true);
    try {
      raw.close();
    } catch (IOException e) {
      throw new AssertionError("a socket could not be closed", e);
    }
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
