package dev.fairlead.codec.translate;

import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;

/**
 * A dialect as it is read into the canonical model and written from it. Implementations hold no
 * state; what they make may.
 */
public interface DialectCodec {
  Dialect dialect();

  PromptReader promptReader();

  PromptWriter promptWriter();

  /** A reader of one streamed reply. */
  StreamEvents streamEvents();

  /** A reader of replies that are one JSON document. */
  BodyEvents bodyEvents();

  /** A writer of one streamed reply. */
  ReplyWriter streamWriter(ReplyContext context);

  /** A writer of one reply as a JSON document. */
  ReplyWriter bodyWriter(ReplyContext context);

  /** The error an HTTP reply of {@code status} with {@code body} stands for. */
  default ProviderError readError(int status, Bytes body) {
    return ErrorReading.read(status, body);
  }
}
