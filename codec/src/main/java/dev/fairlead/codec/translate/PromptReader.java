package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.prompt.Prompt;

/** Reads a dialect's requests. */
@FunctionalInterface
public interface PromptReader {
  /**
   * Reads a whole request body, whose JSON is known to be well formed. Nothing is lost: what has no
   * place in the model is kept as foreign. Lenient where vendors are (a string for a list of one
   * text part, null for absent).
   *
   * @throws dev.fairlead.codec.inspect.RequestFault when a field has a shape the dialect does not
   *     allow, naming it by its path
   */
  Prompt read(JsonValue body);
}
