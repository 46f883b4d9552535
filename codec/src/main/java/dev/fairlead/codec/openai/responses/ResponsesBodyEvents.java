package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** Reads a response object (OpenAI API reference, "The response object"). */
final class ResponsesBodyEvents implements BodyEvents {
  @Override
  public void read(JsonValue body, Consumer<ReplyEvent> out) {
    out.accept(ResponsesStreamEvents.begin(body));
    new OutputEvents().ended(body, false, out);
  }
}
