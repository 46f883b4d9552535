package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes thinking as reasoning items, with the seals clients bring back. */
final class OutputReasoning {
  private final OutputItems items;
  private final ReplyFrames frames;

  /** The item being written, or null. */
  private @Nullable String itemId;

  private final StringBuilder thinking = new StringBuilder();
  private boolean ended;

  OutputReasoning(OutputItems items, ReplyFrames frames) {
    this.items = items;
    this.frames = frames;
  }

  /** The thinking is complete; a seal over it may still come. */
  void ended() {
    ended = true;
  }

  void think(String text, Consumer<Bytes> out) {
    if (text.isEmpty()) {
      return;
    }
    if (itemId != null && ended) {
      close(null, out);
    }
    if (itemId == null) {
      items.closeAll(out);
      begin(items.newId("rs"), out);
    }
    if (thinking.isEmpty()) {
      summaryFrame("response.reasoning_summary_part.added", out);
    }
    thinking.append(text);
    items.hold(text.length());
    String id = itemId;
    frames.send(
        "response.reasoning_summary_text.delta",
        out,
        frame ->
            frame
                .field("item_id", id)
                .field("output_index", items.index())
                .field("summary_index", 0)
                .field("delta", text));
  }

  private void begin(String id, Consumer<Bytes> out) {
    itemId = id;
    thinking.setLength(0);
    ended = false;
    items.added(out, item -> json(item, id, null));
  }

  private void summaryFrame(String type, Consumer<Bytes> out) {
    String id = itemId;
    frames.send(
        type,
        out,
        frame ->
            frame
                .field("item_id", id)
                .field("output_index", items.index())
                .field("summary_index", 0)
                .name("part")
                .beginObject()
                .field("type", "summary_text")
                .field("text", thinking.toString())
                .endObject());
  }

  void seal(Part.Sealed sealed, Consumer<Bytes> out) {
    if (itemId == null) {
      items.closeAll(out);
      // The ciphertext is bound to the id of its item.
      String own = sealed.origin() == Dialect.OPENAI_RESPONSES ? sealed.id() : null;
      begin(own == null || !items.claim(own) ? items.newId("rs") : own, out);
    }
    close(sealed, out);
  }

  /** A signature over a call, in a reasoning item that names the call. */
  void sealCall(String callId, Part.Sealed sealed, Consumer<Bytes> out) {
    begin(items.newId("rs"), out);
    end(Carried.mark(Carried.asThinking(callId, sealed)), out);
  }

  void close(Part.@Nullable Sealed sealed, Consumer<Bytes> out) {
    if (itemId != null) {
      String payload = sealed == null ? null : payload(sealed, itemId);
      end(payload, out);
    }
  }

  private static String payload(Part.Sealed sealed, String id) {
    boolean own =
        sealed.origin() == Dialect.OPENAI_RESPONSES
            && (sealed.id() == null || sealed.id().equals(id));
    return own ? sealed.payload() : Carried.mark(sealed);
  }

  private void end(@Nullable String payload, Consumer<Bytes> out) {
    String id = itemId;
    if (id == null) {
      return;
    }
    if (!thinking.isEmpty()) {
      frames.send(
          "response.reasoning_summary_text.done",
          out,
          frame ->
              frame
                  .field("item_id", id)
                  .field("output_index", items.index())
                  .field("summary_index", 0)
                  .field("text", thinking.toString()));
      summaryFrame("response.reasoning_summary_part.done", out);
    }
    JsonWriter item = new JsonWriter();
    json(item, id, payload);
    itemId = null;
    items.done(item.text(), out);
  }

  private void json(JsonWriter out, String id, @Nullable String payload) {
    out.beginObject().field("id", id).field("type", "reasoning").name("summary").beginArray();
    if (!thinking.isEmpty()) {
      out.beginObject()
          .field("type", "summary_text")
          .field("text", thinking.toString())
          .endObject();
    }
    out.endArray();
    if (payload != null) {
      out.field("encrypted_content", payload);
    }
    out.endObject();
  }
}
