package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Edits to a scanned body, made as a list of segments that share the body's bytes outside the
 * edited spans: nothing is written in place and nothing else changes. Gathers edits on one thread;
 * {@link #segments()} may be asked repeatedly.
 */
public final class Splice {
  private record Edit(Span span, Bytes replacement) {}

  private final Envelope envelope;
  private final List<Edit> replaced = new ArrayList<>();
  private final List<Envelope.Member> removed = new ArrayList<>();
  private final List<Bytes> added = new ArrayList<>();

  public Splice(Envelope envelope) {
    this.envelope = envelope;
  }

  /**
   * Puts {@code replacement}, which must be JSON where JSON is expected, in the place of {@code
   * span}.
   */
  public Splice replace(Span span, Bytes replacement) {
    replaced.add(new Edit(span, replacement));
    return this;
  }

  /** Takes a top-level member out, with one of the commas around it. */
  public Splice remove(Envelope.Member member) {
    removed.add(member);
    return this;
  }

  /** Adds a top-level member before all others; {@code key} must not be there already. */
  public Splice add(String key, Bytes value) {
    added.add(Bytes.concat(List.of(JsonText.quote(key), Bytes.utf8(":"), value)));
    return this;
  }

  public boolean isEmpty() {
    return replaced.isEmpty() && removed.isEmpty() && added.isEmpty();
  }

  /**
   * The edited body; the body itself, uncopied, when there are no edits. Fails when edits overlap.
   */
  public List<Bytes> segments() {
    Bytes body = envelope.body();
    List<Bytes> segments = new ArrayList<>();
    int at = 0;
    for (Edit edit : edits()) {
      if (edit.span().start() < at) {
        throw new IllegalStateException("edits overlap at byte " + edit.span().start());
      }
      append(segments, body.slice(at, edit.span().start()));
      append(segments, edit.replacement());
      at = edit.span().end();
    }
    append(segments, body.slice(at, body.length()));
    return List.copyOf(segments);
  }

  private List<Edit> edits() {
    List<Edit> edits = new ArrayList<>(replaced);
    addRemovals(edits);
    if (!added.isEmpty()) {
      edits.add(addition());
    }
    edits.sort(
        Comparator.comparingInt((Edit edit) -> edit.span().start())
            .thenComparingInt(edit -> edit.span().end()));
    return edits;
  }

  /**
   * A removed member takes the comma before it along. Members at the very beginning have none, so
   * the run of removed ones there takes the comma behind it instead.
   */
  private void addRemovals(List<Edit> edits) {
    List<Envelope.Member> inOrder = new ArrayList<>(removed);
    inOrder.sort(Comparator.comparingInt(Envelope.Member::ordinal));
    Envelope.@Nullable Member lastOfHead = null;
    int head = 0;
    for (Envelope.Member member : inOrder) {
      if (member.ordinal() == head) {
        lastOfHead = member;
        head++;
      } else {
        edits.add(new Edit(new Span(member.commaBefore(), member.value().end()), Bytes.EMPTY));
      }
    }
    if (lastOfHead != null) {
      int start = inOrder.getFirst().keySpan().start();
      int end =
          lastOfHead.commaAfter() < 0 ? lastOfHead.value().end() : lastOfHead.commaAfter() + 1;
      edits.add(new Edit(new Span(start, end), Bytes.EMPTY));
    }
  }

  private Edit addition() {
    boolean alone = removed.size() == envelope.memberCount();
    List<Bytes> parts = new ArrayList<>();
    for (Bytes member : added) {
      if (!parts.isEmpty()) {
        parts.add(Bytes.utf8(","));
      }
      parts.add(member);
    }
    if (!alone) {
      parts.add(Bytes.utf8(","));
    }
    int inside = envelope.root().start() + 1;
    return new Edit(new Span(inside, inside), Bytes.concat(parts));
  }

  private static void append(List<Bytes> segments, Bytes part) {
    if (!part.isEmpty()) {
      segments.add(part);
    }
  }
}
