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
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpMethod;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** Of an error's compressed body; more is no error message. */
  private static final int MOST_COMPRESSED = 64 * 1024;

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
  private UpstreamClient.@Nullable Transfer transfer;
  private @Nullable Compressed compressed;

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
      connect(null, List.of());
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
      connect(allowed.getFirst(), allowed.subList(1, allowed.size()));
    }
  }

  /** Calls at {@code address}, and at {@code others} in turn while nothing listens there. */
  private void connect(@Nullable InetAddress address, List<InetAddress> others) {
    UpstreamClient.Place place =
        new UpstreamClient.Place(
            host, port, tls, address == null ? null : new InetSocketAddress(address, port));
    UpstreamClient.Transfer next =
        clients
            .client(provider.network(), tls, address == null)
            .prepare(place, method, upstream, new Reply(others));
    transfer = next;
    next.begin();
  }

  /** What comes of a transfer. */
  private final class Reply implements UpstreamClient.Receiver {
    private final List<InetAddress> others;

    Reply(List<InetAddress> others) {
      this.others = others;
    }

    @Override
    public void unreached(Throwable cause) {
      if (done) {
        return;
      }
      FailureClass failure = classify(cause);
      if (failure == FailureClass.CONNECT && !others.isEmpty()) {
        connect(others.getFirst(), others.subList(1, others.size()));
      } else {
        lost(failure, describe(cause));
      }
    }

    @Override
    public void head(int status, Headers headers) {
      if (done) {
        return;
      }
      String encoding = headers.get("content-encoding");
      if (encoding == null || encoding.equalsIgnoreCase("identity")) {
        headSeen = true;
        listener.head(status, headers);
        return;
      }
      Inflate.Coding coding = Inflate.coding(encoding.strip().toLowerCase(Locale.ROOT));
      if (coding != null && status >= 400) {
        // Something before the provider answers, and does not care what was asked for.
        compressed = new Compressed(status, headers, coding);
      } else {
        malformed("the reply is compressed (" + encoding + ") although identity was asked for");
      }
    }

    @Override
    public void data(Bytes bytes) {
      if (done) {
        return;
      }
      if (compressed == null) {
        listener.data(bytes);
      } else if (!compressed.add(bytes)) {
        malformed("the error is compressed and larger than " + MOST_COMPRESSED + " bytes");
      }
    }

    @Override
    public void end() {
      if (done) {
        return;
      }
      if (compressed == null) {
        done = true;
        listener.end();
      } else {
        readable(compressed);
      }
    }

    @Override
    public void broken(Throwable cause) {
      if (!done) {
        lost(headSeen ? FailureClass.CUT : afterSending(cause), describe(cause));
      }
    }
  }

  /** An error whose body has to be read before anybody can say what it means. */
  private static final class Compressed {
    private final int status;
    private final Headers headers;
    private final Inflate.Coding coding;
    private final List<Bytes> body = new ArrayList<>(1);
    private int length;

    Compressed(int status, Headers headers, Inflate.Coding coding) {
      this.status = status;
      this.headers = headers;
      this.coding = coding;
    }

    boolean add(Bytes bytes) {
      length += bytes.length();
      body.add(bytes);
      return length <= MOST_COMPRESSED;
    }
  }

  private void readable(Compressed error) {
    Bytes raw = Bytes.concat(error.body);
    switch (Inflate.inflate(raw, error.coding, Inflate.ALWAYS_ALLOWED)) {
      case Inflate.Outcome.Plain(Bytes plain) -> {
        Headers.Builder headers = Headers.builder();
        error.headers.forEach((name, value) -> {
          if (!name.equalsIgnoreCase("content-encoding")
              && !name.equalsIgnoreCase("content-length")) {
            headers.add(name, value);
          }
        });
        headSeen = true;
        listener.head(error.status, headers.build());
        if (!done && !plain.isEmpty()) {
          listener.data(plain);
        }
        if (!done) {
          done = true;
          listener.end();
        }
      }
      case Inflate.Outcome.TooLarge _, Inflate.Outcome.GrowsTooMuch _ ->
          lost(FailureClass.MALFORMED, "the error is compressed and too large to be read");
      case Inflate.Outcome.Broken _ ->
          lost(FailureClass.MALFORMED, "the error's compressed body cannot be read");
    }
  }

  private void malformed(String detail) {
    abort();
    listener.lost(FailureClass.MALFORMED, detail);
  }

  private void lost(FailureClass failure, String detail) {
    done = true;
    listener.lost(failure, detail);
  }

  /** Drops the connection at once (resets the stream on HTTP/2). Nothing more is told. */
  void abort() {
    done = true;
    if (transfer != null) {
      transfer.abort();
    }
  }

  void pause() {
    if (transfer != null && !done) {
      transfer.pause();
    }
  }

  void resume() {
    if (transfer != null && !done) {
      transfer.resume();
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
