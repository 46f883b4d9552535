package dev.fairlead.core.exchange;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;

/** What an exchange wants done. Effects are carried out in the order they come. */
public sealed interface Effect {
  /** Ask for a place at {@code provider}; answered by CapacityGranted or CapacityShed. */
  record Acquire(int attempt, ProviderConfig provider) implements Effect {}

  /** Give the attempt's place back, or stop waiting for it. */
  record Release(int attempt) implements Effect {}

  /** Call the provider. */
  record Call(int attempt, ProviderConfig provider, UpstreamRequest request) implements Effect {}

  /** Drop the provider's connection at once; nothing of this attempt matters any more. */
  record Abort(int attempt) implements Effect {}

  /**
   * Send the reply's head to the client.
   *
   * @param contentLength bytes of body that follow, or -1 when that is not known
   */
  record Respond(int status, Headers headers, long contentLength) implements Effect {}

  /** Send body bytes to the client. */
  record Forward(Bytes bytes) implements Effect {}

  /** The reply is complete. */
  record Finish() implements Effect {}

  /** Break the client's connection, because nothing well-formed can end this reply. */
  record Reset() implements Effect {}

  /** The exchange is over; always the last effect, and there is exactly one. */
  record Closed(Receipt receipt) implements Effect {}
}
