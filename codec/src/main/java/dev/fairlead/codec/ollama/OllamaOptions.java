package dev.fairlead.codec.ollama;

import org.jspecify.annotations.Nullable;

/**
 * What the operator settles for an Ollama server, where the client says nothing of it.
 *
 * @param numCtx tokens of context to load the model with, or null for the server's default, which
 *     cuts longer prompts without a word
 * @param keepAlive how long the model stays loaded, as Ollama spells it ({@code 30m}, {@code -1}),
 *     or null
 */
public record OllamaOptions(@Nullable Long numCtx, @Nullable String keepAlive) {
  /** Nothing settled. */
  public static final OllamaOptions NONE = new OllamaOptions(null, null);
}
