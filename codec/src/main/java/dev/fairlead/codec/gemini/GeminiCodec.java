package dev.fairlead.codec.gemini;

import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Dialect;

/**
 * The Gemini API's {@code generateContent} and {@code streamGenerateContent?alt=sse}. Model and
 * streaming are said in the path, which is not this class's business.
 */
public final class GeminiCodec implements DialectCodec {
  @Override
  public Dialect dialect() {
    return Dialect.GEMINI;
  }

  @Override
  public PromptReader promptReader() {
    return new GeminiPromptReader();
  }

  @Override
  public PromptWriter promptWriter() {
    return new GeminiPromptWriter();
  }

  @Override
  public StreamEvents streamEvents() {
    return new GeminiReply();
  }

  @Override
  public BodyEvents bodyEvents() {
    return GeminiReply.bodies();
  }

  @Override
  public ReplyWriter streamWriter(ReplyContext context) {
    return new GeminiReplyWriter(context, true);
  }

  @Override
  public ReplyWriter bodyWriter(ReplyContext context) {
    return new GeminiReplyWriter(context, false);
  }
}
