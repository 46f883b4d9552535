package dev.fairlead.codec.reply;

import dev.fairlead.codec.frame.TailWindow;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reply that is one JSON document: everything is forwarded as it comes, and up to {@link
 * #MAX_KEPT} bytes are kept to be read at the end. Of a larger reply only both ends are kept, and
 * what they tell is taken as found; it counts as content from then on. A reply that is not a JSON
 * object is failed as soon as that shows.
 */
public final class BodyReplyReader extends NotedReply {
  /** Bytes kept of a reply that is read as a whole. */
  public static final int MAX_KEPT = 1024 * 1024;

  private static final int HEAD = 4 * 1024;
  private static final int TAIL = 64 * 1024;

  private final BodyInspector inspector;

  /** The reply so far: the first chunk as it is, or a copy that grows once there are more. */
  private Bytes kept = Bytes.EMPTY;

  private byte[] copy = new byte[0];
  private int copied;
  private long total;
  private Bytes head = Bytes.EMPTY;
  private @Nullable TailWindow tail;
  private boolean begun;

  public BodyReplyReader(BodyInspector inspector) {
    this.inspector = inspector;
  }

  @Override
  public Progress feed(Bytes chunk, Consumer<Bytes> forward) {
    if (chunk.isEmpty()) {
      return notes.progress();
    }
    forward.accept(chunk);
    total += chunk.length();
    if (!begun) {
      begin(chunk);
    }
    if (notes.over()) {
      return notes.progress();
    }
    keep(chunk);
    return notes.progress();
  }

  private void keep(Bytes chunk) {
    if (tail != null) {
      tail.append(chunk.array(), chunk.offset(), chunk.offset() + chunk.length());
    } else if (total > MAX_KEPT) {
      keepEnds(chunk);
    } else if (total == chunk.length()) {
      kept = chunk;
    } else {
      if (copied == 0) {
        append(kept);
      }
      append(chunk);
    }
  }

  private void append(Bytes chunk) {
    int length = copied + chunk.length();
    if (length > copy.length) {
      copy = Arrays.copyOf(copy, Math.min(MAX_KEPT, Math.max(length, copy.length * 2)));
    }
    System.arraycopy(chunk.array(), chunk.offset(), copy, copied, chunk.length());
    copied = length;
    kept = Bytes.of(copy, 0, copied);
  }

  /** Lets go of everything but the first and the last bytes. */
  private void keepEnds(Bytes chunk) {
    Bytes first = kept.isEmpty() ? chunk : kept;
    head = Bytes.of(first.slice(0, Math.min(HEAD, first.length())).toByteArray());
    TailWindow window = new TailWindow(TAIL);
    window.append(kept.array(), kept.offset(), kept.offset() + kept.length());
    window.append(chunk.array(), chunk.offset(), chunk.offset() + chunk.length());
    tail = window;
    kept = Bytes.EMPTY;
    copy = new byte[0];
    notes.content(1);
  }

  private void begin(Bytes chunk) {
    for (int i = 0; i < chunk.length(); i++) {
      byte c = chunk.at(i);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        begun = true;
        if (c == '{') {
          notes.opened();
        } else {
          notes.malformed("it is not a JSON object.");
        }
        return;
      }
    }
  }

  @Override
  public Progress end(Consumer<Bytes> forward) {
    if (!begun) {
      notes.malformed("it is empty.");
    }
    if (!notes.over()) {
      read();
    }
    kept = Bytes.EMPTY;
    copy = new byte[0];
    return notes.progress();
  }

  private void read() {
    if (tail != null) {
      Bytes end = tail.bytes();
      inspector.inspectEnds(head, end, notes);
      if (endsWithBrace(end)) {
        notes.finished();
      }
      return;
    }
    try {
      inspector.inspect(Envelope.scan(kept, inspector.interests(), ScanRules.REPLY), notes);
      notes.finished();
    } catch (MalformedBody malformed) {
      notes.malformed(malformed.description());
    }
  }

  private static boolean endsWithBrace(Bytes document) {
    int at = document.length() - 1;
    while (at >= 0 && document.at(at) <= ' ' && document.at(at) >= 0) {
      at--;
    }
    return at >= 0 && document.at(at) == '}';
  }

  /** A body is a single frame: nothing of ours may follow once its first byte has gone. */
  @Override
  public boolean midFrame() {
    return total > 0;
  }
}
