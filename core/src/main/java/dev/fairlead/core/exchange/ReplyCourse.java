package dev.fairlead.core.exchange;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import org.jspecify.annotations.Nullable;

/** How the reply to one upstream request is read on its way to the client. */
public interface ReplyCourse {
  /** The dialect the provider replies in. */
  Dialect dialect();

  /** Whether the provider's own bytes reach the client, errors included. */
  boolean verbatim();

  /** Whether a successful reply of this content type (or null) is read as a stream. */
  default boolean streams(@Nullable String contentType) {
    return contentType != null && contentType.regionMatches(true, 0, "text/event-stream", 0, 17);
  }

  /** A reader for a reply that {@link #streams}. */
  ReplyReader streamReader();

  /** A reader for a reply that is one JSON document. */
  ReplyReader bodyReader();

  /**
   * Reads a provider's error body as far as it is one.
   *
   * @param status the provider's HTTP status
   */
  ReplyReader.ProviderError readError(int status, Bytes body);
}
