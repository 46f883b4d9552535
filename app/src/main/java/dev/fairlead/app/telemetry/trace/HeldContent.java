package dev.fairlead.app.telemetry.trace;

import dev.fairlead.app.logs.CaptureBudget;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.port.ReplyTap;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said in one request, until its span is made. Nothing is copied: the request's event loop
 * adds references, and once the request is over the thread that makes spans reads them.
 */
final class HeldContent implements ReplyTap {
  /** Most that is held of one reply. */
  static final int MOST_REPLY = 1 << 20;

  /** What a piece takes beside its bytes. */
  private static final int PIECE = 64;

  private final Bytes body;
  private final CaptureBudget budget;
  private final List<Bytes> pieces = new ArrayList<>();
  private long taken;
  private int length;
  private boolean cut;

  /** Holds {@code body}, for which {@link #size} was taken from {@code budget}. */
  HeldContent(Bytes body, CaptureBudget budget) {
    this.body = body;
    this.budget = budget;
    this.taken = size(body);
  }

  /** What holding {@code bytes} keeps from being collected. */
  static long size(Bytes bytes) {
    return bytes.array().length + (long) PIECE;
  }

  @Override
  public void sent(Bytes bytes) {
    if (cut || bytes.isEmpty()) {
      return;
    }
    long more = isHeld(bytes) ? PIECE : size(bytes);
    int take = Math.min(bytes.length(), MOST_REPLY - length);
    if (take == 0 || !budget.take(more)) {
      cut = true;
      return;
    }
    taken += more;
    pieces.add(bytes.slice(0, take));
    length += take;
    cut = take < bytes.length();
  }

  /** Whether it lies in the same array as what was sent last, which is held already. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isHeld(Bytes bytes) {
    return !pieces.isEmpty() && pieces.getLast().array() == bytes.array();
  }

  /** The client's request. */
  Bytes body() {
    return body;
  }

  /** What the client was sent, its beginning when it was {@link #cut}. */
  Bytes reply() {
    return pieces.size() == 1 ? pieces.getFirst() : Bytes.concat(pieces);
  }

  /** Whether the reply went on. */
  boolean cut() {
    return cut;
  }

  /** Gives back all it has taken; nothing is asked of it afterwards. */
  void release() {
    budget.give(taken);
    taken = 0;
    pieces.clear();
  }
}
