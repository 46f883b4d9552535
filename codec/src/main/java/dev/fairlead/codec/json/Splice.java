package dev.fairlead.codec.json;

import dev.fairlead.codec.json.Envelope.Span;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Edits of a body that leave every other byte as it was. The body itself is never written to: the result is slices of it
 * with the edits between them, so that it can be edited again for another attempt.
 */
public final class Splice {
  private record Edit(int from, int to, Bytes replacement) {}

  private final Envelope envelope;
  private final List<Edit> edits = new ArrayList<>(2);

  public Splice(Envelope envelope) {
    this.envelope = envelope;
  }

  /** Puts {@code json} in the place of a value. */
  public Splice replace(Span value, String json) {
    edits.add(new Edit(value.start(), value.end(), Bytes.utf8(json)));
    return this;
  }

  /** Adds a member in front of all others. */
  public Splice insert(String key, String json) {
    String member = JsonText.quote(key) + ":" + json + (envelope.anyMember() ? "," : "");
    edits.add(new Edit(envelope.firstMember(), envelope.firstMember(), Bytes.utf8(member)));
    return this;
  }

  /** Takes a member out, with the comma that belongs to it. */
  public Splice remove(Span member) {
    Bytes body = envelope.body();
    int from = member.member();
    int to = member.end();
    int behind = space(body, to);
    if (body.at(behind) == ',') {
      to = behind + 1;
    } else {
      int before = from - 1;
      while (before > 0 && isSpace(body.at(before))) {
        before--;
      }
      if (body.at(before) == ',') {
        from = before;
      }
    }
    edits.add(new Edit(from, to, Bytes.EMPTY));
    return this;
  }

  private static int space(Bytes body, int from) {
    int i = from;
    while (isSpace(body.at(i))) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /** The edited body, in order; the body itself when nothing was edited. */
  public List<Bytes> segments() {
    Bytes body = envelope.body();
    if (edits.isEmpty()) {
      return List.of(body);
    }
    edits.sort(Comparator.comparingInt(Edit::from));
    List<Bytes> segments = new ArrayList<>(edits.size() * 2 + 1);
    int at = 0;
    for (Edit edit : edits) {
      // Two removals of neighbours may share a comma.
      int from = Math.max(at, edit.from());
      if (from > at) {
        segments.add(body.slice(at, from));
      }
      if (!edit.replacement().isEmpty()) {
        segments.add(edit.replacement());
      }
      at = Math.max(at, edit.to());
    }
    if (at < body.length()) {
      segments.add(body.slice(at, body.length()));
    }
    return segments;
  }
}
