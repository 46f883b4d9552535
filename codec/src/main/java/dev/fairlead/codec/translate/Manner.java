package dev.fairlead.codec.translate;

import dev.fairlead.codec.Codecs;
import dev.fairlead.core.model.Dialect;

/**
 * How a request is put to one target, beyond what its dialect says.
 *
 * @param codec writes the request and reads its replies
 * @param toolsByPrompt whether tools are described in the prompt, for a model that has none
 * @param printedCalls whether calls that the model prints as text are taken for calls
 */
public record Manner(DialectCodec codec, boolean toolsByPrompt, boolean printedCalls) {
  /** How {@code dialect} has it. */
  public static Manner of(Dialect dialect) {
    return new Manner(Codecs.of(dialect), false, false);
  }
}
