package dev.fairlead.codec.translate;

import dev.fairlead.codec.anthropic.messages.CachePoints;
import dev.fairlead.codec.anthropic.messages.ForOtherVendors;
import dev.fairlead.codec.openai.chat.SearchOptions;
import dev.fairlead.codec.openai.responses.KeptState;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Prompt;
import org.jspecify.annotations.Nullable;

/** What a prompt needs before another vendor gets it. */
final class Fitting {
  private Fitting() {}

  /**
   * The prompt for {@code dialect}.
   *
   * @throws dev.fairlead.codec.inspect.RequestFault when it goes on with something that only the
   *     client's vendor keeps
   * @param session the client's session, or null; requests of one session share their beginning
   */
  static Prompt fit(Prompt prompt, Dialect asked, Dialect dialect, @Nullable String session) {
    if (asked == dialect) {
      return prompt;
    }
    if (asked == Dialect.OPENAI_RESPONSES) {
      KeptState.refuseElsewhere(prompt);
    }
    Prompt fitted =
        switch (asked) {
          case ANTHROPIC_MESSAGES -> ForOtherVendors.prepare(prompt);
          case OPENAI_CHAT -> SearchOptions.asTool(prompt);
          case OPENAI_RESPONSES, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> prompt;
        };
    return switch (dialect) {
      case ANTHROPIC_MESSAGES -> CachePoints.mark(fitted);
      case OPENAI_CHAT, OPENAI_RESPONSES ->
          fitted.cacheKey() == null && session != null
              ? fitted.toBuilder().cacheKey(key(session)).build()
              : fitted;
      case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> fitted;
    };
  }

  /** OpenAI takes 64 characters. */
  private static String key(String session) {
    return session.length() <= 64 ? session : session.substring(0, 64);
  }
}
