package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where the top-level values of a JSON object lie that somebody asked for, found in one forward scan of the whole body.
 *
 * <p>It is a security boundary: what policy reads here has to be what the provider will read. So the whole body is checked
 * against RFC 8259, keys are compared after their escapes are undone, a key that was asked for may stand only once, depth
 * is bounded, and nothing but white space may follow. The bytes inside strings are not checked to be UTF-8.
 */
public final class Envelope {
  /** Deepest nesting accepted. */
  public static final int MOST_DEPTH = 256;

  private final Bytes body;
  private final Interests interests;
  private final int[] memberStart;
  private final int[] valueStart;
  private final int[] valueEnd;
  private final int firstMember;
  private final boolean anyMember;

  private Envelope(Bytes body, Interests interests, Scanner scanner) {
    this.body = body;
    this.interests = interests;
    this.memberStart = scanner.memberStart;
    this.valueStart = scanner.valueStart;
    this.valueEnd = scanner.valueEnd;
    this.firstMember = scanner.firstMember;
    this.anyMember = scanner.anyMember;
  }

  /**
   * Where a value lies, as offsets into the body.
   *
   * @param member first byte of its key, the quote
   * @param start first byte of the value
   * @param end behind its last byte
   */
  public record Span(int member, int start, int end) {}

  /** Scans {@code body}. */
  public static Envelope scan(Bytes body, Interests interests) throws MalformedBody {
    Scanner scanner = new Scanner(body, interests);
    scanner.run();
    return new Envelope(body, interests, scanner);
  }

  public Bytes body() {
    return body;
  }

  /** Where the value of {@code key} lies, or null when there is none. {@code key} has to be one of the interests. */
  public @Nullable Span find(String key) {
    int index = interests.index(key);
    if (index < 0) {
      throw new IllegalArgumentException(key + " was not asked for");
    }
    return valueEnd[index] == 0
        ? null
        : new Span(memberStart[index], valueStart[index], valueEnd[index]);
  }

  /** The value of {@code key} read whole, or {@link JsonValue.Null} when there is none. */
  public JsonValue value(String key) {
    Span span = find(key);
    if (span == null) {
      return JsonValue.Null.NOTHING;
    }
    JsonValue value = JsonValue.parse(body.slice(span.start(), span.end()));
    return value == null ? JsonValue.Null.NOTHING : value;
  }

  /** First byte of a value, or 0 when there is none: enough to tell its type. */
  public int type(String key) {
    Span span = find(key);
    return span == null ? 0 : body.at(span.start());
  }

  /** Where a member can be put in front of all others, and whether others follow. */
  int firstMember() {
    return firstMember;
  }

  boolean anyMember() {
    return anyMember;
  }

  private static final class Scanner {
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long BELOW_SPACE = ONES * 0x20;

    private final Bytes body;
    private final byte[] a;
    private final int base;
    private final int end;
    private final Interests interests;
    private final int[] memberStart;
    private final int[] valueStart;
    private final int[] valueEnd;
    private final long[] objects = new long[MOST_DEPTH / 64 + 1];
    private int firstMember;
    private boolean anyMember;
    private boolean escaped;

    Scanner(Bytes body, Interests interests) {
      this.body = body;
      this.a = body.array();
      this.base = body.offset();
      this.end = base + body.length();
      this.interests = interests;
      this.memberStart = new int[interests.size()];
      this.valueStart = new int[interests.size()];
      this.valueEnd = new int[interests.size()];
    }

    void run() throws MalformedBody {
      int i = space(base);
      if (i == end) {
        throw new MalformedBody(
            MalformedBody.Reason.EMPTY, "The request body is empty; a JSON object is expected.", null);
      }
      if (a[i] != '{') {
        throw new MalformedBody(
            MalformedBody.Reason.NOT_AN_OBJECT,
            "The request body has to be a JSON object; it begins with "
                + shown(a[i])
                + " at byte "
                + (i - base)
                + ".",
            null);
      }
      firstMember = i + 1 - base;
      i = containers(i + 1);
      i = space(i);
      if (i != end) {
        throw new MalformedBody(
            MalformedBody.Reason.TRAILING,
            "Something follows the JSON object of the request body, at byte " + (i - base) + ".",
            null);
      }
    }

    /** From behind the root's brace to behind its closing one. */
    private int containers(int from) throws MalformedBody {
      int depth = 1;
      setObject(1, true);
      int i = space(from);
      int pending = -1;
      boolean first = true;
      while (true) {
        // At the beginning of a member or element, or at the end of the container.
        boolean object = isObject(depth);
        byte b = at(i);
        if (first && b == (object ? '}' : ']')) {
          i++;
        } else {
          int interest = -1;
          if (object) {
            int key = i;
            i = space(key(i));
            if (depth == 1) {
              anyMember = true;
              interest = interest(key, lastKeyEnd);
              if (interest >= 0) {
                memberStart[interest] = key - base;
              }
            }
            if (at(i) != ':') {
              throw syntax(i, "a colon is missing behind a key");
            }
            i = space(i + 1);
            b = at(i);
          }
          if (interest >= 0) {
            valueStart[interest] = i - base;
          }
          if (b == '{' || b == '[') {
            if (++depth > MOST_DEPTH) {
              throw new MalformedBody(
                  MalformedBody.Reason.TOO_DEEP,
                  "The request body is nested deeper than " + MOST_DEPTH + " levels.",
                  null);
            }
            setObject(depth, b == '{');
            if (interest >= 0) {
              pending = interest;
            }
            i = space(i + 1);
            first = true;
            continue;
          }
          i = scalar(i, b);
          if (interest >= 0) {
            valueEnd[interest] = i - base;
          }
          i = space(i);
          if (at(i) == ',') {
            i = space(i + 1);
            first = false;
            continue;
          }
          if (a[i] != (object ? '}' : ']')) {
            throw syntax(i, object ? "a comma or } is missing" : "a comma or ] is missing");
          }
          i++;
        }
        // A container has been closed; see what follows it, outwards.
        while (true) {
          depth--;
          if (depth == 0) {
            return i;
          }
          if (depth == 1 && pending >= 0) {
            valueEnd[pending] = i - base;
            pending = -1;
          }
          i = space(i);
          byte next = at(i);
          boolean inObject = isObject(depth);
          if (next == ',') {
            i = space(i + 1);
            first = false;
            break;
          }
          if (next != (inObject ? '}' : ']')) {
            throw syntax(i, inObject ? "a comma or } is missing" : "a comma or ] is missing");
          }
          i++;
        }
      }
    }

    private int lastKeyEnd;

    /** From a key's opening quote to behind its closing one. */
    private int key(int i) throws MalformedBody {
      if (at(i) != '"') {
        throw syntax(i, "a key in quotes is missing");
      }
      int behind = string(i + 1);
      lastKeyEnd = behind - 1;
      return behind;
    }

    private int interest(int keyQuote, int keyEnd) throws MalformedBody {
      int index;
      if (escaped) {
        JsonValue decoded =
            JsonValue.parse(body.slice(keyQuote - base, keyEnd + 1 - base));
        index = decoded == null ? -1 : interests.index(decoded.text(""));
      } else {
        index = keyEnd == keyQuote + 1 ? -1 : interests.index(a, keyQuote + 1, keyEnd);
      }
      if (index >= 0 && valueEnd[index] != 0) {
        throw new MalformedBody(
            MalformedBody.Reason.DUPLICATE_KEY,
            "The key \"" + interests.name(index) + "\" stands more than once in the request body.",
            interests.name(index));
      }
      return index;
    }

    private int scalar(int i, byte b) throws MalformedBody {
      return switch (b) {
        case '"' -> string(i + 1);
        case 't' -> literal(i, "true");
        case 'f' -> literal(i, "false");
        case 'n' -> literal(i, "null");
        default -> number(i);
      };
    }

    /** From behind the opening quote to behind the closing one. */
    private int string(int from) throws MalformedBody {
      escaped = false;
      int i = from;
      while (true) {
        while (i <= end - 8) {
          long word = (long) LONGS.get(a, i);
          long q = word ^ QUOTES;
          long s = word ^ BACKSLASHES;
          // A byte of each sum is marked when the byte is a quote, a backslash or below 0x20; marks above the first
          // may be false, and only the first is used.
          long marks =
              (((q - ONES) & ~q) | ((s - ONES) & ~s) | ((word - BELOW_SPACE) & ~word)) & HIGHS;
          if (marks != 0) {
            i += Long.numberOfTrailingZeros(marks) >>> 3;
            break;
          }
          i += 8;
        }
        if (i >= end) {
          throw syntax(end, "the body ends inside a string");
        }
        byte b = a[i];
        if (b == '"') {
          return i + 1;
        }
        if (b == '\\') {
          escaped = true;
          i = escape(i + 1);
        } else if (b >= 0 && b < 0x20) {
          throw syntax(i, "a control character stands unescaped in a string");
        } else {
          i++;
        }
      }
    }

    private int escape(int i) throws MalformedBody {
      return switch (at(i)) {
        case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> i + 1;
        case 'u' -> {
          for (int k = i + 1; k <= i + 4; k++) {
            if (Character.digit(at(k), 16) < 0) {
              throw syntax(k, "\\u is not followed by four hexadecimal digits");
            }
          }
          yield i + 5;
        }
        default -> throw syntax(i, "an escape that JSON does not know");
      };
    }

    private int literal(int i, String word) throws MalformedBody {
      for (int k = 0; k < word.length(); k++) {
        if (at(i + k) != word.charAt(k)) {
          throw syntax(i, "a value that is not JSON");
        }
      }
      return i + word.length();
    }

    private int number(int from) throws MalformedBody {
      int i = from;
      if (at(i) == '-') {
        i++;
      }
      if (at(i) == '0') {
        i++;
      } else {
        i = digits(i);
      }
      if (i < end && a[i] == '.') {
        i = digits(i + 1);
      }
      if (i < end && (a[i] == 'e' || a[i] == 'E')) {
        i++;
        if (at(i) == '+' || at(i) == '-') {
          i++;
        }
        i = digits(i);
      }
      return i;
    }

    private int digits(int from) throws MalformedBody {
      int i = from;
      while (i < end && a[i] >= '0' && a[i] <= '9') {
        i++;
      }
      if (i == from) {
        throw syntax(i, "a value that is not JSON");
      }
      return i;
    }

    private int space(int from) {
      int i = from;
      while (i < end && (a[i] == ' ' || a[i] == '\n' || a[i] == '\r' || a[i] == '\t')) {
        i++;
      }
      return i;
    }

    private byte at(int i) throws MalformedBody {
      if (i >= end) {
        throw syntax(end, "the body ends too early");
      }
      return a[i];
    }

    private boolean isObject(int depth) {
      return (objects[depth >>> 6] & (1L << depth)) != 0;
    }

    private void setObject(int depth, boolean object) {
      if (object) {
        objects[depth >>> 6] |= 1L << depth;
      } else {
        objects[depth >>> 6] &= ~(1L << depth);
      }
    }

    private MalformedBody syntax(int i, String what) {
      return new MalformedBody(
          MalformedBody.Reason.SYNTAX,
          "The request body is not valid JSON at byte " + (i - base) + ": " + what + ".",
          null);
    }

    private static String shown(byte b) {
      return b > 0x20 && b < 0x7f
          ? "'" + new String(new byte[] {b}, StandardCharsets.US_ASCII) + "'"
          : "byte 0x" + Integer.toHexString(b & 0xff);
    }
  }
}
