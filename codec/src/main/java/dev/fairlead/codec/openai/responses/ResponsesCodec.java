package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Prompt;

/** OpenAI's Responses. */
public record ResponsesCodec() implements DialectCodec {
  @Override
  public Dialect dialect() {
    return Dialect.OPENAI_RESPONSES;
  }

  @Override
  public PromptReader promptReader() {
    return new ResponsesPromptReader();
  }

  @Override
  public PromptWriter promptWriter() {
    return new ResponsesPromptWriter();
  }

  @Override
  public StreamEvents streamEvents() {
    return new ResponsesStreamEvents();
  }

  @Override
  public BodyEvents bodyEvents() {
    return new ResponsesBodyEvents();
  }

  @Override
  public ReplyWriter streamWriter(ReplyContext context) {
    return new ResponsesReplyWriter(context, null, true);
  }

  /** A writer whose response objects repeat what {@code prompt} asked for, as the API's own do. */
  public ReplyWriter streamWriter(ReplyContext context, Prompt prompt) {
    return new ResponsesReplyWriter(context, prompt, true);
  }

  @Override
  public ReplyWriter bodyWriter(ReplyContext context) {
    return new ResponsesReplyWriter(context, null, false);
  }

  /** A writer whose response object repeats what {@code prompt} asked for, as the API's own do. */
  public ReplyWriter bodyWriter(ReplyContext context, Prompt prompt) {
    return new ResponsesReplyWriter(context, prompt, false);
  }
}
