package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;

/** The text inside JSON strings: decoding what a scan has accepted, and quoting our own. */
public final class JsonText {
  private JsonText() {}

  /**
   * {@code text} as a JSON string with its quotes; lone surrogates become escapes, so nothing is
   * lost.
   */
  public static Bytes quote(String text) {
    return new JsonWriter(text.length() + 16).string(text).toBytes();
  }

  /** Appends the text as a JSON string. */
  public static void quote(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        out.append(quote(text).utf8());
        return;
      }
    }
    out.append('"').append(text).append('"');
  }

  /** Whether a character of ASCII stands for itself in a string. */
  static boolean isPlain(char c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
  }

  /**
   * Where, between {@code from} and {@code to}, the string whose inside begins at {@code from} has
   * its closing quote, or -1 when none comes or a control character or unknown escape comes first.
   * Digits of \\u escapes are not checked.
   */
  public static int closingQuote(byte[] array, int from, int to) {
    return JsonScanner.closingQuote(array, from, to);
  }

  /**
   * Decodes the inside of a string that a scan has accepted; malformed UTF-8 becomes the
   * replacement character.
   */
  static String decode(byte[] array, int from, int to) {
    int escape = JsonScanner.backslash(array, from, to);
    if (escape < 0) {
      return new String(array, from, to - from, StandardCharsets.UTF_8);
    }
    // What an escape stands for is shorter than itself, so that all of the text finds room.
    byte[] text = new byte[to - from];
    int size = 0;
    int at = from;
    while (escape >= 0) {
      System.arraycopy(array, at, text, size, escape - at);
      size += escape - at;
      at = afterEscape(array, escape);
      if (array[escape + 1] != 'u') {
        text[size++] = (byte) escaped(array[escape + 1]);
      } else {
        int character = unit(array, escape + 2);
        if (Character.isSurrogate((char) character)) {
          if (!isPair(array, escape, to)) {
            return decodeUnits(array, from, to);
          }
          character = Character.toCodePoint((char) character, unit(array, at + 2));
          at = afterEscape(array, at);
        }
        size = putUtf8(character, text, size);
      }
      escape = JsonScanner.backslash(array, at, to);
    }
    System.arraycopy(array, at, text, size, to - at);
    return new String(text, 0, size + to - at, StandardCharsets.UTF_8);
  }

  /** As {@link #decode}, for what UTF-8 has no bytes for: a surrogate on its own. */
  private static String decodeUnits(byte[] array, int from, int to) {
    StringBuilder out = new StringBuilder(to - from);
    int at = from;
    int escape = JsonScanner.backslash(array, at, to);
    while (escape >= 0) {
      out.append(new String(array, at, escape - at, StandardCharsets.UTF_8));
      byte kind = array[escape + 1];
      out.append(kind == 'u' ? unit(array, escape + 2) : escaped(kind));
      at = afterEscape(array, escape);
      escape = JsonScanner.backslash(array, at, to);
    }
    return out.append(new String(array, at, to - at, StandardCharsets.UTF_8)).toString();
  }

  private static int afterEscape(byte[] array, int escape) {
    return escape + (array[escape + 1] == 'u' ? 6 : 2);
  }

  private static char escaped(byte kind) {
    return switch (kind) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> (char) kind;
    };
  }

  /** Whether a high surrogate's escape is followed by that of a low one. */
  private static boolean isPair(byte[] array, int escape, int to) {
    int next = escape + 6;
    return Character.isHighSurrogate(unit(array, escape + 2))
        && next + 6 <= to
        && array[next] == '\\'
        && array[next + 1] == 'u'
        && Character.isLowSurrogate(unit(array, next + 2));
  }

  /**
   * Puts a character, which is no surrogate, into {@code out}, where there is room for it.
   *
   * @return where the next one goes
   */
  static int putUtf8(int character, byte[] out, int at) {
    int next = at;
    if (character < 0x80) {
      out[next++] = (byte) character;
    } else if (character < 0x800) {
      out[next++] = (byte) (0xc0 | character >> 6);
      out[next++] = (byte) (0x80 | character & 0x3f);
    } else {
      if (character < 0x10000) {
        out[next++] = (byte) (0xe0 | character >> 12);
      } else {
        out[next++] = (byte) (0xf0 | character >> 18);
        out[next++] = (byte) (0x80 | character >> 12 & 0x3f);
      }
      out[next++] = (byte) (0x80 | character >> 6 & 0x3f);
      out[next++] = (byte) (0x80 | character & 0x3f);
    }
    return next;
  }

  /** Whether the inside of a string that a scan has accepted decodes to {@code text}. */
  static boolean is(byte[] array, int from, int to, String text) {
    int length = to - from;
    if (length == text.length()) {
      for (int i = 0; i < length; i++) {
        if (array[from + i] != text.charAt(i)) {
          // With an escape it would be shorter; only broken UTF-8 has as many bytes as characters.
          return length > 1 && array[from + i] < 0 && decode(array, from, to).equals(text);
        }
      }
      return true;
    }
    return length > text.length()
        && length <= text.length() * 6L
        && !isPlain(array, from, to)
        && decode(array, from, to).equals(text);
  }

  /** Whether the inside of a string is ASCII without escapes, so that its bytes are its text. */
  static boolean isPlain(byte[] array, int from, int to) {
    for (int i = from; i < to; i++) {
      if (array[i] < 0 || array[i] == '\\') {
        return false;
      }
    }
    return true;
  }

  /** Where, in the inside of an accepted string, the first {@code maxChars} characters end. */
  static int prefixEnd(byte[] array, int from, int to, int maxChars) {
    int at = from;
    int chars = 0;
    while (at < to && chars < maxChars) {
      int lead = array[at] & 0xff;
      if (lead == '\\') {
        at += array[at + 1] == 'u' ? 6 : 2;
      } else {
        at++;
        // Only what continues a character is stepped over: malformed UTF-8 must not hide an escape.
        while (lead >= 0x80 && at < to && (array[at] & 0xc0) == 0x80) {
          at++;
        }
        chars += lead >= 0xf0 ? 1 : 0;
      }
      chars++;
    }
    return at;
  }

  private static char unit(byte[] array, int at) {
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      unit = unit << 4 | Character.digit(array[i], 16);
    }
    return (char) unit;
  }
}
