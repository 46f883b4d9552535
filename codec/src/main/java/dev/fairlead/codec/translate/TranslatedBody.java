package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.util.Arrays;

/** A reply that is one JSON document, kept until it is whole and then read into another dialect. */
final class TranslatedBody extends TranslatedReply {
  /** Largest reply that is read. */
  static final int MAX_BODY = 32 * 1024 * 1024;

  private final BodyEvents reader;
  private byte[] kept = new byte[0];
  private int length;

  TranslatedBody(BodyEvents reader, EventStage stage, ReplyWriter writer) {
    super(stage, writer);
    this.reader = reader;
  }

  @Override
  void read(Bytes chunk) {
    if (chunk.isEmpty() || notes.over()) {
      return;
    }
    if (length + (long) chunk.length() > MAX_BODY) {
      kept = new byte[0];
      length = 0;
      notes.malformed(
          "it is larger than " + MAX_BODY / 1024 / 1024 + " MiB, which is not translated.");
      return;
    }
    notes.opened();
    int end = length + chunk.length();
    if (end > kept.length) {
      kept = Arrays.copyOf(kept, Math.min(MAX_BODY, Math.max(end, kept.length * 2)));
    }
    System.arraycopy(chunk.array(), chunk.offset(), kept, length, chunk.length());
    length = end;
  }

  @Override
  void ended() {
    if (notes.over()) {
      return;
    }
    if (length == 0) {
      notes.malformed("it is empty.");
      return;
    }
    try {
      Bytes whole = Bytes.of(kept, 0, length);
      reader.read(Envelope.scan(whole, Interests.NONE, ScanRules.REPLY).asValue(), events);
    } catch (MalformedBody malformed) {
      notes.malformed(malformed.description());
    }
  }
}
