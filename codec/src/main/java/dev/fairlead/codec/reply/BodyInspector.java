package dev.fairlead.codec.reply;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.model.Bytes;

/** A dialect's reading of a reply that is one JSON object. Holds no state. */
public interface BodyInspector {
  /** The top-level members it reads. */
  Interests interests();

  /** Takes note of a whole reply: usage, names and content, or the error it is. */
  void inspect(Envelope reply, ReplyNotes notes);

  /**
   * Takes note of what can be found in the first and last bytes of a reply too large to be kept.
   */
  void inspectEnds(Bytes head, Bytes tail, ReplyNotes notes);
}
