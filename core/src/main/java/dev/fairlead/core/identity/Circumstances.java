package dev.fairlead.core.identity;

import dev.fairlead.core.model.Headers;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request before any of its content is believed.
 *
 * @param listenerLoopback whether the listener accepts from this machine only
 * @param peerLoopback whether the connection comes from a loopback address
 * @param proxied whether the peer is one of the operator's proxies
 * @param http10 whether it came as HTTP/1.0
 * @param headers the request's headers
 * @param queryKey the value of {@code ?key=}, decoded, or empty
 * @param client where the request comes from, past the proxies that are believed; null when that is
 *     not known
 */
public record Circumstances(
    boolean listenerLoopback,
    boolean peerLoopback,
    boolean proxied,
    boolean http10,
    Headers headers,
    String queryKey,
    @Nullable InetAddress client) {
  /** A request from nobody knows where. */
  public Circumstances(
      boolean listenerLoopback,
      boolean peerLoopback,
      boolean proxied,
      boolean http10,
      Headers headers,
      String queryKey) {
    this(listenerLoopback, peerLoopback, proxied, http10, headers, queryKey, null);
  }
}
