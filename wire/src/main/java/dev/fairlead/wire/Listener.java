package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.provider.ModelList;
import io.netty.channel.EventLoop;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The gateway's sockets: event loops, each with its servers and its exchanges. */
public final class Listener implements AutoCloseable {
  private static final int MOST_HEADER_BYTES = 64 * 1024;
  private static final int MOST_REQUEST_LINE = 16 * 1024;
  private static final long START_SECONDS = 30;

  private final Vertx vertx;
  private final List<Loop> loops = new CopyOnWriteArrayList<>();
  private final ExecutorService blocking;
  private final SiteBounds sites = new SiteBounds();
  private final int requestedPort;
  private volatile int port;

  private Listener(Vertx vertx, ExecutorService blocking, int requestedPort) {
    this.requestedPort = requestedPort;
    this.port = requestedPort;
    this.vertx = vertx;
    this.blocking = blocking;
  }

  /**
   * Where to listen.
   *
   * @param hosts addresses or names; {@code localhost} stands for 127.0.0.1 and ::1
   * @param port 0 for any free one
   * @param loops number of event loops, at least 1
   */
  public record Binding(List<String> hosts, int port, int loops) {
    public Binding {
      hosts = List.copyOf(hosts);
    }

    /** Whether only this machine can reach it. */
    public boolean loopbackOnly() {
      for (String host : hosts) {
        try {
          if (!InetAddress.getByName(host).isLoopbackAddress()) {
            return false;
          }
        } catch (IOException unknown) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Opens the sockets.
   *
   * @throws IOException when an address cannot be listened on; the message names it
   */
  public static Listener start(Gateway gateway, Binding binding) throws IOException {
    return start(gateway, binding, TimeLimits.USUAL, System::nanoTime);
  }

  /** As {@link #start(Gateway, Binding)}, with other limits and another monotonic clock. */
  static Listener start(Gateway gateway, Binding binding, TimeLimits limits, LongSupplier clock)
      throws IOException {
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(binding.loops())
            .setInternalBlockingPoolSize(2)
            .setWorkerPoolSize(2)
            // An event loop that is held for longer than this is our bug; it is logged with its
            // stack.
            .setMaxEventLoopExecuteTime(TimeUnit.MILLISECONDS.toNanos(200))
            .setBlockedThreadCheckInterval(250)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false));
    Transport transport = Transport.EPOLL;
    Vertx vertx =
        transport != null && transport.available()
            ? Vertx.builder().with(options).withTransport(transport).build()
            : Vertx.builder().with(options).build();
    Listener listener =
        new Listener(
            vertx,
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fairlead-", 0).factory()),
            binding.port());
    try {
      boolean loopback = binding.loopbackOnly();
      for (int i = 0; i < binding.loops(); i++) {
        await(
            vertx.deployVerticle(
                listener.new LoopVerticle(gateway, binding.hosts(), loopback, limits, clock),
                new DeploymentOptions()));
      }
      return listener;
    } catch (IOException failed) {
      listener.close();
      throw failed;
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw cause instanceof IOException io
          ? io
          : new IOException(
              cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", interrupted);
    } catch (TimeoutException slow) {
      throw new IOException("the listener did not start within " + START_SECONDS + " s", slow);
    }
  }

  /** One event loop with its servers. */
  private final class LoopVerticle extends VerticleBase {
    private final Gateway gateway;
    private final List<String> hosts;
    private final boolean loopback;
    private final TimeLimits limits;
    private final LongSupplier clock;

    LoopVerticle(
        Gateway gateway,
        List<String> hosts,
        boolean loopback,
        TimeLimits limits,
        LongSupplier clock) {
      this.clock = clock;
      this.limits = limits;
      this.gateway = gateway;
      this.hosts = hosts;
      this.loopback = loopback;
    }

    @Override
    public Future<?> start() {
      Loop loop = new Loop(gateway, vertx, blocking, sites, limits, clock);
      loops.add(loop);
      RequestGate gate = new RequestGate(loop, loopback);
      Future<?> last = Future.succeededFuture();
      for (String host : hosts) {
        // Loops share a socket by asking for the same port in the same words, further hosts take
        // the port found.
        boolean search = requestedPort == 0 && host.equals(hosts.getFirst());
        last =
            last.compose(_ ->
                listen(
                    loop,
                    gate,
                    search
                        ? SocketAddress.sharedRandomPort(1, host)
                        : SocketAddress.inetSocketAddress(port, host)));
      }
      return last;
    }

    private Future<HttpServer> listen(Loop loop, RequestGate gate, SocketAddress on) {
      HttpServerOptions options =
          new HttpServerOptions()
              .setAcceptBacklog(4_096)
              .setTcpNoDelay(true)
              .setMaxHeaderSize(MOST_HEADER_BYTES)
              .setMaxInitialLineLength(MOST_REQUEST_LINE)
              .setHttp2ClearTextEnabled(false)
              .setDecompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false)
              .setPerMessageWebSocketCompressionSupported(false)
              .setHandle100ContinueAutomatically(false);
      return vertx
          .createHttpServer(options)
          .connectionHandler(connection -> {
            Framing.guard(connection, cause -> loop.brokenBody(connection, cause));
            connection.exceptionHandler(_ -> {});
            loop.connections().opened(connection, loop.nanos());
          })
          .invalidRequestHandler(gate::unreadable)
          .exceptionHandler(_ -> {})
          .requestHandler(gate::handle)
          .listen(on)
          .onSuccess(server -> {
            if (port == 0) {
              port = server.actualPort();
            }
          });
    }
  }

  /** The port listened on. */
  public int port() {
    return port;
  }

  List<EventLoop> eventLoops() {
    return loops.stream().map(Loop::eventLoop).toList();
  }

  /**
   * Gets {@code provider}'s own list of models as it is, by the way its inference takes, or fails
   * with an IOException that says why. Nothing is waited for here: whoever asks sets the limit.
   */
  public CompletableFuture<Bytes> modelList(ProviderConfig provider, @Nullable ProviderKey key) {
    Loop loop = loops.getFirst();
    CompletableFuture<Bytes> list = new CompletableFuture<>();
    ModelList question = ModelList.of(provider, key);
    loop.eventLoop()
        .execute(() -> {
          CompletableFuture<Bytes> page =
              ProviderPage.get(loop, provider, question.place(), question.headers());
          page.whenComplete((bytes, failure) -> {
            if (failure == null) {
              list.complete(bytes);
            } else {
              list.completeExceptionally(failure);
            }
          });
          list.whenComplete((_, _) -> page.cancel(false));
        });
    return list;
  }

  /**
   * From now on requests on new connections are refused with 503, but for health and the like;
   * connections that were there before are served on.
   */
  public void drain() {
    for (Loop loop : loops) {
      loop.eventLoop().execute(loop::drain);
    }
  }

  /** Exchanges under way, and request bodies being read. */
  public int live() {
    int live = 0;
    for (Loop loop : loops) {
      live += loop.live();
    }
    return live;
  }

  /** Lets the loops drop connections to providers that are no longer configured. */
  public void configurationChanged(Snapshot snapshot) {
    Set<NetworkConfig> inUse = new HashSet<>();
    for (ProviderConfig provider : snapshot.providers().values()) {
      inUse.add(provider.network());
    }
    for (Loop loop : loops) {
      loop.eventLoop().execute(() -> loop.clients().retain(inUse));
    }
  }

  /** Ends every exchange under way with an error in its client's dialect. */
  public void stopExchanges(String reason) {
    for (Loop loop : loops) {
      loop.eventLoop().execute(() -> loop.stopAll(reason));
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException unclean) {
      // Sockets go with the process in any case; there is nothing left to save here.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    blocking.shutdownNow();
  }
}
