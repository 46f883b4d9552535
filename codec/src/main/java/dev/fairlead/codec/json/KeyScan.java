package dev.fairlead.codec.json;

/**
 * Runs over the keys of a JSON text, at any depth, in one pass and without building anything. For frames of a stream that
 * have been seen to be well-formed at their beginning: it trusts quotes and nothing else.
 */
public final class KeyScan {
  private KeyScan() {}

  /** Is told of keys. */
  public interface Visitor {
    /**
     * A key.
     *
     * @param nameStart first byte of the name, behind its quote
     * @param nameEnd its closing quote
     * @param value first byte of the value, white space passed over; may be {@code end}
     * @return where to go on; {@code value} unless the value was consumed
     */
    int key(byte[] json, int nameStart, int nameEnd, int value, int end);
  }

  /** Visits every key between {@code start} and {@code end}. */
  public static void keys(byte[] json, int start, int end, Visitor visitor) {
    int i = start;
    while (i < end) {
      if (json[i] != '"') {
        i++;
        continue;
      }
      int close = stringEnd(json, i + 1, end);
      int after = close + 1;
      while (after < end && isSpace(json[after])) {
        after++;
      }
      if (after < end && json[after] == ':') {
        after++;
        while (after < end && isSpace(json[after])) {
          after++;
        }
        i = Math.max(after, visitor.key(json, i + 1, close, after, end));
      } else {
        i = Math.max(after, i + 1);
      }
    }
  }

  /** The closing quote of the string whose content begins at {@code from}, or {@code end}. */
  public static int stringEnd(byte[] json, int from, int end) {
    int i = from;
    while (i < end) {
      byte b = json[i];
      if (b == '"') {
        return i;
      }
      i += b == '\\' ? 2 : 1;
    }
    return end;
  }

  /** Whether the name between the offsets is {@code name}. */
  public static boolean is(byte[] json, int start, int end, byte[] name) {
    return end - start == name.length
        && java.util.Arrays.equals(json, start, end, name, 0, name.length);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\t' || b == '\r';
  }
}
