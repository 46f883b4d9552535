package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a reply as the event stream of Anthropic's Messages. */
final class MessagesStreamWriter extends ReplyBlocks {
  private int index = -1;

  MessagesStreamWriter(ReplyContext context) {
    super(context);
  }

  private static void send(String event, JsonWriter json, Consumer<Bytes> out) {
    out.accept(Bytes.utf8("event: " + event + "\ndata: " + json.text() + "\n\n"));
  }

  @Override
  void start(String id, Usage known, Consumer<Bytes> out) {
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("type", "message_start")
            .name("message")
            .beginObject()
            .field("id", id)
            .field("type", "message")
            .field("role", "assistant")
            .field("model", context.model())
            .name("content")
            .beginArray()
            .endArray()
            .field("stop_reason", null)
            .field("stop_sequence", null);
    ReplyJson.usage(known, json);
    send("message_start", json.endObject().endObject(), out);
  }

  private JsonWriter blockStart(String type) {
    index++;
    return new JsonWriter()
        .beginObject()
        .field("type", "content_block_start")
        .field("index", index)
        .name("content_block")
        .beginObject()
        .field("type", type);
  }

  private static void sendStart(JsonWriter json, Consumer<Bytes> out) {
    send("content_block_start", json.endObject().endObject(), out);
  }

  private void delta(String type, String field, String text, Consumer<Bytes> out) {
    JsonWriter json = beginDelta(type).field(field, text).endObject().endObject();
    send("content_block_delta", json, out);
  }

  private JsonWriter beginDelta(String type) {
    return new JsonWriter()
        .beginObject()
        .field("type", "content_block_delta")
        .field("index", index)
        .name("delta")
        .beginObject()
        .field("type", type);
  }

  @Override
  void textBegun(Consumer<Bytes> out) {
    sendStart(blockStart("text").field("text", ""), out);
  }

  @Override
  void text(String text, Consumer<Bytes> out) {
    delta("text_delta", "text", text, out);
  }

  @Override
  void citation(Bytes citation, Consumer<Bytes> out) {
    JsonWriter json = beginDelta("citations_delta").name("citation");
    json.raw(ReplyJson.oneLine(citation)).endObject().endObject();
    send("content_block_delta", json, out);
  }

  @Override
  void thinkingBegun(Consumer<Bytes> out) {
    sendStart(blockStart("thinking").field("thinking", "").field("signature", ""), out);
  }

  @Override
  void thinking(String text, Consumer<Bytes> out) {
    delta("thinking_delta", "thinking", text, out);
  }

  @Override
  void signature(String signature, Consumer<Bytes> out) {
    delta("signature_delta", "signature", signature, out);
  }

  @Override
  void callBegun(String type, String id, String name, Consumer<Bytes> out) {
    JsonWriter json = blockStart(type).field("id", id).field("name", name);
    sendStart(json.name("input").beginObject().endObject(), out);
  }

  @Override
  void callInput(String json, Consumer<Bytes> out) {
    delta("input_json_delta", "partial_json", json, out);
  }

  /** Clients take inputs and compactions from deltas only. */
  @Override
  void whole(Foreign block, Consumer<Bytes> out) {
    String grows =
        block.type().equals("compaction")
            ? "content"
            : block.type().endsWith("tool_use") ? "input" : null;
    JsonValue grown = grows == null ? null : CallArguments.parsed(block.raw()).get(grows);
    index++;
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("type", "content_block_start")
            .field("index", index)
            .name("content_block");
    if (grows == null || grown == null) {
      json.raw(ReplyJson.oneLine(block.raw()));
    } else {
      json.beginObject();
      for (JsonValue.Field member : CallArguments.parsed(block.raw()).members()) {
        json.name(member.key());
        if (!member.named(grows)) {
          json.raw(ReplyJson.oneLine(member.value().raw()));
        } else if (grows.equals("input")) {
          json.beginObject().endObject();
        } else {
          json.string(null);
        }
      }
      json.endObject();
    }
    send("content_block_start", json.endObject(), out);
    if (grown != null && grows != null && grows.equals("input")) {
      callInput(CallArguments.object(grown.raw().utf8()).utf8(), out);
    } else if (grown != null && grown.textBytes() > 0) {
      String content = grown.string();
      delta("compaction_delta", "content", content == null ? "" : content, out);
    }
    blockEnded(out);
  }

  @Override
  void blockEnded(Consumer<Bytes> out) {
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("type", "content_block_stop")
            .field("index", index)
            .endObject();
    send("content_block_stop", json, out);
  }

  @Override
  void stop(
      String reason,
      @Nullable String sequence,
      Usage total,
      List<Foreign> more,
      Consumer<Bytes> out) {
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("type", "message_delta")
            .name("delta")
            .beginObject()
            .field("stop_reason", reason)
            .field("stop_sequence", sequence);
    for (Foreign field : more) {
      json.name(field.type().substring(MessagesStreamEvents.OF_MESSAGE.length()))
          .raw(ReplyJson.oneLine(field.raw()));
    }
    json.endObject();
    ReplyJson.usage(total, json);
    send("message_delta", json.endObject(), out);
  }

  @Override
  void done(Consumer<Bytes> out) {
    send(
        "message_stop",
        new JsonWriter().beginObject().field("type", "message_stop").endObject(),
        out);
  }

  @Override
  void failed(ReplyEvent.Failed failure, Consumer<Bytes> out) {
    send("error", ReplyJson.error(failure, context.requestId()), out);
  }
}
