package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig.Proxy;
import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls over HTTP/2 and through proxies, as Vert.x makes them. */
final class VertxClient implements UpstreamClient {
  private static final int HTTP2_STREAMS_PER_CONNECTION = 32;
  private static final int HTTP2_STREAM_WINDOW = 256 * 1024;

  private final ContextInternal context;
  private final HttpClient client;
  private final int connectMillis;

  VertxClient(ContextInternal context, ConnectionSettings settings, OpenConnections connections) {
    this.context = context;
    this.connectMillis = settings.connectMillis();
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(settings.connectMillis())
            .setSslHandshakeTimeout(settings.connectMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAliveTimeout(settings.keepAliveSeconds())
            .setHttp2KeepAliveTimeout(settings.keepAliveSeconds())
            .setDecompressionSupported(false)
            .setTcpNoDelay(true)
            .setMaxHeaderSize(ConnectionSettings.MOST_HEADER_BYTES)
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
      String own = settings.caCertPem();
      if (!settings.insecure() && own != null) {
        options.setTrustOptions(TrustOptions.wrap(Trust.systemAnd(own)));
      }
    }
    Proxy proxy = settings.proxy();
    if (proxy != null) {
      options.setProxyOptions(proxyOptions(proxy));
    }
    client =
        context
            .owner()
            .httpClientBuilder()
            .with(options)
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(settings.maxConnections())
                    .setHttp2MaxSize(Math.max(1, settings.maxConnections() / 8))
                    .setMaxWaitQueueSize(ConnectionSettings.MOST_WAITING)
                    .setMaxLifetime((int) ConnectionSettings.LIFETIME_SECONDS)
                    .setMaxLifetimeUnit(TimeUnit.SECONDS)
                    .setEventLoopSize(0))
            // What breaks on a connection reaches the request on it; without a handler it would
            // also be logged, as an error, as often as a provider likes.
            .withConnectHandler(connection -> {
              connections.opened();
              connection
                  .exceptionHandler(_ -> {})
                  .closeHandler(_ -> {
                    connections.closed();
                    Connections.drain(connection);
                  });
            })
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

  @Override
  public Transfer prepare(
      Place place, HttpMethod method, UpstreamRequest request, Receiver receiver) {
    return new VertxTransfer(place, method, request, receiver);
  }

  @Override
  public void tick(long now) {
    // Vert.x keeps its own time.
  }

  @Override
  public void retire() {
    client.shutdown(ConnectionSettings.LIFETIME_SECONDS, TimeUnit.SECONDS);
  }

  private final class VertxTransfer implements Transfer {
    private final Place place;
    private final HttpMethod method;
    private final UpstreamRequest upstream;
    private final Receiver receiver;
    private boolean done;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;

    VertxTransfer(Place place, HttpMethod method, UpstreamRequest upstream, Receiver receiver) {
      this.place = place;
      this.method = method;
      this.upstream = upstream;
      this.receiver = receiver;
    }

    @Override
    public void begin() {
      // Vert.x answers on the loop it is asked on, which it knows by the context alone.
      ContextInternal before = context.beginDispatch();
      try {
        ask();
      } finally {
        context.endDispatch(before);
      }
    }

    private void ask() {
      RequestOptions options =
          new RequestOptions()
              .setMethod(method)
              .setHost(place.host())
              .setPort(place.port())
              .setSsl(place.tls())
              .setURI(upstream.target())
              .setFollowRedirects(false)
              .setConnectTimeout(connectMillis);
      if (place.address() != null) {
        options.setServer(SocketAddress.inetSocketAddress(place.address()));
      }
      client
          .request(options)
          .onComplete(connected -> {
            if (connected.succeeded()) {
              send(connected.result());
            } else if (!done) {
              done = true;
              receiver.unreached(connected.cause());
            }
          });
    }

    private void send(HttpClientRequest fresh) {
      if (done) {
        fresh.reset();
        return;
      }
      request = fresh;
      MultiMap headers = fresh.headers();
      try {
        upstream.headers().forEach(headers::add);
      } catch (IllegalArgumentException notAHeader) {
        abort();
        receiver.broken(notAHeader);
        return;
      }
      if (!method.equals(HttpMethod.GET)) {
        headers.set(HttpHeaders.CONTENT_LENGTH, Long.toString(upstream.length()));
      }
      fresh.exceptionHandler(this::broken);
      fresh
          .response()
          .onComplete(answered -> {
            if (answered.succeeded()) {
              receive(answered.result());
            } else {
              broken(answered.cause());
            }
          });
      fresh.end(Buffers.join(upstream.body()));
    }

    private void receive(HttpClientResponse reply) {
      if (done) {
        return;
      }
      response = reply;
      reply.exceptionHandler(this::broken);
      reply.handler(buffer -> {
        if (!done) {
          receiver.data(Buffers.bytes(buffer));
        }
      });
      reply.endHandler(_ -> {
        if (!done) {
          done = true;
          receiver.end();
        }
      });
      Headers.Builder headers = Headers.builder();
      for (Map.Entry<String, String> field : reply.headers()) {
        headers.add(field.getKey(), field.getValue());
      }
      receiver.head(reply.statusCode(), headers.build());
    }

    private void broken(Throwable cause) {
      if (!done) {
        done = true;
        receiver.broken(cause);
      }
    }

    @Override
    public void abort() {
      done = true;
      if (request != null) {
        request.reset();
      }
    }

    @Override
    public void pause() {
      if (response != null && !done) {
        response.pause();
      }
    }

    @Override
    public void resume() {
      if (response != null && !done) {
        response.resume();
      }
    }
  }
}
