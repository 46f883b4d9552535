package dev.fairlead.codec.ollama;

import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;

/** Ollama's {@code POST /api/chat}, whose streams are one JSON document a line. */
public final class OllamaCodec implements DialectCodec {
  private final OllamaOptions options;

  /** A codec that settles nothing on its own. */
  public OllamaCodec() {
    this(OllamaOptions.NONE);
  }

  public OllamaCodec(OllamaOptions options) {
    this.options = options;
  }

  @Override
  public Dialect dialect() {
    return Dialect.OLLAMA;
  }

  @Override
  public PromptReader promptReader() {
    return new OllamaPromptReader();
  }

  @Override
  public PromptWriter promptWriter() {
    return new OllamaPromptWriter(options);
  }

  @Override
  public StreamEvents streamEvents() {
    return new OllamaReply();
  }

  @Override
  public BodyEvents bodyEvents() {
    return OllamaReply.bodies();
  }

  @Override
  public ReplyWriter streamWriter(ReplyContext context) {
    return new OllamaReplyWriter(context, true);
  }

  @Override
  public ReplyWriter bodyWriter(ReplyContext context) {
    return new OllamaReplyWriter(context, false);
  }

  @Override
  public ProviderError readError(int status, Bytes body) {
    return OllamaErrors.read(status, body);
  }
}
