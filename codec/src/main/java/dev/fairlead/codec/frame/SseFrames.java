package dev.fairlead.codec.frame;

import dev.fairlead.core.model.Bytes;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a stream of server-sent events (WHATWG HTML, 9.2) into whole frames as it passes: a frame ends with a blank line,
 * lines end with LF or CRLF. What is forwarded shares the chunks it came in; only the beginning of a frame that is still
 * incomplete is copied, and at most {@link #MOST_FRAME} bytes of it.
 */
public final class SseFrames {
  /** A frame larger than this is forwarded in parts and not looked at. */
  public static final int MOST_FRAME = 1024 * 1024;

  /** Is shown every whole frame. */
  public interface Tap {
    /** A frame from {@code start} to behind its blank line. */
    void frame(byte[] array, int start, int end);
  }

  private byte[] rest = new byte[0];
  private int restLength;
  private boolean lineEmpty = true;
  private boolean frameEmpty = true;
  private boolean oversized;

  /** Takes bytes cut anywhere; forwards what completes frames. */
  public void feed(Bytes chunk, Tap tap, Consumer<Bytes> forward) {
    byte[] array = chunk.array();
    int begin = chunk.offset();
    int end = begin + chunk.length();
    int frameStart = begin;
    int forwardFrom = begin;
    boolean empty = lineEmpty;
    for (int i = begin; i < end; i++) {
      byte b = array[i];
      if (b == '\n') {
        if (empty) {
          if (restLength > 0 || oversized) {
            if (oversized) {
              oversized = false;
            } else {
              append(array, frameStart, i + 1);
              tap.frame(rest, 0, restLength);
              forward.accept(Bytes.of(rest, 0, restLength));
              rest = new byte[0];
              restLength = 0;
              forwardFrom = i + 1;
            }
          } else if (!frameEmpty) {
            tap.frame(array, frameStart, i + 1);
          }
          frameStart = i + 1;
          frameEmpty = true;
        }
        empty = true;
      } else if (b != '\r') {
        empty = false;
        frameEmpty = false;
      }
    }
    lineEmpty = empty;
    if (frameStart > forwardFrom) {
      forward.accept(Bytes.of(array, forwardFrom, frameStart - forwardFrom));
    }
    keep(array, frameStart, end, forward);
  }

  private void keep(byte[] array, int from, int to, Consumer<Bytes> forward) {
    if (from >= to) {
      return;
    }
    if (oversized) {
      forward.accept(Bytes.of(array, from, to - from));
    } else if (restLength + (to - from) > MOST_FRAME) {
      oversized = true;
      if (restLength > 0) {
        forward.accept(Bytes.of(rest, 0, restLength));
        rest = new byte[0];
        restLength = 0;
      }
      forward.accept(Bytes.of(array, from, to - from));
    } else {
      append(array, from, to);
    }
  }

  private void append(byte[] array, int from, int to) {
    int length = to - from;
    if (restLength + length > rest.length) {
      rest = Arrays.copyOf(rest, Math.max(restLength + length, rest.length * 2));
    }
    System.arraycopy(array, from, rest, restLength, length);
    restLength += length;
  }

  /** The stream is over: shows what is left, although no blank line ended it. */
  public void end(Tap tap) {
    if (restLength > 0) {
      tap.frame(rest, 0, restLength);
    }
  }

  /** Forwards what {@link #end} has shown. */
  public void forwardRest(Consumer<Bytes> forward) {
    if (restLength > 0) {
      forward.accept(Bytes.of(rest, 0, restLength));
      rest = new byte[0];
      restLength = 0;
    }
  }

  /** Whether what was forwarded ends inside a frame. */
  public boolean midFrame() {
    return oversized;
  }

  /** Bytes kept back. */
  public int kept() {
    return restLength;
  }
}
