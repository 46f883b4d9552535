package dev.fairlead.codec.frame;

import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the parts of one frame lie. Reused for every frame of a stream, so that looking at a frame allocates nothing;
 * data spread over several lines, which no vendor sends, is put together in a fresh array.
 */
public final class SseFrame {
  private byte[] array = new byte[0];
  private int eventStart;
  private int eventEnd;
  private byte[] dataArray = new byte[0];
  private int dataStart;
  private int dataEnd;

  /** Points this at the frame between the offsets. */
  public void read(byte[] bytes, int start, int end) {
    array = bytes;
    eventStart = 0;
    eventEnd = 0;
    dataArray = bytes;
    dataStart = 0;
    dataEnd = 0;
    boolean hasData = false;
    int i = start;
    if (end - i >= 3 && bytes[i] == (byte) 0xef && bytes[i + 1] == (byte) 0xbb) {
      i += 3;
    }
    while (i < end) {
      int lineEnd = i;
      while (lineEnd < end && bytes[lineEnd] != '\n') {
        lineEnd++;
      }
      int contentEnd = lineEnd > i && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
      if (startsWith(bytes, i, contentEnd, 'd', 'a', 't', 'a', ':')) {
        int from = skipSpace(bytes, i + 5, contentEnd);
        if (hasData) {
          join(bytes, from, contentEnd);
        } else {
          hasData = true;
          dataStart = from;
          dataEnd = contentEnd;
        }
      } else if (startsWith(bytes, i, contentEnd, 'e', 'v', 'e', 'n')
          && contentEnd - i > 5
          && bytes[i + 5] == ':') {
        eventStart = skipSpace(bytes, i + 6, contentEnd);
        eventEnd = contentEnd;
      }
      i = lineEnd + 1;
    }
  }

  private static boolean startsWith(byte[] bytes, int from, int end, char... prefix) {
    if (end - from < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static int skipSpace(byte[] bytes, int from, int end) {
    return from < end && bytes[from] == ' ' ? from + 1 : from;
  }

  private void join(byte[] bytes, int from, int end) {
    byte[] joined = new byte[dataEnd - dataStart + 1 + end - from];
    System.arraycopy(dataArray, dataStart, joined, 0, dataEnd - dataStart);
    joined[dataEnd - dataStart] = '\n';
    System.arraycopy(bytes, from, joined, dataEnd - dataStart + 1, end - from);
    dataArray = joined;
    dataStart = 0;
    dataEnd = joined.length;
  }

  public boolean hasData() {
    return dataEnd > dataStart;
  }

  /** Whether the frame's {@code event} field is {@code name}. */
  public boolean isEvent(byte[] name) {
    return eventEnd - eventStart == name.length
        && Arrays.equals(array, eventStart, eventEnd, name, 0, name.length);
  }

  /** The {@code event} field, or empty. */
  public String event() {
    return new String(array, eventStart, eventEnd - eventStart, StandardCharsets.UTF_8);
  }

  /** Whether the {@code event} field ends with {@code suffix}. */
  public boolean eventEndsWith(byte[] suffix) {
    return eventEnd - eventStart >= suffix.length
        && Arrays.equals(array, eventEnd - suffix.length, eventEnd, suffix, 0, suffix.length);
  }

  /** Whether the data is exactly {@code text}. */
  public boolean isData(byte[] text) {
    return dataEnd - dataStart == text.length
        && Arrays.equals(dataArray, dataStart, dataEnd, text, 0, text.length);
  }

  public byte[] dataArray() {
    return dataArray;
  }

  public int dataStart() {
    return dataStart;
  }

  public int dataEnd() {
    return dataEnd;
  }

  /** The data as a slice. */
  public Bytes data() {
    return Bytes.of(dataArray, dataStart, dataEnd - dataStart);
  }
}
