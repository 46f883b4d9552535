package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;

/** JSON without white space between its tokens, so that it fits one line of a stream. */
public final class JsonCompact {
  private JsonCompact() {}

  /** {@code json}, which must be well formed, without white space outside strings. */
  public static Bytes of(Bytes json) {
    byte[] array = json.array();
    int end = json.offset() + json.length();
    int at = json.offset();
    while (at < end && !isSpace(array[at])) {
      at = array[at] == '"' ? behindString(array, at) : at + 1;
    }
    if (at >= end) {
      return json;
    }
    byte[] out = new byte[json.length()];
    int length = at - json.offset();
    System.arraycopy(array, json.offset(), out, 0, length);
    while (at < end) {
      if (isSpace(array[at])) {
        at++;
        continue;
      }
      int next = array[at] == '"' ? behindString(array, at) : at + 1;
      System.arraycopy(array, at, out, length, next - at);
      length += next - at;
      at = next;
    }
    return Bytes.of(out, 0, length);
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private static int behindString(byte[] array, int open) {
    int at = open + 1;
    while (array[at] != '"') {
      at += array[at] == '\\' ? 2 : 1;
    }
    return at + 1;
  }
}
