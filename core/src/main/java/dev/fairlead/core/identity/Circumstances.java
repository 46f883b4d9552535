package dev.fairlead.core.identity;

/**
 * What is known of a request before any of its content is believed.
 *
 * @param listenerLoopback whether the listener accepts from this machine only
 * @param peerLoopback whether the connection comes from a loopback address
 * @param headers the request's headers
 * @param queryKey the value of {@code ?key=}, decoded, or empty
 */
public record Circumstances(
    boolean listenerLoopback,
    boolean peerLoopback,
    dev.fairlead.core.model.Headers headers,
    String queryKey) {}
