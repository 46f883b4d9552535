package dev.fairlead.codec.frame;

import dev.fairlead.core.model.Bytes;
import java.util.Arrays;

/**
 * One frame of an event stream, as a view over the bytes it came in. Valid only during the call it
 * is passed to; the slices it hands out stay valid.
 */
public final class SseFrame {
  private byte[] array = new byte[0];
  private int start;
  private int end;
  private int eventFrom;
  private int eventTo;
  private int dataFrom;
  private int dataTo;
  private int dataLines;
  private boolean oversized;

  SseFrame() {}

  /** Reads the fields between {@code start} and {@code end}. */
  void read(byte[] array, int start, int end, boolean byteOrderMark, boolean oversized) {
    this.array = array;
    this.start = start;
    this.end = end;
    this.oversized = oversized;
    eventFrom = 0;
    eventTo = 0;
    dataLines = 0;
    int line = byteOrderMark ? start + 3 : start;
    while (line < end) {
      int lineEnd = SseFrames.nextBreak(array, line, end);
      readLine(line, lineEnd);
      line = lineEnd + 1;
      if (line < end && array[lineEnd] == '\r' && array[line] == '\n') {
        line++;
      }
    }
  }

  private void readLine(int from, int to) {
    if (isField(from, to, "data:")) {
      if (dataLines++ == 0) {
        dataFrom = valueStart(from + 5, to);
        dataTo = to;
      }
    } else if (isField(from, to, "event:")) {
      eventFrom = valueStart(from + 6, to);
      eventTo = to;
    }
  }

  private boolean isField(int from, int to, String name) {
    if (to - from < name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (array[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int valueStart(int from, int to) {
    return from < to && array[from] == ' ' ? from + 1 : from;
  }

  /** Whether there is a data line that is not empty. */
  public boolean hasData() {
    return dataLines > 1 || (dataLines == 1 && dataTo > dataFrom);
  }

  public boolean hasEvent() {
    return eventTo > eventFrom;
  }

  /** The event name, or empty. */
  public Bytes event() {
    return Bytes.of(array, eventFrom, eventTo - eventFrom);
  }

  /**
   * The data, several lines joined by line feeds as the protocol says; a shared slice when there is
   * one line.
   */
  public Bytes data() {
    return switch (dataLines) {
      case 0 -> Bytes.EMPTY;
      case 1 -> Bytes.of(array, dataFrom, dataTo - dataFrom);
      default -> joined();
    };
  }

  private Bytes joined() {
    byte[] joined = new byte[end - start];
    int length = 0;
    int line = start;
    while (line < end) {
      int lineEnd = SseFrames.nextBreak(array, line, end);
      if (isField(line, lineEnd, "data:")) {
        int from = valueStart(line + 5, lineEnd);
        if (length > 0) {
          joined[length++] = '\n';
        }
        System.arraycopy(array, from, joined, length, lineEnd - from);
        length += lineEnd - from;
      }
      line = lineEnd + 1;
      if (line < end && array[lineEnd] == '\r' && array[line] == '\n') {
        line++;
      }
    }
    return Bytes.of(joined, 0, length);
  }

  public boolean dataIs(byte[] expected) {
    return dataLines == 1 && Arrays.equals(array, dataFrom, dataTo, expected, 0, expected.length);
  }

  public boolean eventIs(byte[] expected) {
    return Arrays.equals(array, eventFrom, eventTo, expected, 0, expected.length);
  }

  /** Whether this is only the beginning of a frame too large to be kept. */
  public boolean oversized() {
    return oversized;
  }

  /** The whole frame, blank line included. */
  public Bytes bytes() {
    return Bytes.of(array, start, end - start);
  }
}
