package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Steps over JSON values, checking the whole grammar of RFC 8259 except that bytes above 0x7f in
 * strings are taken as they are. Positions are those of the backing array. Nearly all bytes of a
 * prompt lie in strings, so these are read 64 at a time into a bitmap of quotes, backslashes and
 * control characters, of which only the set bits are looked at.
 */
final class JsonScanner {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** {@code fl1.}; a marked value is longer than the strings that end within two words. */
  private static final int MARK = 'f' | 'l' << 8 | '1' << 16 | '.' << 24;

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = ~HIGH_BITS;
  private static final long ONES = 0x0101010101010101L;
  private static final long SPACES = ONES * ' ';

  /** 1: may follow a backslash; 2: is the u of a four-digit escape. */
  private static final byte[] ESCAPES = new byte[256];

  private static final boolean[] HEX = new boolean[256];

  static {
    for (char c : "\"\\/bfnrt".toCharArray()) {
      ESCAPES[c] = 1;
    }
    ESCAPES['u'] = 2;
    for (char c : "0123456789abcdefABCDEF".toCharArray()) {
      HEX[c] = true;
    }
  }

  private final byte[] array;
  private final int origin;
  private final int end;
  private final int maxDepth;
  private boolean carries;

  /**
   * Kinds of the open containers, the innermost in bit 0; 1 is an object. Deeper than 64, words
   * spill.
   */
  private long kinds;

  private long @Nullable [] spilled;

  JsonScanner(Bytes document, int maxDepth) {
    this.array = document.array();
    this.origin = document.offset();
    this.end = document.offset() + document.length();
    this.maxDepth = maxDepth;
  }

  /**
   * The first byte from {@code at} on that is not white space; fails at the end of the document.
   */
  int skipSpace(int at) {
    // Most JSON is written without white space; what little this is compiles into every caller.
    return at < end && array[at] > ' ' ? at : skipSomeSpace(at);
  }

  private int skipSomeSpace(int at) {
    int found = skipSpaceToEnd(at);
    if (found == end) {
      throw truncated();
    }
    return found;
  }

  /** Like {@link #skipSpace} but gives the document's end when there is nothing but white space. */
  int skipSpaceToEnd(int from) {
    int at = from;
    while (at < end) {
      byte c = array[at];
      if (c == ' ') {
        while (at <= end - 8 && (long) LONGS.get(array, at) == SPACES) {
          at += 8;
        }
        if (at < end && array[at] == ' ') {
          at++;
        }
      } else if (c == '\n' || c == '\r' || c == '\t') {
        at++;
      } else {
        return at;
      }
    }
    return end;
  }

  /** Steps over the key at {@code at} and its colon to the value's first byte. */
  private int skipKeyAndColon(int at) {
    return skipColon(skipKey(at));
  }

  /** Steps over a colon and white space around it to the value's first byte. */
  int skipColon(int at) {
    if (at < end - 1 && array[at] == ':' && array[at + 1] > ' ') {
      return at + 1;
    }
    int colon = skipSpace(at);
    if (array[colon] != ':') {
      throw unexpected(colon, "a colon after the key");
    }
    return skipSpace(colon + 1);
  }

  /** Steps over the key at {@code at} to the byte behind its closing quote. */
  int skipKey(int at) {
    if (array[at] != '"') {
      throw unexpected(at, "a key in double quotes");
    }
    return skipString(at + 1);
  }

  /**
   * Steps over the value at {@code from} to the byte behind it; {@code outer} containers are open
   * around it.
   */
  int skipValue(int from, int outer) {
    int at = from;
    int depth = outer;
    while (true) {
      byte c = array[at];
      if (c == '"') {
        at = skipString(at + 1);
      } else if (c == '{') {
        push(++depth, 1, at);
        at = skipSpace(at + 1);
        if (array[at] != '}') {
          at = skipKeyAndColon(at);
          continue;
        }
        at++;
        pop(depth--);
      } else if (c == '[') {
        push(++depth, 0, at);
        at = skipSpace(at + 1);
        if (array[at] != ']') {
          continue;
        }
        at++;
        pop(depth--);
      } else {
        at = skipScalar(at);
      }
      while (true) {
        if (depth == outer) {
          return at;
        }
        at = skipSpace(at);
        boolean object = (kinds & 1) != 0;
        byte next = array[at];
        if (next == ',') {
          at = skipSpace(at + 1);
          if (object) {
            at = skipKeyAndColon(at);
          }
          break;
        }
        if (next != (object ? '}' : ']')) {
          throw unexpected(
              at, object ? "a comma or a closing brace" : "a comma or a closing bracket");
        }
        at++;
        pop(depth--);
      }
    }
  }

  private void push(int depth, int kind, int at) {
    if (depth > maxDepth) {
      throw new MalformedBody(
          MalformedBody.Reason.TOO_DEEP,
          at - origin,
          "The JSON is nested more than "
              + maxDepth
              + " levels deep at byte "
              + (at - origin)
              + ".",
          null);
    }
    if ((depth & 63) == 0) {
      long[] words = spilled;
      int word = depth >>> 6;
      if (words == null) {
        words = new long[4];
      }
      if (word >= words.length) {
        words = Arrays.copyOf(words, word * 2);
      }
      words[word] = kinds;
      spilled = words;
    }
    kinds = kinds << 1 | kind;
  }

  private void pop(int depth) {
    kinds >>>= 1;
    if ((depth & 63) == 0 && spilled != null) {
      kinds = spilled[depth >>> 6];
    }
  }

  /** Steps over the string, number or literal at {@code at}. */
  int skipSimple(int at) {
    return array[at] == '"' ? skipString(at + 1) : skipScalar(at);
  }

  private int skipScalar(int at) {
    return switch (array[at]) {
      case 't' -> skipLiteral(at, "true");
      case 'f' -> skipLiteral(at, "false");
      case 'n' -> skipLiteral(at, "null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber(at);
      default -> throw unexpected(at, "a value");
    };
  }

  private int skipLiteral(int at, String literal) {
    for (int i = 1; i < literal.length(); i++) {
      if (at + i == end) {
        throw truncated();
      }
      if (array[at + i] != literal.charAt(i)) {
        throw unexpected(at, "a value");
      }
    }
    return at + literal.length();
  }

  private int skipNumber(int from) {
    int at = from;
    if (array[at] == '-') {
      at++;
    }
    if (at < end && array[at] == '0') {
      at++;
      if (at < end && isDigit(array[at])) {
        throw invalid(from, "a number with a leading zero");
      }
    } else {
      at = skipDigits(at, from);
    }
    if (at < end && array[at] == '.') {
      at = skipDigits(at + 1, from);
    }
    if (at < end && (array[at] | 0x20) == 'e') {
      at++;
      if (at < end && (array[at] == '+' || array[at] == '-')) {
        at++;
      }
      at = skipDigits(at, from);
    }
    return at;
  }

  private int skipDigits(int from, int number) {
    int at = from;
    while (at < end && isDigit(array[at])) {
      at++;
    }
    if (at == from) {
      if (at == end) {
        throw truncated();
      }
      throw invalid(number, "a malformed number");
    }
    return at;
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  /** Where, between {@code from} and {@code to}, the first backslash is, or -1. */
  static int backslash(byte[] array, int from, int to) {
    int at = from;
    for (; at <= to - 8; at += 8) {
      long zeroIfOne = (long) LONGS.get(array, at) ^ 0x5c5c5c5c5c5c5c5cL;
      long hits = (zeroIfOne - ONES) & ~zeroIfOne & HIGH_BITS;
      if (hits != 0) {
        return at + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    for (; at < to; at++) {
      if (array[at] == '\\') {
        return at;
      }
    }
    return -1;
  }

  /**
   * Where the closing quote of the string whose inside begins at {@code from} stands, or -1 if
   * there is no valid one.
   */
  static int closingQuote(byte[] array, int from, int to) {
    int at = from;
    while (at < to) {
      if (at <= to - 8) {
        long hits = firstSpecial((long) LONGS.get(array, at));
        if (hits == 0) {
          at += 8;
          continue;
        }
        at += Long.numberOfTrailingZeros(hits) >>> 3;
      }
      byte c = array[at];
      if (c == '"') {
        return at;
      }
      if (c == '\\') {
        int kind = at + 1 < to ? ESCAPES[array[at + 1] & 0xff] : 0;
        if (kind == 0) {
          return -1;
        }
        at += 2;
      } else if (c >= 0 && c < ' ') {
        return -1;
      } else {
        at++;
      }
    }
    return -1;
  }

  /** Steps over the rest of a string to the byte behind its closing quote. */
  int skipString(int from) {
    // Most strings are keys, tags and names: four words catch them before a whole block is worth
    // its price.
    int at = skipWords(from);
    if (at < 0) {
      carries |= (int) INTS.get(array, from) == MARK;
      at = skipWords(~at);
    }
    return at < 0 ? skipLongString(~at) : at;
  }

  /**
   * Steps over what is left of a string that ends within two words, or at the document's end; else
   * gives the complement of where to go on.
   */
  private int skipWords(int from) {
    byte[] array = this.array;
    int at = from;
    int lastWord = end - 8;
    for (int i = 0; i < 2; i++) {
      if (at > lastWord) {
        return skipStringByByte(at);
      }
      long hits = firstSpecial((long) LONGS.get(array, at));
      if (hits == 0) {
        at += 8;
        continue;
      }
      at += Long.numberOfTrailingZeros(hits) >>> 3;
      if (array[at] == '"') {
        return at + 1;
      }
      at = skipEscape(at);
    }
    return ~at;
  }

  /** Whether a string passed so far begins as {@code Carried.PREFIX} does. */
  boolean carries() {
    return carries;
  }

  private int skipLongString(int from) {
    byte[] array = this.array;
    int at = from;
    int lastBlock = end - 64;
    while (at <= lastBlock) {
      long specials =
          gather(specials((long) LONGS.get(array, at)))
              | gather(specials((long) LONGS.get(array, at + 8))) << 8
              | gather(specials((long) LONGS.get(array, at + 16))) << 16
              | gather(specials((long) LONGS.get(array, at + 24))) << 24
              | gather(specials((long) LONGS.get(array, at + 32))) << 32
              | gather(specials((long) LONGS.get(array, at + 40))) << 40
              | gather(specials((long) LONGS.get(array, at + 48))) << 48
              | gather(specials((long) LONGS.get(array, at + 56))) << 56;
      int next = at + 64;
      while (specials != 0) {
        int i = Long.numberOfTrailingZeros(specials);
        if (array[at + i] == '"') {
          return at + i + 1;
        }
        skipEscape(at + i);
        if (i == 63) {
          next++;
          break;
        }
        // What follows the backslash has been judged and must not be seen as a quote or another
        // backslash.
        specials &= -4L << i;
      }
      at = next;
    }
    return skipStringByByte(at);
  }

  private int skipStringByByte(int from) {
    int at = from;
    while (at < end) {
      byte c = array[at];
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' || (c >= 0 && c < ' ')) {
        at = skipEscape(at);
      } else {
        at++;
      }
    }
    throw truncated();
  }

  /**
   * Steps over the escape at {@code at}; fails when it is none or when a control character stands
   * there.
   */
  private int skipEscape(int at) {
    if (array[at] != '\\') {
      throw invalid(at, "a control character in a string, which must be escaped");
    }
    if (at + 1 == end) {
      throw truncated();
    }
    int kind = ESCAPES[array[at + 1] & 0xff];
    if (kind == 1) {
      return at + 2;
    }
    if (kind == 0) {
      throw invalid(at, "an escape that JSON does not know");
    }
    for (int i = at + 2; i < at + 6; i++) {
      if (i == end) {
        throw truncated();
      }
      if (!HEX[array[i] & 0xff]) {
        throw invalid(at, "a \\u escape without four hexadecimal digits");
      }
    }
    return at + 6;
  }

  /**
   * High bit of each byte that is a quote, a backslash or a control character, exact up to the
   * first such byte. Flipping bit 1 moves the quote next to the control characters, so that one
   * comparison finds both.
   */
  private static long firstSpecial(long word) {
    return (((word ^ 0x0202020202020202L) - 0x2121212121212121L)
            | ((word ^ 0x5c5c5c5c5c5c5c5cL) - ONES))
        & ~word
        & HIGH_BITS;
  }

  /** The same, exact for every byte: no borrow crosses from one byte to the next. */
  private static long specials(long word) {
    long aboveControl = ((word ^ 0x0202020202020202L) & LOW_BITS) + 0x5f5f5f5f5f5f5f5fL;
    long notBackslash = ((word ^ 0x5c5c5c5c5c5c5c5cL) & LOW_BITS) + LOW_BITS;
    return ~((aboveControl & notBackslash) | word) & HIGH_BITS;
  }

  /** The high bits of the eight bytes as the low eight bits. */
  private static long gather(long highBits) {
    return (highBits * 0x0002040810204081L) >>> 56;
  }

  MalformedBody unexpected(int at, String wanted) {
    return new MalformedBody(
        MalformedBody.Reason.INVALID_JSON,
        at - origin,
        "The body is not valid JSON: expected " + wanted + " at byte " + (at - origin) + ".",
        null);
  }

  private MalformedBody invalid(int at, String what) {
    return new MalformedBody(
        MalformedBody.Reason.INVALID_JSON,
        at - origin,
        "The body is not valid JSON: " + what + " at byte " + (at - origin) + ".",
        null);
  }

  MalformedBody truncated() {
    return new MalformedBody(
        MalformedBody.Reason.INVALID_JSON,
        end - origin,
        "The body is not valid JSON: it ends at byte " + (end - origin) + " before the JSON does.",
        null);
  }
}
