package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** Reads one streamed reply, frame by frame, into events that keep {@link ReplyEvent}'s grammar. */
public interface StreamEvents {
  /** How the bytes of a stream fall into frames. */
  enum Framing {
    /** Server-sent events. */
    SSE,
    /** One JSON document a line (Ollama). */
    JSON_LINES
  }

  default Framing framing() {
    return Framing.SSE;
  }

  /**
   * Takes a frame.
   *
   * @param event the frame's event name, empty when it has none
   * @param data its data
   * @throws dev.fairlead.codec.json.MalformedBody when the data is no JSON
   */
  void frame(Bytes event, Bytes data, Consumer<ReplyEvent> out);

  /** The provider closed the stream; what was begun and can be taken as complete is completed. */
  void end(Consumer<ReplyEvent> out);
}
