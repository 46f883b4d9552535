package dev.fairlead.codec.frame;

import dev.fairlead.core.model.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an event stream (WHATWG HTML, "Server-sent events") fed in pieces of any size into whole
 * frames, each up to and including its blank line; lines may end in LF, CR LF or CR. All whole
 * frames of a piece are forwarded as one slice of it; the beginning of a frame is copied and held
 * until the rest comes, at most {@link #MAX_HELD} bytes. Of a larger frame only the first {@link
 * #MAX_HELD} and the last {@link #TAIL} bytes are shown, and it is forwarded as it comes. What is
 * shown does not depend on how the stream was cut.
 */
public final class SseFrames {
  /** Bytes of an unfinished frame that are held back. */
  public static final int MAX_HELD = 256 * 1024;

  /** Bytes shown from the end of a frame larger than {@link #MAX_HELD}. */
  public static final int TAIL = 16 * 1024;

  /** Sees the frames as they pass. */
  public interface Sink {
    /**
     * Asked at the beginning of each frame: where it ends if it lies wholly before {@code to} and
     * needs no further look, otherwise -1.
     */
    int recognise(byte[] array, int from, int to);

    /** A frame with data or an event name; of an oversized one, its beginning. */
    void frame(SseFrame frame);

    /** The last bytes of an oversized frame, after {@link #frame} has seen its beginning. */
    void tail(Bytes end);
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] NOTHING = new byte[0];

  private final Sink sink;
  private final int maxHeld;
  private final SseFrame view = new SseFrame();
  private byte[] held = NOTHING;
  private int heldLength;

  /** The end of an oversized frame while we are inside one. */
  private @Nullable TailWindow tail;

  private boolean endedInside;
  private boolean atStreamStart = true;

  /** The line being read has no bytes yet. */
  private boolean lineEmpty = true;

  /** The last byte was a carriage return that ended a line; a line feed now belongs to it. */
  private boolean afterReturn;

  public SseFrames(Sink sink) {
    this(sink, MAX_HELD);
  }

  /** Holds at most {@code maxHeld} bytes of an unfinished frame. */
  public SseFrames(Sink sink, int maxHeld) {
    this.sink = sink;
    this.maxHeld = maxHeld;
  }

  /** Whether what was forwarded so far ends inside a frame. */
  public boolean midFrame() {
    return tail != null || endedInside;
  }

  /** Takes the next bytes, shows what is whole and forwards it. */
  public void feed(Bytes chunk, Consumer<Bytes> forward) {
    byte[] array = chunk.array();
    int base = chunk.offset();
    int end = base + chunk.length();
    int at = base;
    int unsent = base;
    if (midFrame() || heldLength > 0) {
      int frameEnd = findEnd(array, base, end);
      at = frameEnd < 0 ? end : frameEnd;
      TailWindow window = tail;
      if (window == null) {
        unsent += fillHeld(array, base, at);
        if (unsent == at && frameEnd < 0) {
          return;
        }
        if (unsent == at) {
          show(held, 0, heldLength);
        } else {
          window = beginOversized(held, 0, heldLength);
        }
        forwardHeld(forward);
      }
      if (window != null) {
        window.append(array, unsent, at);
        if (frameEnd < 0) {
          forward.accept(chunk.slice(unsent - base, chunk.length()));
          return;
        }
        finishOversized(window);
      }
      startFrame();
    }
    at = showWhole(array, at, end);
    if (end - at > maxHeld) {
      beginOversized(array, at, end);
      at = end;
    }
    if (at > unsent) {
      forward.accept(chunk.slice(unsent - base, at - base));
    }
    if (at < end) {
      hold(array, at, end);
    }
  }

  /** The stream is over: shows what is left of a frame that no blank line ended. */
  public void end() {
    TailWindow window = tail;
    if (window != null) {
      endedInside = true;
      finishOversized(window);
    } else if (heldLength > 0) {
      show(held, 0, heldLength);
    }
  }

  /** Forwards what {@link #end} has shown; nothing can be put behind it. */
  public void forwardRest(Consumer<Bytes> forward) {
    if (heldLength > 0) {
      endedInside = true;
      forwardHeld(forward);
    }
  }

  private int showWhole(byte[] array, int from, int end) {
    int at = from;
    while (at < end) {
      int frameEnd = sink.recognise(array, at, end);
      if (frameEnd < 0) {
        frameEnd = findEnd(array, at, end);
        if (frameEnd < 0) {
          break;
        }
        show(array, at, frameEnd);
      }
      startFrame();
      at = frameEnd;
    }
    return at;
  }

  private void startFrame() {
    lineEmpty = true;
    afterReturn = false;
    atStreamStart = false;
  }

  /**
   * Reads on to the end of the frame: the place behind its blank line, or -1 when it does not end
   * before {@code to}.
   */
  private int findEnd(byte[] array, int from, int to) {
    int at = from;
    if (afterReturn && at < to) {
      afterReturn = false;
      if (array[at] == '\n') {
        at++;
      }
    }
    while (at < to) {
      byte c = array[at];
      if (c != '\n' && c != '\r') {
        lineEmpty = false;
        at = nextBreak(array, at + 1, to);
        continue;
      }
      at++;
      if (c == '\r') {
        if (at < to && array[at] == '\n') {
          at++;
        } else if (at == to && !lineEmpty) {
          afterReturn = true;
        }
      }
      if (lineEmpty) {
        // A line feed still to come after a blank line's carriage return makes an empty frame of
        // its own: harmless.
        return at;
      }
      lineEmpty = true;
    }
    return -1;
  }

  /** The place of the next line feed or carriage return, or {@code to}. */
  static int nextBreak(byte[] array, int from, int to) {
    int at = from;
    while (at <= to - 8) {
      long word = (long) LONGS.get(array, at);
      long low = (word - 0x0e0e0e0e0e0e0e0eL) & ~word & 0x8080808080808080L;
      if (low == 0) {
        at += 8;
        continue;
      }
      at += Long.numberOfTrailingZeros(low) >>> 3;
      if (array[at] == '\n' || array[at] == '\r') {
        return at;
      }
      at++;
    }
    while (at < to && array[at] != '\n' && array[at] != '\r') {
      at++;
    }
    return at;
  }

  private void show(byte[] array, int from, int to) {
    if (to - from > maxHeld) {
      finishOversized(beginOversized(array, from, to));
      return;
    }
    view.read(array, from, to, hasMark(array, from, to), false);
    if (view.hasData() || view.hasEvent()) {
      sink.frame(view);
    }
  }

  private boolean hasMark(byte[] array, int from, int to) {
    return atStreamStart
        && to - from >= 3
        && array[from] == (byte) 0xef
        && array[from + 1] == (byte) 0xbb
        && array[from + 2] == (byte) 0xbf;
  }

  private TailWindow beginOversized(byte[] array, int from, int to) {
    int prefixEnd = Math.min(to, from + maxHeld);
    view.read(array, from, prefixEnd, hasMark(array, from, prefixEnd), true);
    sink.frame(view);
    TailWindow window = new TailWindow(TAIL);
    window.append(array, from, to);
    tail = window;
    return window;
  }

  private void finishOversized(TailWindow window) {
    sink.tail(window.bytes());
    tail = null;
  }

  private void hold(byte[] array, int from, int to) {
    heldLength = to - from;
    held = new byte[Math.min(maxHeld, Math.max(512, heldLength + heldLength / 2))];
    System.arraycopy(array, from, held, 0, heldLength);
  }

  /** Appends to the held bytes as far as they may grow; the number of bytes taken. */
  private int fillHeld(byte[] array, int from, int to) {
    int taken = Math.min(to - from, maxHeld - heldLength);
    if (heldLength + taken > held.length) {
      held = Arrays.copyOf(held, Math.min(maxHeld, Math.max(heldLength + taken, held.length * 2)));
    }
    System.arraycopy(array, from, held, heldLength, taken);
    heldLength += taken;
    return taken;
  }

  /** What was held leaves for good: the array now belongs to the slice. */
  private void forwardHeld(Consumer<Bytes> forward) {
    forward.accept(Bytes.of(held, 0, heldLength));
    held = NOTHING;
    heldLength = 0;
  }
}
