package dev.fairlead.codec.reply;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.core.model.Bytes;

/**
 * A dialect's reading of event frames. One instance reads one stream; it may throw {@link
 * dev.fairlead.codec.json.MalformedBody} for data that is not JSON.
 */
public interface FrameInspector {
  /**
   * Takes note of a whole frame. True when it was an ordinary delta: text, thinking or arguments
   * and nothing else worth noting, so that frames differing only in those texts and in numbers may
   * be counted unread.
   */
  boolean inspect(SseFrame frame, ReplyNotes notes);

  /** Takes note of the beginning of a frame too large to be kept. */
  void inspectBeginning(SseFrame frame, ReplyNotes notes);

  /** Takes note of the end of that frame. */
  void inspectTail(Bytes end, ReplyNotes notes);

  /** The provider closed the stream. */
  void ended(ReplyNotes notes);
}
