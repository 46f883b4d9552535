package dev.fairlead.codec.translate;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.SseFrames;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;

/** A stream of server-sent events read into another dialect, frame by frame. */
final class TranslatedStream extends TranslatedReply {
  /** Largest frame that is read: one may hold a whole picture. */
  static final int MAX_FRAME = 16 * 1024 * 1024;

  private final StreamEvents reader;
  private final SseFrames frames = new SseFrames(new Tap(), MAX_FRAME);

  /** What is shown now may be half a frame, and unreadable for that reason. */
  private boolean ended;

  TranslatedStream(StreamEvents reader, EventStage stage, ReplyWriter writer) {
    super(stage, writer);
    this.reader = reader;
  }

  private final class Tap implements SseFrames.Sink {
    @Override
    public int recognise(byte[] array, int from, int to) {
      return -1;
    }

    @Override
    public void frame(SseFrame frame) {
      if (notes.over()) {
        return;
      }
      if (frame.oversized()) {
        events.accept(tooLarge());
        return;
      }
      try {
        reader.frame(frame.event(), frame.data(), events);
      } catch (MalformedBody malformed) {
        if (!ended) {
          notes.malformed(malformed.description());
        }
      }
    }

    @Override
    public void tail(Bytes end) {}
  }

  /** The provider's own bytes go nowhere. */
  private static void keep(Bytes bytes) {}

  static ReplyEvent tooLarge() {
    return new ReplyEvent.Failed(
        "malformed_reply",
        "The provider sent an event larger than "
            + MAX_FRAME / 1024 / 1024
            + " MiB, which is not translated.",
        502);
  }

  @Override
  void read(Bytes chunk) {
    frames.feed(chunk, TranslatedStream::keep);
  }

  @Override
  void ended() {
    ended = true;
    frames.end();
    if (!notes.over()) {
      reader.end(events);
    }
  }
}
