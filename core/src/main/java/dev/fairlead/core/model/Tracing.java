package dev.fairlead.core.model;

import org.jspecify.annotations.Nullable;

/**
 * Which requests are traced, and where in their trace they stand. Everything follows from a
 * request's id and its client's {@code traceparent}, so that the header sent to a provider and the
 * spans made from the receipt agree without either knowing of the other.
 *
 * @param on whether any request is
 * @param ratio share, 0 to 1, of the requests whose client traces nothing itself
 */
public record Tracing(boolean on, double ratio) {
  /** No request is traced, and clients' headers pass as they are. */
  public static final Tracing OFF = new Tracing(false, 0);

  public Tracing {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("a share is 0 to 1");
    }
  }

  /**
   * The span of a request.
   *
   * @param requestId the request's UUIDv7
   * @param client what the client said, or null
   */
  public TraceParent span(String requestId, @Nullable TraceParent client) {
    String digits = requestId.replace("-", "");
    String own = digits.substring(16);
    return client == null
        ? new TraceParent(digits, own, on && drawn(own))
        : new TraceParent(client.traceId(), own, on && client.sampled());
  }

  /** By the random part of the id, so that everybody who knows it draws alike. */
  private boolean drawn(String own) {
    long random = Long.parseUnsignedLong(own.substring(4), 16);
    return random < ratio * (double) (1L << 48);
  }
}
