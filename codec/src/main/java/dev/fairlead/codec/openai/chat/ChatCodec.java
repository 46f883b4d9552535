package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** OpenAI Chat Completions and its compatible servers. */
public final class ChatCodec implements DialectCodec {
  @Override
  public Dialect dialect() {
    return Dialect.OPENAI_CHAT;
  }

  @Override
  public PromptReader promptReader() {
    return new ChatPromptReader();
  }

  @Override
  public PromptWriter promptWriter() {
    return new ChatPromptWriter();
  }

  @Override
  public StreamEvents streamEvents() {
    return new ChatStreamEvents();
  }

  @Override
  public BodyEvents bodyEvents() {
    return ChatCodec::whole;
  }

  private static void whole(JsonValue body, Consumer<ReplyEvent> out) {
    ChatReplyReading reply = new ChatReplyReading();
    reply.read(body, true, out);
    reply.done(out);
  }

  @Override
  public ReplyWriter streamWriter(ReplyContext context) {
    return new ChatStreamWriter(context);
  }

  @Override
  public ReplyWriter bodyWriter(ReplyContext context) {
    return new ChatBodyWriter(context);
  }
}
