package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** Reads chunks of a streamed reply (OpenAI API reference, "Chat Completions streaming"). */
final class ChatStreamEvents implements StreamEvents {
  private static final Bytes DONE = Bytes.utf8("[DONE]");
  private static final Bytes ERROR = Bytes.utf8("error");

  private final ChatReplyReading reply = new ChatReplyReading();

  @Override
  public void frame(Bytes event, Bytes data, Consumer<ReplyEvent> out) {
    if (reply.hasEnded() || isBlank(data)) {
      return;
    }
    if (data.equals(DONE)) {
      reply.done(out);
      return;
    }
    JsonValue chunk = Envelope.scan(data, Interests.NONE, ScanRules.REPLY).asValue();
    if (event.equals(ERROR)) {
      JsonValue error = chunk.get("error");
      reply.fail(ErrorReading.inReply(error == null || error.isNull() ? chunk : error), out);
    } else {
      reply.read(chunk, false, out);
    }
  }

  private static boolean isBlank(Bytes data) {
    for (int i = 0; i < data.length(); i++) {
      if (data.at(i) != ' ') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void end(Consumer<ReplyEvent> out) {
    reply.closed(out);
  }
}
