package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON document as UTF-8. Commas are its own business; the caller closes what it opens.
 * The result has no line breaks, so it fits one line of an event stream.
 */
public final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Bytes of the longest escape; no character takes more. */
  private static final int LONGEST_ESCAPE = 6;

  private static final int LONGEST_NUMBER = 20;

  /** Arrays cannot be much longer. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  private byte[] out;
  private int length;
  private boolean comma;

  /** A writer for something small, such as an error body; it grows. */
  public JsonWriter() {
    this(256);
  }

  /** A writer that has room for so many bytes before it grows. */
  JsonWriter(int room) {
    out = new byte[room];
  }

  public JsonWriter beginObject() {
    return begin('{');
  }

  public JsonWriter endObject() {
    return end('}');
  }

  public JsonWriter beginArray() {
    return begin('[');
  }

  public JsonWriter endArray() {
    return end(']');
  }

  /** The name of the member whose value comes next. */
  public JsonWriter name(String name) {
    separate();
    quote(name);
    put(':');
    comma = false;
    return this;
  }

  /** The name of the member whose value comes next. */
  public JsonWriter name(JsonName name) {
    int from = comma ? 0 : 1;
    copy(name.encoded, from, name.encoded.length - from);
    comma = false;
    return this;
  }

  /** A string, or null for JSON's null. */
  public JsonWriter string(@Nullable String text) {
    separate();
    if (text == null) {
      plain("null");
    } else {
      quote(text);
    }
    return this;
  }

  public JsonWriter number(long number) {
    separate();
    if (number == Long.MIN_VALUE) {
      // Has no positive counterpart.
      plain(Long.toString(number));
      return this;
    }
    reserve(LONGEST_NUMBER);
    if (number < 0) {
      out[length++] = '-';
    }
    long rest = Math.abs(number);
    int digits = 1;
    for (long limit = 10; digits < LONGEST_NUMBER - 1 && rest >= limit; limit *= 10) {
      digits++;
    }
    int at = length + digits;
    while (rest > Integer.MAX_VALUE) {
      out[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    int small = (int) rest;
    while (at > length) {
      out[--at] = (byte) ('0' + small % 10);
      small /= 10;
    }
    length += digits;
    return this;
  }

  public JsonWriter bool(boolean truth) {
    separate();
    plain(truth ? "true" : "false");
    return this;
  }

  /** JSON as it stands, which the caller knows to be well formed and of one line. */
  public JsonWriter raw(Bytes json) {
    separate();
    byte[] array = json.array();
    int from = json.offset();
    int seen = 0;
    for (int i = from; i < from + json.length(); i++) {
      seen |= array[i];
    }
    if (seen >= 0) {
      copy(array, from, json.length());
    } else {
      // Through characters, so that what is written is UTF-8 even where this is not.
      utf8(json.utf8());
    }
    return this;
  }

  /** JSON as it stands, as {@link #raw(Bytes)}. */
  public JsonWriter raw(String json) {
    separate();
    utf8(json);
    return this;
  }

  /** A decimal number as it is written. */
  public JsonWriter number(BigDecimal number) {
    // Neither 1E+2 nor 1E-7, which some readers do not take for numbers.
    return raw(Math.abs((long) number.scale()) > 30 ? number.toString() : number.toPlainString());
  }

  /** Name and string in one. */
  public JsonWriter field(String name, @Nullable String text) {
    return name(name).string(text);
  }

  /** Name and string in one. */
  public JsonWriter field(JsonName name, @Nullable String text) {
    return name(name).string(text);
  }

  /** Name and whole number in one. */
  public JsonWriter field(String name, long number) {
    return name(name).number(number);
  }

  /** Name and whole number in one. */
  public JsonWriter field(JsonName name, long number) {
    return name(name).number(number);
  }

  /** Name and truth in one. */
  public JsonWriter field(String name, boolean truth) {
    return name(name).bool(truth);
  }

  /** Name and truth in one. */
  public JsonWriter field(JsonName name, boolean truth) {
    return name(name).bool(truth);
  }

  /** What has been written so far. */
  public String text() {
    return new String(out, 0, length, StandardCharsets.UTF_8);
  }

  /** Ends a line and begins anew behind it, for files of one document a line. */
  public JsonWriter nextLine() {
    put('\n');
    comma = false;
    return this;
  }

  /** Bytes written so far. */
  public int length() {
    return length;
  }

  /** Forgets what has been written, but not the room it took. */
  public void clear() {
    length = 0;
    comma = false;
  }

  public Bytes toBytes() {
    return Bytes.of(Arrays.copyOf(out, length));
  }

  /** What has been written so far, not copied: good until the next call of this writer. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(out, 0, length).asReadOnlyBuffer();
  }

  private JsonWriter begin(char bracket) {
    separate();
    put(bracket);
    comma = false;
    return this;
  }

  private JsonWriter end(char bracket) {
    put(bracket);
    comma = true;
    return this;
  }

  /** Begins a value: with a comma unless it is the first. */
  private void separate() {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  private void quote(String text) {
    int end = text.length();
    reserve(end + 2);
    out[length++] = '"';
    int plain = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (JsonText.isPlain(c)) {
        continue;
      }
      plain(text, plain, i);
      reserve(LONGEST_ESCAPE);
      switch (c) {
        case '"', '\\' -> escape(c);
        case '\n' -> escape('n');
        case '\r' -> escape('r');
        case '\t' -> escape('t');
        case 0x7f, 0x2028, 0x2029 -> escapeUnit(c);
        default -> {
          if (Character.isHighSurrogate(c)
              && i + 1 < end
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            i++;
            length = JsonText.putUtf8(Character.toCodePoint(c, text.charAt(i)), out, length);
          } else if (c < ' ' || Character.isSurrogate(c)) {
            escapeUnit(c);
          } else {
            length = JsonText.putUtf8(c, out, length);
          }
        }
      }
      plain = i + 1;
    }
    plain(text, plain, end);
    put('"');
  }

  private void plain(String ascii) {
    plain(ascii, 0, ascii.length());
  }

  /** Copies characters of ASCII. */
  @SuppressWarnings("deprecation") // It drops upper halves, of which ASCII has none.
  private void plain(String text, int from, int to) {
    if (from < to) {
      reserve(to - from);
      text.getBytes(from, to, out, length);
      length += to - from;
    }
  }

  private void escape(char kind) {
    out[length++] = '\\';
    out[length++] = (byte) kind;
  }

  private void escapeUnit(char unit) {
    escape('u');
    for (int shift = 12; shift >= 0; shift -= 4) {
      out[length++] = HEX[(unit >>> shift) & 0xf];
    }
  }

  private void utf8(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    copy(encoded, 0, encoded.length);
  }

  private void copy(byte[] from, int offset, int count) {
    reserve(count);
    System.arraycopy(from, offset, out, length, count);
    length += count;
  }

  private void put(char ascii) {
    reserve(1);
    out[length++] = (byte) ascii;
  }

  private void reserve(int more) {
    if (more > out.length - length) {
      int needed = Math.addExact(length, more);
      out = Arrays.copyOf(out, Math.max(needed, (int) Math.min(2L * out.length, MOST)));
    }
  }
}
