package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.NetworkConfig.Proxy;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What connections depend on: providers for which all of it is equal share them.
 *
 * @param connectMillis for the TCP and the TLS handshake each, at least 1
 * @param keepAliveSeconds how long an unused connection is kept, at least 1
 * @param maxConnections of one event loop to one host
 * @param insecure whether any certificate will do
 * @param caCertPem further authorities, or null
 * @param proxy the proxy to go through, or null for directly
 */
record ConnectionSettings(
    int connectMillis,
    int keepAliveSeconds,
    int maxConnections,
    boolean http2,
    boolean tls,
    boolean insecure,
    @Nullable String caCertPem,
    @Nullable Proxy proxy) {
  /** After this a connection is not used again, so that changes of a name's addresses are seen. */
  static final long LIFETIME_SECONDS = 600;

  /** Calls that wait for a connection to one host; more are refused. */
  static final int MOST_WAITING = 1_000;

  /** Of a reply's head, in bytes. */
  static final int MOST_HEADER_BYTES = 64 * 1024;

  static ConnectionSettings of(NetworkConfig network, boolean tls, boolean proxied) {
    return new ConnectionSettings(
        Math.clamp(network.connectTimeout().toMillis(), 1, Integer.MAX_VALUE),
        Math.clamp(network.keepAliveTimeout().toSeconds(), 1, Integer.MAX_VALUE),
        network.maxConnectionsPerHost(),
        network.http2(),
        tls,
        network.insecureSkipVerify(),
        network.caCertPem(),
        proxied ? network.proxy() : null);
  }

  long connectNanos() {
    return TimeUnit.MILLISECONDS.toNanos(connectMillis);
  }
}
