package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Numbers the frames of a stream; for a body, which has none, it leaves them out. */
final class ReplyFrames {
  private final boolean streaming;
  private long number;

  ReplyFrames(boolean streaming) {
    this.streaming = streaming;
  }

  void send(String type, Consumer<Bytes> out, UnaryOperator<JsonWriter> fields) {
    if (!streaming) {
      return;
    }
    JsonWriter frame =
        new JsonWriter().beginObject().field("type", type).field("sequence_number", number++);
    out.accept(
        Bytes.utf8(
            "event: " + type + "\ndata: " + fields.apply(frame).endObject().text() + "\n\n"));
  }
}
