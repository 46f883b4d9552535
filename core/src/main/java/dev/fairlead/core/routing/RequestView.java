package dev.fairlead.core.routing;

import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Headers;

/**
 * What rules may know of a request beside what it asks for.
 *
 * @param headers the client's
 * @param query raw query of its URL, or empty
 * @param client program that sent it
 * @param feature what of that program, or empty
 * @param bodyBytes size of its body
 * @param atMillis epoch milliseconds of its arrival
 */
public record RequestView(
    Headers headers,
    String query,
    String client,
    String feature,
    boolean hasTools,
    boolean stream,
    long bodyBytes,
    Attribution attribution,
    Revealed revealed,
    long atMillis) {
  /** Of a request of which nothing is known. */
  public static final RequestView NOTHING =
      new RequestView(
          Headers.EMPTY, "", "unknown", "", false, false, 0, Attribution.NONE, Revealed.NOTHING, 0);
}
