package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * Immutable bytes with value equality, so that records can hold them and failures can show them.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private static final int SHOWN = 200;

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  /** A copy of the given bytes. */
  public static Bytes of(byte... bytes) {
    return new Bytes(bytes.clone());
  }

  /** The UTF-8 form of the text. */
  public static Bytes utf8(String text) {
    return new Bytes(text.getBytes(UTF_8));
  }

  /** The parts, one after the other. */
  public static Bytes concat(List<Bytes> parts) {
    var joined = new ByteArrayOutputStream();
    parts.forEach(part -> joined.writeBytes(part.array));
    return new Bytes(joined.toByteArray());
  }

  public int size() {
    return array.length;
  }

  public byte at(int index) {
    return array[index];
  }

  public byte[] toArray() {
    return array.clone();
  }

  /** The bytes as UTF-8 text; malformed sequences become U+FFFD. */
  public String utf8() {
    return new String(array, UTF_8);
  }

  /** The bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Bytes slice(int from, int to) {
    return new Bytes(Arrays.copyOfRange(array, from, to));
  }

  /** Whether the UTF-8 form of the text occurs here. */
  public boolean contains(String text) {
    return utf8().contains(text);
  }

  /** The array itself, for writing only; callers in this package never change it. */
  byte[] shared() {
    return array;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  /** The start of the text and the size: readable in a failure, bounded for large bodies. */
  @Override
  public String toString() {
    if (array.length <= SHOWN) {
      return utf8();
    }
    return slice(0, SHOWN).utf8() + "… (" + array.length + " bytes)";
  }
}
