package dev.fairlead.core.config;

import dev.fairlead.core.identity.HeaderTemplate;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a provider.
 *
 * @param baseUrl scheme, host, port and path prefix, without a trailing slash and without {@code
 *     /v1}
 * @param extraHeaders sent with every request, after those of the client
 * @param identityHeaders sent with every request of a client that has what they name
 * @param connectTimeout for the TCP and TLS handshakes
 * @param firstByteTimeout from the request's last byte to the reply's first
 * @param idleTimeout between two pieces of a reply
 * @param totalTimeout for the whole exchange, retries and fallbacks included
 * @param maxRetries further attempts at this provider, whatever the key
 * @param retryBackoffInitial wait before the first such attempt, doubled each time
 * @param retryBackoffMax upper bound of that wait
 * @param http2 whether to speak HTTP/2 when the provider offers it
 * @param insecureSkipVerify whether any certificate is accepted; for tests of the operator's own
 * @param caCertPem further certificate authorities to trust, PEM, or null
 * @param allowPrivateNetwork whether addresses of RFC 1918 and ULA may be connected to (loopback
 *     always, link-local never)
 * @param maxConnectionsPerHost upper bound of connections an event loop keeps to one host
 * @param keepAliveTimeout how long an unused connection is kept
 * @param proxy how to get out, or null for directly
 */
public record NetworkConfig(
    URI baseUrl,
    Map<String, String> extraHeaders,
    Map<String, HeaderTemplate> identityHeaders,
    Duration connectTimeout,
    Duration firstByteTimeout,
    Duration idleTimeout,
    Duration totalTimeout,
    int maxRetries,
    Duration retryBackoffInitial,
    Duration retryBackoffMax,
    boolean http2,
    boolean insecureSkipVerify,
    @Nullable String caCertPem,
    boolean allowPrivateNetwork,
    int maxConnectionsPerHost,
    Duration keepAliveTimeout,
    @Nullable Proxy proxy) {
  public NetworkConfig {
    extraHeaders = Map.copyOf(extraHeaders);
    identityHeaders = Map.copyOf(identityHeaders);
  }

  /** The same without headers that tell who is asking. */
  public NetworkConfig(
      URI baseUrl,
      Map<String, String> extraHeaders,
      Duration connectTimeout,
      Duration firstByteTimeout,
      Duration idleTimeout,
      Duration totalTimeout,
      int maxRetries,
      Duration retryBackoffInitial,
      Duration retryBackoffMax,
      boolean http2,
      boolean insecureSkipVerify,
      @Nullable String caCertPem,
      boolean allowPrivateNetwork,
      int maxConnectionsPerHost,
      Duration keepAliveTimeout,
      @Nullable Proxy proxy) {
    this(
        baseUrl,
        extraHeaders,
        Map.of(),
        connectTimeout,
        firstByteTimeout,
        idleTimeout,
        totalTimeout,
        maxRetries,
        retryBackoffInitial,
        retryBackoffMax,
        http2,
        insecureSkipVerify,
        caCertPem,
        allowPrivateNetwork,
        maxConnectionsPerHost,
        keepAliveTimeout,
        proxy);
  }

  /** Names of the extra headers only: their values may be credentials. */
  @Override
  public String toString() {
    return "NetworkConfig[" + baseUrl + ", extra headers " + extraHeaders.keySet() + "]";
  }

  /**
   * A forward proxy.
   *
   * @param kind how to speak to it
   * @param noProxy hosts and domain suffixes reached without it
   */
  public record Proxy(
      Kind kind,
      String host,
      int port,
      @Nullable String username,
      @Nullable Secret password,
      @Nullable String caCertPem,
      List<String> noProxy) {
    /** Protocols of forward proxies. */
    public enum Kind {
      HTTP,
      SOCKS5
    }

    public Proxy {
      noProxy = List.copyOf(noProxy);
    }
  }
}
