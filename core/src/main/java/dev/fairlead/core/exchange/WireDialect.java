package dev.fairlead.core.exchange;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the exchange must know of a dialect to relay it, fail in it and keep it alive.
 * Implementations hold no state.
 */
public interface WireDialect extends ReplyCourse {
  @Override
  default boolean verbatim() {
    return true;
  }

  /** A frame that keeps a silent stream alive and that every client of this dialect ignores. */
  Bytes ping();

  /**
   * The frames that end a stream with an error a client of this dialect reports as one.
   *
   * @param begun the reader of the reply whose beginning the client has had; null when it has had
   *     nothing of any
   */
  Bytes streamError(Failure failure, String requestId, @Nullable ReplyReader begun);

  /** The JSON error body for {@code failure}. */
  Bytes errorBody(Failure failure, String requestId);
}
