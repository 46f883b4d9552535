package dev.fairlead.core.port;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Told of requests. Called on event loops: implementations hand the work on, bound what they keep,
 * and count what they shed. They never throw.
 */
public interface ExchangeObserver {
  /**
   * A request has been identified and its provider calls begin; {@link #closed} follows in any
   * case. Requests that are refused before have no opening.
   *
   * @return what is to see the bytes of the reply, or null
   */
  default @Nullable ReplyTap opened(Opening opening) {
    return null;
  }

  /**
   * A web page, or an app that is one inside, asked whether it may send requests to {@code path},
   * one of inference or of model lists. Comes before any credentials, from anybody, and is followed
   * by nothing.
   */
  default void preflight(String path, Headers headers) {}

  /** A request is over. Called exactly once for every request that reached the gate. */
  void closed(Receipt receipt);
}
