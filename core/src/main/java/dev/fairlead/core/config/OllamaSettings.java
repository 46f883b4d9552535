package dev.fairlead.core.config;

/**
 * What holds for every Ollama server.
 *
 * @param numCtxCap most tokens of context a model is loaded with on a request's account
 * @param keepAlive how long a model stays loaded after a request, as Ollama spells it
 * @param toolsByPrompt whether tools are described in the prompt to models that have none; else
 *     such requests are refused
 */
public record OllamaSettings(long numCtxCap, String keepAlive, boolean toolsByPrompt) {
  /** What holds unless the configuration says otherwise. */
  public static final OllamaSettings USUAL = new OllamaSettings(65_536, "30m", true);
}
