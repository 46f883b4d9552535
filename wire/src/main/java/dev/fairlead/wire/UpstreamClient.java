package dev.fairlead.wire;

import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import io.vertx.core.http.HttpMethod;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One way to make calls: connections of one kind, kept for the next call to the same place.
 * Confined to its event loop.
 */
interface UpstreamClient {
  /**
   * Where a call goes.
   *
   * @param host the name certificates are checked for and Host tells, without brackets
   * @param address where to connect, or null when a proxy looks the name up
   */
  record Place(String host, int port, boolean tls, @Nullable InetSocketAddress address) {
    /** Host and, unless it is the usual one, port, as the Host field has them. */
    String authority() {
      String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }
  }

  /** A call that is made when {@link Transfer#begin} is called. */
  Transfer prepare(Place place, HttpMethod method, UpstreamRequest request, Receiver receiver);

  /** Lets time pass; {@code now} is monotonic nanoseconds. */
  void tick(long now);

  /** Takes no more calls; those under way are finished. */
  void retire();

  /** One request on its way, and its reply. */
  interface Transfer {
    void begin();

    /** Ends it at once, wherever it is. Nothing more is told. */
    void abort();

    /** Lets the reply wait where it is. */
    void pause();

    void resume();
  }

  /** Told what becomes of a transfer, in order. */
  interface Receiver {
    /** There is no connection; nothing was sent. */
    void unreached(Throwable cause);

    void head(int status, Headers headers);

    void data(Bytes bytes);

    void end();

    /** The connection broke, or what came over it is no reply. */
    void broken(Throwable cause);
  }
}
