package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.Prompt;
import java.util.List;

/** Writes a dialect's requests. */
@FunctionalInterface
public interface PromptWriter {
  /**
   * Writes {@code prompt} as a request that the vendor accepts: alternation, ids, schemas and
   * limits are made to fit, and what does not fit is left out and named.
   *
   * @throws dev.fairlead.codec.inspect.RequestFault when the dialect lacks something without which
   *     the request would mean another thing (a server tool, audio), naming it
   */
  Written write(Prompt prompt, Target target);

  /**
   * For whom it is written.
   *
   * @param model the provider's name of the model
   * @param quirks how the provider differs from the dialect as its vendor documents it
   */
  record Target(String model, Quirks quirks) {}

  /**
   * A request body.
   *
   * @param dropped what the client asked for and the body does not say, each by the field's name as
   *     the client wrote it, such as {@code top_k} or {@code thinking.signature}; without repeats
   */
  record Written(Bytes body, List<String> dropped) {
    public Written {
      dropped = List.copyOf(dropped);
    }
  }
}
