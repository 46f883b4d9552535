package dev.fairlead.core.exchange;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;

/**
 * What the exchange must know of a dialect to relay it, fail in it and keep it alive.
 * Implementations hold no state.
 */
public interface WireDialect {
  Dialect dialect();

  /** A reader for a reply of content type {@code text/event-stream}. */
  ReplyReader streamReader();

  /** A reader for a reply that is one JSON document. */
  ReplyReader bodyReader();

  /** A frame that keeps a silent stream alive and that every client of this dialect ignores. */
  Bytes ping();

  /** The frames that end a stream with an error a client of this dialect reports as one. */
  Bytes streamError(Failure failure, String requestId);

  /** The JSON error body for {@code failure}. */
  Bytes errorBody(Failure failure, String requestId);

  /**
   * Reads a provider's error body (same dialect) as far as it is one.
   *
   * @param status the provider's HTTP status
   */
  ReplyReader.ProviderError readError(int status, Bytes body);
}
