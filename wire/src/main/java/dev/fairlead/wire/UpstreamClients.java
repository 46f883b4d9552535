package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.NetworkConfig.Proxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.TrustOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP clients of one event loop: one for each distinct way to reach providers, so that
 * providers of equal settings share a pool and a changed setting gets a new one. Confined to its
 * loop.
 */
final class UpstreamClients {
  private static final int CONNECTION_LIFETIME_SECONDS = 600;
  private static final int MOST_WAITING_FOR_A_CONNECTION = 1_000;
  private static final int MOST_HEADER_BYTES = 64 * 1024;
  private static final int HTTP2_STREAMS_PER_CONNECTION = 32;
  private static final int HTTP2_STREAM_WINDOW = 256 * 1024;

  /** What a pool depends on. */
  private record Settings(
      long connectMillis,
      long keepAliveSeconds,
      int maxConnections,
      boolean http2,
      boolean tls,
      boolean insecure,
      String caCertPem,
      Object proxy) {
    static Settings of(NetworkConfig network, boolean tls) {
      return new Settings(
          network.connectTimeout().toMillis(),
          Math.max(1, network.keepAliveTimeout().toSeconds()),
          network.maxConnectionsPerHost(),
          network.http2(),
          tls,
          network.insecureSkipVerify(),
          network.caCertPem() == null ? "" : network.caCertPem(),
          network.proxy() == null ? "" : network.proxy());
    }
  }

  private final Vertx vertx;
  private final Map<Settings, HttpClient> clients = new HashMap<>();

  UpstreamClients(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The client for {@code network}; made when first asked for. */
  HttpClient client(NetworkConfig network, boolean tls) {
    Settings settings = Settings.of(network, tls);
    HttpClient known = clients.get(settings);
    if (known == null) {
      known = open(network, settings);
      clients.put(settings, known);
    }
    return known;
  }

  /**
   * Closes clients no provider in {@code inUse} needs any more; requests under way are finished
   * first.
   */
  void retain(Set<NetworkConfig> inUse) {
    List<Settings> needed = new ArrayList<>();
    for (NetworkConfig network : inUse) {
      needed.add(Settings.of(network, true));
      needed.add(Settings.of(network, false));
    }
    clients
        .entrySet()
        .removeIf(entry -> {
          if (needed.contains(entry.getKey())) {
            return false;
          }
          entry.getValue().shutdown(CONNECTION_LIFETIME_SECONDS, TimeUnit.SECONDS);
          return true;
        });
  }

  private HttpClient open(NetworkConfig network, Settings settings) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) Math.min(Integer.MAX_VALUE, settings.connectMillis()))
            .setSslHandshakeTimeout(Math.max(1, settings.connectMillis()))
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAliveTimeout((int) settings.keepAliveSeconds())
            .setHttp2KeepAliveTimeout((int) settings.keepAliveSeconds())
            .setDecompressionSupported(false)
            .setTcpNoDelay(true)
            .setMaxHeaderSize(MOST_HEADER_BYTES)
            .setSsl(settings.tls());
    if (settings.http2()) {
      options
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setUseAlpn(settings.tls())
          .setHttp2MultiplexingLimit(HTTP2_STREAMS_PER_CONNECTION)
          .setHttp2ConnectionWindowSize(HTTP2_STREAMS_PER_CONNECTION * HTTP2_STREAM_WINDOW);
      options.getInitialSettings().setInitialWindowSize(HTTP2_STREAM_WINDOW);
    }
    if (settings.tls()) {
      options.setTrustAll(settings.insecure()).setVerifyHost(!settings.insecure());
      if (!settings.insecure() && network.caCertPem() != null) {
        options.setTrustOptions(TrustOptions.wrap(Trust.systemAnd(network.caCertPem())));
      }
    }
    Proxy proxy = network.proxy();
    if (proxy != null) {
      options.setProxyOptions(proxyOptions(proxy));
      options.setNonProxyHosts(
          proxy.noProxy().stream().map(host -> host.startsWith(".") ? "*" + host : host).toList());
    }
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(
            new PoolOptions()
                .setHttp1MaxSize(settings.maxConnections())
                .setHttp2MaxSize(Math.max(1, settings.maxConnections() / 8))
                .setMaxWaitQueueSize(MOST_WAITING_FOR_A_CONNECTION)
                .setMaxLifetime(CONNECTION_LIFETIME_SECONDS)
                .setMaxLifetimeUnit(TimeUnit.SECONDS)
                .setEventLoopSize(0))
        // What breaks on a connection reaches the request on it; without a handler it would also be
        // logged, as an error,
        // as often as a provider likes.
        .withConnectHandler(connection ->
            connection.exceptionHandler(_ -> {}).closeHandler(_ -> Connections.drain(connection)))
        .build();
  }

  private static ProxyOptions proxyOptions(Proxy proxy) {
    ProxyOptions options =
        new ProxyOptions()
            .setType(
                switch (proxy.kind()) {
                  case HTTP -> ProxyType.HTTP;
                  case SOCKS5 -> ProxyType.SOCKS5;
                })
            .setHost(proxy.host())
            .setPort(proxy.port());
    if (proxy.username() != null) {
      options.setUsername(proxy.username());
      if (proxy.password() != null) {
        options.setPassword(proxy.password().reveal());
      }
    }
    return options;
  }
}
