package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a reply as one message of Anthropic's; everything leaves with the last event. */
final class MessagesBodyWriter extends ReplyBlocks {
  private final JsonWriter json = new JsonWriter();
  private final StringBuilder text = new StringBuilder();
  private final List<Bytes> citations = new ArrayList<>();
  private String signature = "";

  private Open open = Open.NOTHING;

  private enum Open {
    NOTHING,
    TEXT,
    THINKING,
    CALL
  }

  MessagesBodyWriter(ReplyContext context) {
    super(context);
  }

  @Override
  void start(String id, Usage known, Consumer<Bytes> out) {
    json.beginObject()
        .field("id", id)
        .field("type", "message")
        .field("role", "assistant")
        .field("model", context.model())
        .name("content")
        .beginArray();
  }

  @Override
  void textBegun(Consumer<Bytes> out) {
    open = Open.TEXT;
    json.beginObject().field("type", "text");
  }

  @Override
  void text(String more, Consumer<Bytes> out) {
    text.append(more);
  }

  @Override
  void citation(Bytes citation, Consumer<Bytes> out) {
    citations.add(citation);
  }

  @Override
  void thinkingBegun(Consumer<Bytes> out) {
    open = Open.THINKING;
    json.beginObject().field("type", "thinking");
  }

  @Override
  void thinking(String more, Consumer<Bytes> out) {
    text.append(more);
  }

  @Override
  void signature(String seal, Consumer<Bytes> out) {
    signature = seal;
  }

  @Override
  void callBegun(String type, String id, String name, Consumer<Bytes> out) {
    open = Open.CALL;
    json.beginObject().field("type", type).field("id", id).field("name", name);
  }

  @Override
  void callInput(String more, Consumer<Bytes> out) {
    text.append(more);
  }

  @Override
  void whole(Foreign block, Consumer<Bytes> out) {
    json.raw(block.raw());
  }

  @Override
  void blockEnded(Consumer<Bytes> out) {
    switch (open) {
      case NOTHING -> {
        return;
      }
      case TEXT -> {
        json.field("text", text.toString());
        if (!citations.isEmpty()) {
          json.name("citations").beginArray();
          citations.forEach(json::raw);
          json.endArray();
          citations.clear();
        }
      }
      case THINKING -> json.field("thinking", text.toString()).field("signature", signature);
      case CALL -> json.name("input").raw(CallArguments.object(text.toString()));
    }
    json.endObject();
    text.setLength(0);
    signature = "";
    open = Open.NOTHING;
  }

  @Override
  void stop(
      String reason,
      @Nullable String sequence,
      Usage total,
      List<Foreign> more,
      Consumer<Bytes> out) {
    json.endArray().field("stop_reason", reason).field("stop_sequence", sequence);
    for (Foreign field : more) {
      json.name(field.type().substring(MessagesStreamEvents.OF_MESSAGE.length())).raw(field.raw());
    }
    ReplyJson.usage(total, json);
    json.endObject();
  }

  @Override
  void done(Consumer<Bytes> out) {
    out.accept(json.toBytes());
  }

  @Override
  void failed(ReplyEvent.Failed failure, Consumer<Bytes> out) {
    out.accept(ReplyJson.error(failure, context.requestId()).toBytes());
  }
}
