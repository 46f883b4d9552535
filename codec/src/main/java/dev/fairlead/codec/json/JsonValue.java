package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value inside a document that a scan has accepted, read only where it is asked: nothing is
 * decoded before. Objects and arrays are walked with {@link #members()} and {@link #elements()},
 * each step one skip forward; what was walked through inside is not skipped again.
 */
public final class JsonValue {
  /** A member of an object inside the document. */
  public static final class Field {
    private final @Nullable String name;
    private final int keyStart;
    private final int keyEnd;
    private final JsonValue value;

    /** The key's places are those in the array, quotes left out; its name is known or null. */
    private Field(@Nullable String name, int keyStart, int keyEnd, JsonValue value) {
      this.name = name;
      this.keyStart = keyStart;
      this.keyEnd = keyEnd;
      this.value = value;
    }

    /** The decoded name. */
    public String key() {
      return name == null ? JsonText.decode(value.document.array(), keyStart, keyEnd) : name;
    }

    public boolean named(String name) {
      return JsonText.is(value.document.array(), keyStart, keyEnd, name);
    }

    public JsonValue value() {
      return value;
    }
  }

  private static final int LONGEST_NUMBER = 64;

  private final Bytes document;

  /** Counted from the document's first byte, as is {@link #end}. */
  private final int start;

  /**
   * Behind the value, or 0 as long as nobody knows: that of an object or array is found by a walk
   * through it or by the first that asks. Threads that race for it find the same.
   */
  private int end;

  JsonValue(Bytes document, Span span) {
    this(document, span.start(), span.end());
  }

  private JsonValue(Bytes document, int start, int end) {
    this.document = document;
    this.start = start;
    this.end = end;
  }

  public JsonType type() {
    return JsonType.of(document.at(start));
  }

  /** Where it stands in the document. */
  public Span span() {
    return new Span(start, end());
  }

  /** Its bytes as they stand, sharing the document's array. */
  public Bytes raw() {
    return document.slice(start, end());
  }

  public boolean isNull() {
    return type() == JsonType.NULL;
  }

  public boolean isObject() {
    return type() == JsonType.OBJECT;
  }

  /** The decoded text, or null when it is no string. */
  public @Nullable String string() {
    return type() == JsonType.STRING ? decoded() : null;
  }

  /**
   * The text in UTF-8, in the document's own array where nothing in it is escaped; empty when it is
   * no string.
   */
  public Bytes utf8() {
    if (type() != JsonType.STRING) {
      return Bytes.EMPTY;
    }
    return JsonScanner.backslash(document.array(), inside(), insideEnd()) < 0
        ? document.slice(start + 1, end() - 1)
        : Bytes.utf8(decoded());
  }

  /**
   * At most the first {@code maxChars} characters of the text (one more where a pair would be cut),
   * or null.
   */
  public @Nullable String stringPrefix(int maxChars) {
    if (type() != JsonType.STRING) {
      return null;
    }
    int end = JsonText.prefixEnd(document.array(), inside(), insideEnd(), maxChars);
    return JsonText.decode(document.array(), inside(), end);
  }

  /**
   * Bytes between the quotes as they stand, or 0 when it is no string: a cheap measure of generated
   * text.
   */
  public int textBytes() {
    return type() == JsonType.STRING ? length() - 2 : 0;
  }

  /** Whether it is a string of exactly this text. */
  public boolean is(String text) {
    return type() == JsonType.STRING && JsonText.is(document.array(), inside(), insideEnd(), text);
  }

  /** Its truth, or null when it is no boolean. */
  public @Nullable Boolean bool() {
    return type() == JsonType.BOOLEAN ? Boolean.valueOf(document.at(start) == 't') : null;
  }

  /**
   * The whole number, or null when it is no number, has a fraction or is beyond a long; 1e3 and 5.0
   * are whole.
   */
  public @Nullable Long integer() {
    if (type() == JsonType.NUMBER && length() <= 18) {
      Long plain = plainInteger();
      if (plain != null) {
        return plain;
      }
    }
    BigDecimal number = number();
    if (number == null) {
      return null;
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException fractionOrTooLarge) {
      return null;
    }
  }

  /**
   * The next whole number not below it, bounded to what a long holds, or null when it is no number.
   */
  public @Nullable Long ceiling() {
    if (type() != JsonType.NUMBER) {
      return null;
    }
    BigDecimal number = number();
    boolean negative = document.at(start) == '-';
    if (number == null || number.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return number.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /** The number as it is written, or null when it is none or of absurd length or exponent. */
  public @Nullable BigDecimal decimal() {
    return number();
  }

  /** Null as well for numbers of absurd length or exponent, which would take long to work out. */
  private @Nullable BigDecimal number() {
    if (type() != JsonType.NUMBER) {
      return null;
    }
    int length = length();
    if (length > LONGEST_NUMBER) {
      return null;
    }
    if (length <= 18) {
      Long plain = plainInteger();
      if (plain != null) {
        return BigDecimal.valueOf(plain);
      }
    }
    try {
      BigDecimal number = new BigDecimal(raw().utf8());
      return Math.abs((long) number.scale()) > 1000 ? null : number;
    } catch (NumberFormatException exponentTooLarge) {
      return null;
    }
  }

  private @Nullable Long plainInteger() {
    byte[] array = document.array();
    int from = document.offset() + start;
    int to = document.offset() + end();
    boolean negative = array[from] == '-';
    long number = 0;
    for (int i = negative ? from + 1 : from; i < to; i++) {
      int digit = array[i] - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      number = number * 10 + digit;
    }
    return negative ? -number : number;
  }

  /**
   * The value of the last member named {@code key} (the one most parsers keep), or null; null for
   * other types.
   */
  public @Nullable JsonValue get(String key) {
    JsonValue found = null;
    Walk walk = new Walk('{');
    while (walk.step()) {
      if (walk.keyIs(key)) {
        found = walk.value();
      }
    }
    return found;
  }

  /** The members of an object in order; none for other types. */
  public Iterable<Field> members() {
    return () -> new Members(null);
  }

  /**
   * The members of an object named in {@code wanted}, in order; none for other types. Their keys
   * are told by their bytes, so {@link Field#key()} makes no text.
   */
  public Iterable<Field> members(Interests wanted) {
    return () -> new Members(wanted);
  }

  /** The elements of an array in order; none for other types. */
  public Iterable<JsonValue> elements() {
    return Elements::new;
  }

  private int length() {
    return end() - start;
  }

  private int end() {
    if (end == 0) {
      end = endFoundBy(new JsonScanner(document, Integer.MAX_VALUE));
    }
    return end;
  }

  private int endFoundBy(JsonScanner scanner) {
    return scanner.skipValue(document.offset() + start, 0) - document.offset();
  }

  private String decoded() {
    return JsonText.decode(document.array(), inside(), insideEnd());
  }

  private int inside() {
    return document.offset() + start + 1;
  }

  private int insideEnd() {
    return document.offset() + end() - 1;
  }

  /** Steps through a container; the document is known to be well formed. */
  private final class Walk {
    private final JsonScanner scanner = new JsonScanner(document, Integer.MAX_VALUE);
    private final int base = document.offset();
    private final boolean object;

    /** The first byte inside the container, of the member or element stepped to, or -1 behind. */
    private int at;

    private int keyEnd;
    private @Nullable JsonValue value;

    Walk(char open) {
      object = open == '{';
      at = document.array()[base + start] == open ? base + start + 1 : -1;
    }

    /** To the next member or element; false when there is none. */
    boolean step() {
      if (at < 0) {
        return false;
      }
      byte[] array = document.array();
      JsonValue last = value;
      if (last == null) {
        at = scanner.skipSpace(at);
        if (array[at] == (object ? '}' : ']')) {
          return ended();
        }
      } else {
        if (last.end == 0) {
          last.end = last.endFoundBy(scanner);
        }
        at = scanner.skipSpace(base + last.end);
        if (array[at] != ',') {
          return ended();
        }
        at = scanner.skipSpace(at + 1);
      }
      int from = at;
      if (object) {
        keyEnd = scanner.skipKey(at);
        from = scanner.skipColon(keyEnd);
      }
      boolean container = array[from] == '{' || array[from] == '[';
      int to = container ? 0 : scanner.skipSimple(from) - base;
      value = new JsonValue(document, from - base, to);
      return true;
    }

    private boolean ended() {
      end = at + 1 - base;
      at = -1;
      return false;
    }

    boolean keyIs(String name) {
      return JsonText.is(document.array(), at + 1, keyEnd - 1, name);
    }

    /** The index of the key in {@code wanted}, or -1. */
    int keyIn(Interests wanted) {
      return wanted.find(document.array(), at + 1, keyEnd - 1);
    }

    JsonValue value() {
      return Objects.requireNonNull(value, "no step was made");
    }
  }

  private final class Members implements Iterator<Field> {
    private final Walk walk = new Walk('{');
    private final @Nullable Interests wanted;
    private @Nullable Field next;

    Members(@Nullable Interests wanted) {
      this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
      while (next == null && walk.step()) {
        int index = wanted == null ? 0 : walk.keyIn(wanted);
        if (index >= 0) {
          String name = wanted == null ? null : wanted.key(index);
          next = new Field(name, walk.at + 1, walk.keyEnd - 1, walk.value());
        }
      }
      return next != null;
    }

    @Override
    public Field next() {
      Field field = hasNext() ? next : null;
      if (field == null) {
        throw new NoSuchElementException();
      }
      next = null;
      return field;
    }
  }

  private final class Elements implements Iterator<JsonValue> {
    private final Walk walk = new Walk('[');
    private boolean ready;

    @Override
    public boolean hasNext() {
      if (!ready) {
        ready = walk.step();
      }
      return ready;
    }

    @Override
    public JsonValue next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ready = false;
      return walk.value();
    }
  }

  /** The place only: contents may be a user's prompt. */
  @Override
  public String toString() {
    return type() + " at " + span();
  }
}
