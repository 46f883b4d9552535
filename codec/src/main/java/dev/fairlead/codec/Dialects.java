package dev.fairlead.codec;

import dev.fairlead.codec.anthropic.Anthropic;
import dev.fairlead.codec.openai.OpenAi;
import dev.fairlead.core.exchange.WireDialect;
import dev.fairlead.core.model.Dialect;

/** All dialects there are. */
public final class Dialects {
  private static final WireDialect CHAT = OpenAi.chat();
  private static final WireDialect RESPONSES = OpenAi.responses();
  private static final WireDialect COMPLETIONS = OpenAi.completions();
  private static final WireDialect EMBEDDINGS = OpenAi.embeddings();
  private static final WireDialect MESSAGES = Anthropic.messages();

  private Dialects() {}

  /** How {@code dialect} is spoken. */
  public static WireDialect of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> CHAT;
      case OPENAI_RESPONSES -> RESPONSES;
      case OPENAI_COMPLETIONS -> COMPLETIONS;
      case OPENAI_EMBEDDINGS -> EMBEDDINGS;
      case ANTHROPIC_MESSAGES -> MESSAGES;
    };
  }
}
