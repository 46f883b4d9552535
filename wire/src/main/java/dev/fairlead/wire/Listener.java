package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.provider.ModelList;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
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
  private static final int BACKLOG = 4_096;
  private static final long START_SECONDS = 30;

  private final VertxInternal vertx;
  private final List<Loop> loops = new CopyOnWriteArrayList<>();
  private final List<Channel> servers = new CopyOnWriteArrayList<>();
  private final ExecutorService blocking;
  private final SiteBounds sites = new SiteBounds();
  private final OpenConnections clientConnections = new OpenConnections();
  private final OpenConnections upstreamConnections = new OpenConnections();
  private volatile int port;

  private Listener(VertxInternal vertx, ExecutorService blocking, int port) {
    this.port = port;
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

    /**
     * Where it is.
     *
     * @throws IOException when a name stands for no address; the message names it
     */
    List<InetAddress> addresses() throws IOException {
      List<InetAddress> addresses = new ArrayList<>();
      for (String host : hosts) {
        try {
          addresses.add(InetAddress.getByName(host));
        } catch (UnknownHostException unknown) {
          throw new IOException("no address is known for the host " + host, unknown);
        }
      }
      return addresses;
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
            (VertxInternal) vertx,
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fairlead-", 0).factory()),
            binding.port());
    try {
      listener.serve(gateway, binding, limits, clock);
      return listener;
    } catch (IOException failed) {
      listener.close();
      throw failed;
    }
  }

  private void serve(Gateway gateway, Binding binding, TimeLimits limits, LongSupplier clock)
      throws IOException {
    boolean loopback = binding.loopbackOnly();
    IdentityHashMap<EventExecutor, RequestGate> gates = new IdentityHashMap<>();
    for (EventExecutor each : vertx.nettyEventLoopGroup()) {
      ContextInternal context = vertx.contextBuilder().withEventLoop((EventLoop) each).build();
      Loop loop =
          new Loop(
              gateway,
              context,
              blocking,
              sites,
              limits,
              clientConnections,
              upstreamConnections,
              clock);
      loops.add(loop);
      gates.put(each, new RequestGate(loop, loopback));
    }
    ServerBootstrap server =
        new ServerBootstrap()
            .group(vertx.acceptorEventLoopGroup(), vertx.nettyEventLoopGroup())
            .channelFactory(vertx.transport().serverChannelFactory(false))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel fresh) {
                    RequestGate gate = Objects.requireNonNull(gates.get(fresh.eventLoop()));
                    fresh
                        .pipeline()
                        .addLast(Framing.decoder())
                        .addLast(new ClientConnection(gate.loop(), gate, fresh));
                  }
                });
    for (InetAddress address : binding.addresses()) {
      listen(server, address);
    }
    for (Loop loop : loops) {
      loop.startTicking();
    }
  }

  /** Further addresses take the port found for the first. */
  private void listen(ServerBootstrap server, InetAddress address) throws IOException {
    ChannelFuture bound = server.bind(address, port);
    try {
      if (!bound.await(START_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the listener did not start within " + START_SECONDS + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", interrupted);
    }
    Throwable cause = bound.cause();
    if (cause != null) {
      throw cause instanceof IOException io
          ? io
          : new IOException(
              cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
    servers.add(bound.channel());
    port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
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
    loop.soon(() -> {
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
      loop.soon(loop::drain);
    }
  }

  /** Connections of clients. */
  public OpenConnections clientConnections() {
    return clientConnections;
  }

  /** Connections to providers, those at rest or being opened included. */
  public OpenConnections upstreamConnections() {
    return upstreamConnections;
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
      loop.soon(() -> loop.clients().retain(inUse));
    }
  }

  /** Ends every exchange under way with an error in its client's dialect. */
  public void stopExchanges(String reason) {
    for (Loop loop : loops) {
      loop.soon(() -> loop.stopAll(reason));
    }
  }

  @Override
  public void close() {
    servers.forEach(Channel::close);
    for (Loop loop : loops) {
      loop.soon(loop::close);
    }
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
