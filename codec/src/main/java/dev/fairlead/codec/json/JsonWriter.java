package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Writes a small JSON document, such as an error body. Commas are its own business; the caller
 * closes what it opens. The result has no line breaks, so it fits one line of an event stream.
 */
public final class JsonWriter {
  private final StringBuilder out = new StringBuilder(256);
  private boolean comma;

  public JsonWriter beginObject() {
    value("{");
    comma = false;
    return this;
  }

  public JsonWriter endObject() {
    out.append('}');
    comma = true;
    return this;
  }

  public JsonWriter beginArray() {
    value("[");
    comma = false;
    return this;
  }

  public JsonWriter endArray() {
    out.append(']');
    comma = true;
    return this;
  }

  /** The name of the member whose value comes next. */
  public JsonWriter name(String name) {
    value("");
    JsonText.quote(name, out);
    out.append(':');
    comma = false;
    return this;
  }

  /** A string, or null for JSON's null. */
  public JsonWriter string(@Nullable String text) {
    if (text == null) {
      return value("null");
    }
    value("");
    JsonText.quote(text, out);
    return this;
  }

  public JsonWriter number(long number) {
    value("");
    out.append(number);
    return this;
  }

  public JsonWriter bool(boolean truth) {
    return value(Boolean.toString(truth));
  }

  /** JSON as it stands, which the caller knows to be well formed and of one line. */
  public JsonWriter raw(Bytes json) {
    return value(json.utf8());
  }

  /** JSON as it stands, as {@link #raw(Bytes)}. */
  public JsonWriter raw(String json) {
    return value(json);
  }

  /** A decimal number as it is written. */
  public JsonWriter number(BigDecimal number) {
    // Neither 1E+2 nor 1E-7, which some readers do not take for numbers.
    return value(Math.abs((long) number.scale()) > 30 ? number.toString() : number.toPlainString());
  }

  /** Name and string in one. */
  public JsonWriter field(String name, @Nullable String text) {
    return name(name).string(text);
  }

  /** Name and whole number in one. */
  public JsonWriter field(String name, long number) {
    return name(name).number(number);
  }

  /** Name and truth in one. */
  public JsonWriter field(String name, boolean truth) {
    return name(name).bool(truth);
  }

  /** What has been written so far. */
  public String text() {
    return out.toString();
  }

  /** Ends a line and begins anew behind it, for files of one document a line. */
  public JsonWriter nextLine() {
    out.append('\n');
    comma = false;
    return this;
  }

  /** Characters written so far. */
  public int length() {
    return out.length();
  }

  /** Forgets what has been written, but not the room it took. */
  public void clear() {
    out.setLength(0);
    comma = false;
  }

  public Bytes toBytes() {
    return Bytes.utf8(out.toString());
  }

  private JsonWriter value(String token) {
    if (comma) {
      out.append(',');
    }
    out.append(token);
    comma = true;
    return this;
  }
}
