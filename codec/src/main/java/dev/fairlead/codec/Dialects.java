package dev.fairlead.codec;

import dev.fairlead.codec.anthropic.MessagesWire;
import dev.fairlead.codec.openai.ChatWire;
import dev.fairlead.codec.openai.ResponsesWire;
import dev.fairlead.core.exchange.WireDialect;
import dev.fairlead.core.model.Dialect;
import java.util.List;

/** What speaks each dialect on the wire. */
public final class Dialects {
  private static final WireDialect CHAT = new ChatWire(Dialect.OPENAI_CHAT);
  private static final WireDialect COMPLETIONS = new ChatWire(Dialect.OPENAI_COMPLETIONS);
  private static final WireDialect EMBEDDINGS = new ChatWire(Dialect.OPENAI_EMBEDDINGS);
  private static final WireDialect RESPONSES = new ResponsesWire();
  private static final WireDialect MESSAGES = new MessagesWire();

  private Dialects() {}

  /** The dialects clients are answered in. */
  public static List<Dialect> clients() {
    return List.of(
        Dialect.OPENAI_CHAT,
        Dialect.OPENAI_RESPONSES,
        Dialect.OPENAI_COMPLETIONS,
        Dialect.OPENAI_EMBEDDINGS,
        Dialect.ANTHROPIC_MESSAGES);
  }

  /** Fails for a dialect no client is answered in. */
  public static WireDialect of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> CHAT;
      case OPENAI_COMPLETIONS -> COMPLETIONS;
      case OPENAI_EMBEDDINGS -> EMBEDDINGS;
      case OPENAI_RESPONSES -> RESPONSES;
      case ANTHROPIC_MESSAGES -> MESSAGES;
      case GEMINI, OLLAMA ->
          throw new IllegalArgumentException("no client speaks " + dialect.label() + " here");
    };
  }
}
