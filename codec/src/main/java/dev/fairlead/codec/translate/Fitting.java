package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Prompt;

/** What a prompt needs before another vendor gets it. */
final class Fitting {
  private Fitting() {}

  static Prompt fit(Prompt prompt, Dialect asked, Dialect dialect, PromptWriter.Target target) {
    return prompt;
  }
}
