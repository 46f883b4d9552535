package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A value inside a document that a scan has accepted, read only where it is asked: nothing is
 * decoded or remembered before. Objects and arrays are walked with {@link #members()} and {@link
 * #elements()}, each step one skip forward.
 */
public final class JsonValue {
  /** A member of an object inside the document. */
  public static final class Field {
    private final JsonValue key;
    private final JsonValue value;

    private Field(JsonValue key, JsonValue value) {
      this.key = key;
      this.value = value;
    }

    /** The decoded name. */
    public String key() {
      return key.decoded();
    }

    public boolean named(String name) {
      return key.is(name);
    }

    public JsonValue value() {
      return value;
    }
  }

  private static final int LONGEST_NUMBER = 64;

  private final Bytes document;
  private final Span span;

  JsonValue(Bytes document, Span span) {
    this.document = document;
    this.span = span;
  }

  public JsonType type() {
    return JsonType.of(document.at(span.start()));
  }

  /** Where it stands in the document. */
  public Span span() {
    return span;
  }

  /** Its bytes as they stand, sharing the document's array. */
  public Bytes raw() {
    return document.slice(span.start(), span.end());
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
    return type() == JsonType.STRING ? span.length() - 2 : 0;
  }

  /** Whether it is a string of exactly this text. */
  public boolean is(String text) {
    if (type() != JsonType.STRING) {
      return false;
    }
    byte[] array = document.array();
    int from = inside();
    int length = insideEnd() - from;
    if (length == text.length()) {
      for (int i = 0; i < length; i++) {
        if (array[from + i] != text.charAt(i)) {
          return length > 1 && decoded().equals(text);
        }
      }
      return true;
    }
    return length > text.length() && length <= text.length() * 6L && decoded().equals(text);
  }

  /** Its truth, or null when it is no boolean. */
  public @Nullable Boolean bool() {
    return type() == JsonType.BOOLEAN ? Boolean.valueOf(document.at(span.start()) == 't') : null;
  }

  /**
   * The whole number, or null when it is no number, has a fraction or is beyond a long; 1e3 and 5.0
   * are whole.
   */
  public @Nullable Long integer() {
    if (type() == JsonType.NUMBER && span.length() <= 18) {
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
    boolean negative = document.at(span.start()) == '-';
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
    int length = span.length();
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
    int from = document.offset() + span.start();
    int to = document.offset() + span.end();
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
    for (Field field : members()) {
      if (field.named(key)) {
        found = field.value();
      }
    }
    return found;
  }

  /** The members of an object in order; none for other types. */
  public Iterable<Field> members() {
    return () ->
        new Walk<Field>('{') {
          @Override
          Field read(JsonScanner scanner, int start) {
            int keyEnd = scanner.skipKey(start);
            int valueStart = scanner.skipColon(keyEnd);
            JsonValue value = valueTo(scanner, valueStart);
            return new Field(between(start, keyEnd), value);
          }
        };
  }

  /** The elements of an array in order; none for other types. */
  public Iterable<JsonValue> elements() {
    return () ->
        new Walk<JsonValue>('[') {
          @Override
          JsonValue read(JsonScanner scanner, int start) {
            return valueTo(scanner, start);
          }
        };
  }

  private JsonValue between(int from, int to) {
    return new JsonValue(document, new Span(from - document.offset(), to - document.offset()));
  }

  private String decoded() {
    return JsonText.decode(document.array(), inside(), insideEnd());
  }

  private int inside() {
    return document.offset() + span.start() + 1;
  }

  private int insideEnd() {
    return document.offset() + span.end() - 1;
  }

  /** Steps through a container; the document is known to be well formed. */
  private abstract class Walk<T> implements Iterator<T> {
    private final JsonScanner scanner = new JsonScanner(document, Integer.MAX_VALUE);
    private int at;

    /** Behind the value {@link #read} has stepped over. */
    private int behind;

    Walk(char open) {
      int start = document.offset() + span.start();
      if (document.array()[start] == open) {
        at = scanner.skipSpace(start + 1);
        if (document.array()[at] == (open == '{' ? '}' : ']')) {
          at = -1;
        }
      } else {
        at = -1;
      }
    }

    abstract T read(JsonScanner scanner, int start);

    JsonValue valueTo(JsonScanner scanner, int start) {
      behind = scanner.skipValue(start, 0);
      return between(start, behind);
    }

    @Override
    public boolean hasNext() {
      return at >= 0;
    }

    @Override
    public T next() {
      if (at < 0) {
        throw new NoSuchElementException();
      }
      T item = read(scanner, at);
      int separator = scanner.skipSpace(behind);
      at = document.array()[separator] == ',' ? scanner.skipSpace(separator + 1) : -1;
      return item;
    }
  }

  /** The place only: contents may be a user's prompt. */
  @Override
  public String toString() {
    return type() + " at " + span;
  }
}
