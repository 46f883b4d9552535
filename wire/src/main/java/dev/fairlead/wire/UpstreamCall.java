package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.FailureClass;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One call of a provider, from name to last byte. Confined to its event loop. */
final class UpstreamCall {
  /** Told what happens to a call, in order, and nothing more once the call was aborted. */
  interface Listener {
    void head(int status, Headers headers);

    void data(Bytes bytes);

    void end();

    void lost(FailureClass failure, String detail);
  }

  private final UpstreamClients clients;
  private final HostResolver resolver;
  private final ProviderConfig provider;
  private final HttpMethod method;
  private final UpstreamRequest upstream;
  private final Listener listener;
  private final boolean tls;
  private final String host;
  private final int port;

  private boolean done;
  private boolean headSeen;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;

  UpstreamCall(
      UpstreamClients clients,
      HostResolver resolver,
      ProviderConfig provider,
      UpstreamRequest upstream,
      Listener listener) {
    this(clients, resolver, provider, HttpMethod.POST, upstream, listener);
  }

  /** A call by another method; one without a body has no Content-Length. */
  UpstreamCall(
      UpstreamClients clients,
      HostResolver resolver,
      ProviderConfig provider,
      HttpMethod method,
      UpstreamRequest upstream,
      Listener listener) {
    this.method = method;
    this.clients = clients;
    this.resolver = resolver;
    this.provider = provider;
    this.upstream = upstream;
    this.listener = listener;
    URI base = upstream.base();
    this.tls = "https".equals(base.getScheme());
    String name = base.getHost();
    this.host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
    this.port = base.getPort() >= 0 ? base.getPort() : tls ? 443 : 80;
  }

  void start() {
    if (throughProxy()) {
      // The proxy looks names up; what it may reach is its operator's policy.
      connect(List.of(), 0);
    } else {
      resolver.resolve(
          host,
          answer -> {
            if (done) {
              return;
            }
            switch (answer) {
              case HostResolver.Answer.Addresses(List<InetAddress> addresses) ->
                  connectAllowed(addresses);
              case HostResolver.Answer.Unknown(String reason) -> lost(FailureClass.CONNECT, reason);
            }
          });
    }
  }

  private boolean throughProxy() {
    NetworkConfig.Proxy proxy = provider.network().proxy();
    if (proxy == null) {
      return false;
    }
    for (String direct : proxy.noProxy()) {
      String suffix = direct.startsWith("*") ? direct.substring(1) : direct;
      if (host.equals(suffix) || (suffix.startsWith(".") && host.endsWith(suffix))) {
        return false;
      }
    }
    return true;
  }

  private void connectAllowed(List<InetAddress> addresses) {
    boolean privateAllowed = provider.local() || provider.network().allowPrivateNetwork();
    List<InetAddress> allowed = new ArrayList<>(addresses.size());
    for (InetAddress address : addresses) {
      if (AddressPolicy.allows(address, privateAllowed)) {
        allowed.add(address);
      }
    }
    if (allowed.isEmpty()) {
      lost(
          FailureClass.ADDRESS_DENIED,
          "the name " + host + " leads to an address that may not be connected to");
    } else {
      connect(allowed, 0);
    }
  }

  private void connect(List<InetAddress> addresses, int index) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(host)
            .setPort(port)
            .setSsl(tls)
            .setURI(upstream.target())
            .setFollowRedirects(false)
            .setConnectTimeout(provider.network().connectTimeout().toMillis());
    if (!addresses.isEmpty()) {
      options.setServer(
          SocketAddress.inetSocketAddress(new InetSocketAddress(addresses.get(index), port)));
    }
    clients
        .client(provider.network(), tls)
        .request(options)
        .onComplete(connected -> {
          if (connected.succeeded()) {
            send(connected.result());
          } else if (!done) {
            FailureClass failure = classify(connected.cause());
            if (failure == FailureClass.CONNECT && index + 1 < addresses.size()) {
              connect(addresses, index + 1);
            } else {
              lost(failure, describe(connected.cause()));
            }
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
    upstream.headers().forEach(headers::add);
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
        listener.data(Buffers.bytes(buffer));
      }
    });
    reply.endHandler(_ -> {
      if (!done) {
        done = true;
        listener.end();
      }
    });
    headSeen = true;
    String encoding = reply.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      abort();
      listener.lost(
          FailureClass.MALFORMED,
          "the reply is compressed (" + encoding + ") although identity was asked for");
      return;
    }
    Headers.Builder headers = Headers.builder();
    for (Map.Entry<String, String> field : reply.headers()) {
      headers.add(field.getKey(), field.getValue());
    }
    listener.head(reply.statusCode(), headers.build());
  }

  private void broken(Throwable cause) {
    if (!done) {
      lost(headSeen ? FailureClass.CUT : afterSending(cause), describe(cause));
    }
  }

  private void lost(FailureClass failure, String detail) {
    done = true;
    listener.lost(failure, detail);
  }

  /** Drops the connection at once (resets the stream on HTTP/2). Nothing more is told. */
  void abort() {
    done = true;
    if (request != null) {
      request.reset();
    }
  }

  void pause() {
    if (response != null && !done) {
      response.pause();
    }
  }

  void resume() {
    if (response != null && !done) {
      response.resume();
    }
  }

  private static FailureClass afterSending(Throwable cause) {
    FailureClass failure = classify(cause);
    return failure == FailureClass.CONNECT ? FailureClass.RESET_BEFORE_REPLY : failure;
  }

  private static FailureClass classify(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      switch (t) {
        case ConnectTimeoutException _ -> {
          return FailureClass.CONNECT_TIMEOUT;
        }
        case TimeoutException _ -> {
          return FailureClass.CONNECT_TIMEOUT;
        }
        case ConnectionPoolTooBusyException _ -> {
          return FailureClass.SHED;
        }
        case SSLException _ -> {
          return FailureClass.TLS;
        }
        case TooLongFrameException _ -> {
          return FailureClass.MALFORMED;
        }
        case DecoderException _ -> {}
        case ConnectException _ -> {
          return FailureClass.CONNECT;
        }
        case NoRouteToHostException _ -> {
          return FailureClass.CONNECT;
        }
        case UnknownHostException _ -> {
          return FailureClass.CONNECT;
        }
        case IllegalArgumentException _ -> {
          return FailureClass.MALFORMED;
        }
        default -> {}
      }
    }
    return FailureClass.RESET_BEFORE_REPLY;
  }

  private static String describe(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
