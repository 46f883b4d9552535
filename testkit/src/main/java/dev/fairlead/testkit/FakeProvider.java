package dev.fairlead.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A scripted upstream: an HTTP/1.1 server on 127.0.0.1 that does exactly what a {@link Script}
 * says, faults included.
 *
 * <p>A request is answered by the next queued script, else by the handler. It is recorded first,
 * byte for byte.
 *
 * <pre>{@code
 * try (var provider = FakeProvider.start()) {
 *   provider.enqueue(Script.json("{\"ok\":true}"));
 *   // … point the gateway at provider.uri() and send a request …
 *   ReceivedRequest request = provider.takeRequest(Duration.ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>Connections are kept alive; a request sent before the last one is answered waits its turn, and
 * from then on the departure of the client is noticed only when that turn comes. A client that
 * half-closes counts as gone.
 *
 * <p>All methods may be called from any thread. {@link #close} ends every connection and thread.
 */
public final class FakeProvider implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final ProviderOptions options;
  private final ServerSocket listener;
  private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();
  private volatile Function<ReceivedRequest, Script> handler = this::unscripted;
  private final BlockingQueue<ReceivedRequest> untaken = new LinkedBlockingQueue<>();
  private final TreeMap<Integer, Exchange> exchanges = new TreeMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final Set<FakeConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong bytesWritten = new AtomicLong();
  private volatile boolean closed;

  FakeProvider(ProviderOptions options) {
    this.options = options;
    try {
      listener = new ServerSocket();
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on 127.0.0.1", e);
    }
    spawn("accept", this::accept);
  }

  /** A plain HTTP provider on a free port. */
  public static FakeProvider start() {
    return ProviderOptions.DEFAULTS.start();
  }

  /** Options to change before {@link ProviderOptions#start}. */
  public static ProviderOptions with() {
    return ProviderOptions.DEFAULTS;
  }

  /**
   * {@code http://127.0.0.1:port}, or {@code https://localhost:port} with TLS; no slash at the end.
   */
  public URI uri() {
    return URI.create(
        (options.tls().isPresent() ? "https://localhost:" : "http://127.0.0.1:") + port());
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Queues scripts; each answers one request, in the order of arrival. */
  public FakeProvider enqueue(Script... more) {
    scripts.addAll(List.of(more));
    return this;
  }

  /** Answers every request for which no script is queued. */
  public FakeProvider handler(Function<ReceivedRequest, Script> function) {
    handler = function;
    return this;
  }

  /** How many queued scripts have not been used. */
  public int scriptsLeft() {
    return scripts.size();
  }

  /** Forgets the queued scripts that no request has used. */
  public void dropScripts() {
    scripts.clear();
  }

  /**
   * The oldest request not yet taken; waits for one and fails with what did arrive after {@code
   * timeout}.
   */
  public ReceivedRequest takeRequest(Duration timeout) {
    try {
      ReceivedRequest next = untaken.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError(
            "no request came within " + timeout + "; so far: " + requests() + ", " + violations);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a request", e);
    }
  }

  /** All remembered requests in the order of arrival. */
  public List<ReceivedRequest> requests() {
    synchronized (exchanges) {
      return exchanges.values().stream().map(Exchange::request).toList();
    }
  }

  /** How many requests have arrived, forgotten ones included. */
  public int requestCount() {
    return requests.get();
  }

  /**
   * Waits until the client has closed or reset the connection of a request.
   *
   * @return {@link System#nanoTime()} of the moment it was noticed; subtract your own mark from it
   */
  public long awaitClientGone(int requestNumber, Duration timeout) {
    return await(
            exchange(requestNumber).departed(),
            timeout,
            "the client to close the connection of request " + requestNumber)
        .atNanos();
  }

  /** Whether the client has closed or reset the connection of a request. */
  public boolean isClientGone(int requestNumber) {
    CompletableFuture<?> departed = exchange(requestNumber).departed();
    return departed.isDone() && !departed.isCompletedExceptionally();
  }

  /** Waits until the script of a request has ended and tells how. */
  public ScriptOutcome awaitOutcome(int requestNumber, Duration timeout) {
    return await(
        exchange(requestNumber).outcome(),
        timeout,
        "the script of request " + requestNumber + " to end");
  }

  /** Connections that are open now, TLS handshakes under way included. */
  public int openConnections() {
    return connections.size();
  }

  /** Connections accepted since the start. */
  public int acceptedConnections() {
    return accepted.get();
  }

  /**
   * Closes (FIN) the connections on which no request is being answered, as providers do with old
   * ones.
   */
  public void closeIdleConnections() {
    connections.stream().filter(FakeConnection::isIdle).forEach(FakeConnection::stop);
  }

  /**
   * Bytes of all replies handed to the operating system, heads and framing included, before TLS.
   */
  public long bytesWritten() {
    return bytesWritten.get();
  }

  /** The same for one request. */
  public long bytesWritten(int requestNumber) {
    return exchange(requestNumber).bytesWritten().get();
  }

  /**
   * What clients and scripts did wrong: malformed or refused requests, unscripted requests,
   * unfinished scripts.
   */
  public List<String> violations() {
    return List.copyOf(violations);
  }

  /** Fails with all violations if there is one. */
  public void assertNoViolations() {
    if (!violations.isEmpty()) {
      throw new AssertionError(
          "violations at the fake provider:\n  " + String.join("\n  ", violations));
    }
  }

  /** Ends every connection and waits for every thread; fails if one does not end. */
  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(FakeConnection::stop);
    long deadline = System.nanoTime() + CLOSING.toNanos();
    for (Thread thread : threads) {
      try {
        if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
          throw new AssertionError("thread " + thread.getName() + " did not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while closing", e);
      }
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = listener.accept();
        var connection = new FakeConnection(this, accepted.incrementAndGet(), socket);
        connections.add(connection);
        if (closed) {
          connection.stop();
        }
        spawn("connection", connection);
      } catch (IOException e) {
        if (!closed) {
          violation("accept failed: " + e.getMessage());
        }
      }
    }
  }

  /** Starts a thread that {@link #close} waits for. */
  Thread spawn(String role, Runnable work) {
    Thread thread =
        Thread.ofVirtual()
            .name("fake-provider-" + listener.getLocalPort() + "-" + role)
            .unstarted(() -> {
              try {
                work.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    thread.start();
    return thread;
  }

  int liveThreads() {
    return threads.size();
  }

  ProviderOptions options() {
    return options;
  }

  int nextRequestNumber() {
    return requests.incrementAndGet();
  }

  void received(Exchange exchange) {
    synchronized (exchanges) {
      exchanges.put(exchange.request().number(), exchange);
      if (exchanges.size() > options.keptRequests()) {
        exchanges.pollFirstEntry();
        untaken.poll();
      }
    }
    untaken.add(exchange.request());
  }

  Script scriptFor(ReceivedRequest request) {
    Script queued = scripts.poll();
    if (queued != null) {
      return queued;
    }
    try {
      return handler.apply(request);
    } catch (RuntimeException | AssertionError e) {
      violation(request + ": the handler failed: " + e);
      return Script.json(
          500, "{\"error\":{\"message\":\"the handler of the fake provider failed\"}}");
    }
  }

  private Script unscripted(ReceivedRequest request) {
    violation("no script for " + request);
    return Script.json(500, "{\"error\":{\"message\":\"the fake provider has no script\"}}");
  }

  void written(long bytes) {
    bytesWritten.addAndGet(bytes);
  }

  void violation(String what) {
    violations.add(what);
  }

  void forget(FakeConnection connection) {
    connections.remove(connection);
  }

  private Exchange exchange(int number) {
    @Nullable Exchange exchange;
    synchronized (exchanges) {
      exchange = exchanges.get(number);
    }
    if (exchange == null) {
      throw new AssertionError(
          "request " + number + " is not known; remembered: " + requests() + ", " + violations);
    }
    return exchange;
  }

  private static <T> T await(CompletableFuture<T> future, Duration timeout, String what) {
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("waited " + timeout + " in vain for " + what, e);
    } catch (ExecutionException e) {
      throw new AssertionError("waited in vain for " + what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }
}
