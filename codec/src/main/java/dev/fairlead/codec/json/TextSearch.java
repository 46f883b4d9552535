package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A piece of ASCII looked for in the text of JSON strings as it stands, without decoding it; what
 * JSON writes with escapes it does not find. Immutable.
 */
public final class TextSearch {
  private final byte[] wanted;
  private final int[] skip = new int[256];

  private TextSearch(byte[] wanted) {
    this.wanted = wanted;
    Arrays.fill(skip, wanted.length);
    for (int i = 0; i < wanted.length - 1; i++) {
      skip[wanted[i] & 0xff] = wanted.length - 1 - i;
    }
  }

  /** A search for {@code ascii}, which has at least two characters. */
  public static TextSearch of(String ascii) {
    return new TextSearch(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Where the text behind the next find begins in {@code raw}, from {@code from} on, or -1. */
  public int behind(Bytes raw, int from) {
    byte[] array = raw.array();
    int last = wanted.length - 1;
    int end = raw.offset() + raw.length();
    int at = raw.offset() + from + last;
    while (at < end) {
      int i = last;
      while (i >= 0 && array[at - last + i] == wanted[i]) {
        i--;
      }
      if (i < 0) {
        return at + 1 - raw.offset();
      }
      at += skip[array[at] & 0xff];
    }
    return -1;
  }

  /** The text behind the first find up to the end of its line or {@code stop}, or null. */
  public @Nullable String line(Bytes raw, char stop, int mostBytes) {
    int at = behind(raw, 0);
    return at < 0 ? null : lineAt(raw, at, stop, mostBytes);
  }

  /** The text at {@code from} up to the end of its line, {@code stop}, or the string; or null. */
  public static @Nullable String lineAt(Bytes raw, int from, char stop, int mostBytes) {
    byte[] array = raw.array();
    int start = raw.offset() + from;
    int end = Math.min(raw.offset() + raw.length(), start + mostBytes);
    int at = start;
    while (at < end && array[at] != stop && array[at] != '"') {
      if (array[at] == '\\') {
        if (at + 1 >= end || array[at + 1] == 'n' || array[at + 1] == 'r') {
          break;
        }
        at += array[at + 1] == 'u' ? 6 : 2;
      } else {
        at++;
      }
    }
    if (at == start || at >= start + mostBytes || at > raw.offset() + raw.length()) {
      return null;
    }
    String text = JsonText.decode(array, start, at).strip();
    return text.isEmpty() ? null : text;
  }
}
