package dev.fairlead.codec.translate;

import dev.fairlead.codec.frame.JsonLines;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.model.Bytes;

/** A stream of one JSON document a line read into another dialect. */
final class TranslatedLines extends TranslatedReply {
  private final StreamEvents reader;
  private final JsonLines lines = new JsonLines(this::line, TranslatedStream.MAX_FRAME);

  /** What is shown now may be half a line, and unreadable for that reason. */
  private boolean ended;

  TranslatedLines(StreamEvents reader, EventStage stage, ReplyWriter writer) {
    super(stage, writer);
    this.reader = reader;
  }

  private void line(Bytes line, boolean oversized) {
    if (notes.over()) {
      return;
    }
    if (oversized) {
      events.accept(TranslatedStream.tooLarge());
      return;
    }
    try {
      reader.frame(Bytes.EMPTY, line, events);
    } catch (MalformedBody malformed) {
      if (!ended) {
        notes.malformed(malformed.description());
      }
    }
  }

  @Override
  void read(Bytes chunk) {
    lines.feed(chunk);
  }

  @Override
  void ended() {
    ended = true;
    lines.end();
    if (!notes.over()) {
      reader.end(events);
    }
  }
}
