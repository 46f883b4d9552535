package dev.fairlead.codec.reply;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.SseFrames;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.model.Bytes;
import java.util.function.Consumer;

/**
 * Reads a reply that is an event stream: frames are forwarded whole and shown to the dialect's
 * inspector. Once there is content, frames like the one before are only compared and counted. A
 * frame that cannot be read fails the reply while another target can take over; later it is passed
 * on and counted. Half a frame at the end of a stream that was cut is not forwarded.
 */
public final class StreamReplyReader extends NotedReply {
  private final FrameInspector inspector;
  private final DeltaTemplate template = new DeltaTemplate();
  private final SseFrames frames = new SseFrames(new Tap());

  /** What is shown now may be half a frame, and unreadable for that reason. */
  private boolean ended;

  public StreamReplyReader(FrameInspector inspector) {
    this.inspector = inspector;
  }

  private final class Tap implements SseFrames.Sink {
    @Override
    public int recognise(byte[] array, int from, int to) {
      int end = template.match(array, from, to);
      if (end >= 0) {
        notes.event();
        if (!notes.over()) {
          notes.content(template.generated());
        }
      }
      return end;
    }

    @Override
    public void frame(SseFrame frame) {
      if (frame.hasData() && !ended) {
        notes.event();
      }
      if (notes.over() || isLikeTheOneBefore(frame)) {
        return;
      }
      try {
        if (frame.oversized()) {
          inspector.inspectBeginning(frame, notes);
        } else if (inspector.inspect(frame, notes)) {
          template.learn(frame.bytes());
        }
      } catch (MalformedBody malformed) {
        if (!ended) {
          notes.malformed(malformed.description());
        }
      }
    }

    /** Frames that were put together from several pieces come here without having been compared. */
    private boolean isLikeTheOneBefore(SseFrame frame) {
      Bytes bytes = frame.bytes();
      int end = bytes.offset() + bytes.length();
      if (template.match(bytes.array(), bytes.offset(), end) != end) {
        return false;
      }
      notes.content(template.generated());
      return true;
    }

    @Override
    public void tail(Bytes end) {
      inspector.inspectTail(end, notes);
    }
  }

  @Override
  public Progress feed(Bytes chunk, Consumer<Bytes> forward) {
    frames.feed(chunk, forward);
    return notes.progress();
  }

  @Override
  public Progress end(Consumer<Bytes> forward) {
    ended = true;
    frames.end();
    inspector.ended(notes);
    // The beginning of a frame that breaks off with the stream is kept back: an error told next
    // would be read as part
    // of it.
    if (notes.over()) {
      frames.forwardRest(forward);
    }
    return notes.progress();
  }

  @Override
  public boolean midFrame() {
    return frames.midFrame();
  }

  /** Frames that could not be read and were passed on. */
  public int malformedFrames() {
    return notes.malformedFrames();
  }
}
