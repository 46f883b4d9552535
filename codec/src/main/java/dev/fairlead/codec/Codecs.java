package dev.fairlead.codec;

import dev.fairlead.codec.anthropic.messages.MessagesCodec;
import dev.fairlead.codec.gemini.GeminiCodec;
import dev.fairlead.codec.ollama.OllamaCodec;
import dev.fairlead.codec.openai.chat.ChatCodec;
import dev.fairlead.codec.openai.responses.ResponsesCodec;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.core.model.Dialect;
import java.util.Map;

/** What reads and writes each dialect that can be translated. */
public final class Codecs {
  private static final Map<Dialect, DialectCodec> ALL =
      Map.of(
          Dialect.OPENAI_CHAT, new ChatCodec(),
          Dialect.OPENAI_RESPONSES, new ResponsesCodec(),
          Dialect.ANTHROPIC_MESSAGES, new MessagesCodec(),
          Dialect.GEMINI, new GeminiCodec(),
          Dialect.OLLAMA, new OllamaCodec());

  private Codecs() {}

  /** Fails for a dialect that is only ever passed on. */
  public static DialectCodec of(Dialect dialect) {
    DialectCodec codec = ALL.get(dialect);
    if (codec == null) {
      throw new IllegalArgumentException(dialect.label() + " is not translated");
    }
    return codec;
  }
}
