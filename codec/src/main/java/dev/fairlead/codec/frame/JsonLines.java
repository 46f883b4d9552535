package dev.fairlead.codec.frame;

import dev.fairlead.core.model.Bytes;
import java.util.Arrays;

/**
 * Cuts a stream of one JSON document a line, fed in pieces of any size, into its lines, which end
 * in LF or CR LF; empty lines are passed over. The beginning of a line is copied and held until the
 * rest comes, at most a given number of bytes. Of a longer line only these first bytes are shown.
 * What is shown does not depend on how the stream was cut.
 */
public final class JsonLines {
  /** Sees the lines as they pass. */
  @FunctionalInterface
  public interface Sink {
    /**
     * A line without its line feed.
     *
     * @param oversized whether it is only the beginning of one too long to be held
     */
    void line(Bytes line, boolean oversized);
  }

  private static final byte[] NOTHING = new byte[0];

  private final Sink sink;
  private final int maxHeld;
  private byte[] held = NOTHING;
  private int heldLength;

  /** Inside a line whose beginning has been shown. */
  private boolean skipping;

  /** Cuts into lines of at most {@link SseFrames#MAX_HELD} bytes. */
  public JsonLines(Sink sink) {
    this(sink, SseFrames.MAX_HELD);
  }

  /**
   * Cuts into lines.
   *
   * @param maxHeld most bytes of a line that is shown whole
   */
  public JsonLines(Sink sink, int maxHeld) {
    if (maxHeld < 1) {
      throw new IllegalArgumentException("maxHeld must be at least 1: " + maxHeld);
    }
    this.sink = sink;
    this.maxHeld = maxHeld;
  }

  /** Whether what was fed so far ends inside a line. */
  public boolean midLine() {
    return skipping || heldLength > 0;
  }

  /** Takes the next bytes and shows the lines that are whole now. */
  public void feed(Bytes chunk) {
    byte[] array = chunk.array();
    int end = chunk.offset() + chunk.length();
    int at = chunk.offset();
    while (at < end) {
      int feed = at;
      while (feed < end && array[feed] != '\n') {
        feed++;
      }
      boolean whole = feed < end;
      if (skipping) {
        skipping = !whole;
      } else if (heldLength > 0) {
        continued(array, at, feed, whole);
      } else if (whole) {
        show(array, at, feed);
      } else {
        begun(array, at, feed);
      }
      at = feed + 1;
    }
  }

  /** The stream is over: shows what is left of a line that no line feed ended. */
  public void end() {
    if (!skipping && heldLength > 0) {
      showHeld();
    }
    skipping = false;
  }

  private void begun(byte[] array, int from, int to) {
    if (to - from > maxHeld + 1) {
      sink.line(Bytes.of(array, from, maxHeld), true);
      skipping = true;
    } else {
      held = Arrays.copyOfRange(array, from, to);
      heldLength = to - from;
    }
  }

  private void continued(byte[] array, int from, int to, boolean whole) {
    // One byte more than may be shown, for a carriage return.
    int room = maxHeld + 1 - heldLength;
    int taken = Math.min(room, to - from);
    if (heldLength + taken > held.length) {
      int grown = (int) Math.min(maxHeld + 1L, Math.max(heldLength + taken, held.length * 2L));
      held = Arrays.copyOf(held, grown);
    }
    System.arraycopy(array, from, held, heldLength, taken);
    heldLength += taken;
    if (taken < to - from) {
      sink.line(Bytes.of(held, 0, maxHeld), true);
      forget();
      skipping = !whole;
    } else if (whole) {
      showHeld();
    }
  }

  private void showHeld() {
    byte[] line = held;
    int length = heldLength;
    forget();
    show(line, 0, length);
  }

  private void forget() {
    held = NOTHING;
    heldLength = 0;
  }

  private void show(byte[] array, int from, int to) {
    int end = to > from && array[to - 1] == '\r' ? to - 1 : to;
    if (end - from > maxHeld) {
      sink.line(Bytes.of(array, from, maxHeld), true);
    } else if (end > from) {
      sink.line(Bytes.of(array, from, end - from), false);
    }
  }
}
