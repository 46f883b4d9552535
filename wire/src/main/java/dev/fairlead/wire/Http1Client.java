package dev.fairlead.wire;

import dev.fairlead.core.exchange.UpstreamRequest;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Calls over HTTP/1.1 straight to a provider, which is how nearly all of them go. It does what this
 * needs and no more: the head and a small body leave in one write, what arrives in one read is
 * handed on in one piece, and a connection the provider has closed while it rested costs nobody
 * their request.
 */
final class Http1Client implements UpstreamClient {
  private record Authority(String host, int port) {}

  private final ConnectionSettings settings;
  private final OpenConnections connections;
  private final LongSupplier clock;
  private final ContextInternal context;
  private final ChannelFactory<? extends Channel> channels;
  private final @Nullable SslContext tls;
  private final Http1Head heads = new Http1Head();
  private final Map<Authority, Http1Pool> pools = new HashMap<>();
  private boolean retired;

  Http1Client(
      ContextInternal context,
      ConnectionSettings settings,
      OpenConnections connections,
      LongSupplier clock) {
    this.settings = settings;
    this.connections = connections;
    this.clock = clock;
    this.context = context;
    this.channels = context.owner().transport().channelFactory(false);
    this.tls = settings.tls() ? tls(settings) : null;
  }

  private static SslContext tls(ConnectionSettings settings) {
    // Which provider is used must not depend on what else is on the class path.
    SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    if (settings.insecure()) {
      builder
          .trustManager(InsecureTrustManagerFactory.INSTANCE)
          .endpointIdentificationAlgorithm(null);
    } else {
      builder.endpointIdentificationAlgorithm("HTTPS");
      if (settings.caCertPem() != null) {
        builder.trustManager(Trust.systemAnd(settings.caCertPem()));
      }
    }
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java runtime offers no TLS: " + e.getMessage(), e);
    }
  }

  ConnectionSettings settings() {
    return settings;
  }

  @Nullable SslContext tls() {
    return tls;
  }

  Http1Head heads() {
    return heads;
  }

  /** Counts the connections to all providers. */
  OpenConnections connections() {
    return connections;
  }

  /** What its connections' work is done in. */
  ContextInternal context() {
    return context;
  }

  boolean retired() {
    return retired;
  }

  /** Monotonic time. */
  long nanos() {
    return clock.getAsLong();
  }

  /**
   * A connection to be opened on this client's loop. Its buffers are pooled by size: whole bodies
   * pass through them, which the usual allocator would get from the system ever anew.
   */
  Bootstrap bootstrap() {
    return new Bootstrap()
        .group(context.nettyEventLoop())
        .channelFactory(channels)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectMillis())
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.TCP_NODELAY, true);
  }

  @Override
  public Transfer prepare(
      Place place, HttpMethod method, UpstreamRequest request, Receiver receiver) {
    Authority authority = new Authority(place.host(), place.port());
    Http1Pool pool = pools.get(authority);
    if (pool == null) {
      pool = new Http1Pool(this);
      pools.put(authority, pool);
    }
    return new Http1Transfer(pool, place, method, request, receiver);
  }

  @Override
  public void tick(long now) {
    for (Iterator<Http1Pool> each = pools.values().iterator(); each.hasNext(); ) {
      Http1Pool pool = each.next();
      pool.tick(now);
      if (pool.isEmpty()) {
        each.remove();
      }
    }
  }

  @Override
  public void retire() {
    retired = true;
    pools.values().forEach(Http1Pool::closeIdle);
  }
}
