package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Dialect;

/** Anthropic's Messages ({@code POST /v1/messages}, Anthropic API reference). */
public record MessagesCodec() implements DialectCodec {
  @Override
  public Dialect dialect() {
    return Dialect.ANTHROPIC_MESSAGES;
  }

  @Override
  public PromptReader promptReader() {
    return new MessagesPromptReader();
  }

  @Override
  public PromptWriter promptWriter() {
    return new MessagesPromptWriter();
  }

  @Override
  public StreamEvents streamEvents() {
    return new MessagesStreamEvents();
  }

  @Override
  public BodyEvents bodyEvents() {
    return new MessagesBodyEvents();
  }

  @Override
  public ReplyWriter streamWriter(ReplyContext context) {
    return new MessagesStreamWriter(context);
  }

  @Override
  public ReplyWriter bodyWriter(ReplyContext context) {
    return new MessagesBodyWriter(context);
  }
}
