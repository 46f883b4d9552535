package dev.fairlead.core.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a byte array. By convention the bytes of a slice never change once it is made, so
 * slices are shared freely and never copied defensively: nobody may write into {@link #array()}.
 */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** The whole of {@code array}, which the caller gives up. */
  public static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  /** A part of {@code array}, which the caller gives up; fails when the part lies outside. */
  public static Bytes of(byte[] array, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, array.length);
    return new Bytes(array, offset, length);
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Bytes utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The backing array, not to be written to. */
  public byte[] array() {
    return array;
  }

  /** Where this slice begins in {@link #array()}. */
  public int offset() {
    return offset;
  }

  /** Number of bytes. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** The byte at {@code index}, counted from the slice's own beginning. */
  public byte at(int index) {
    return array[offset + Objects.checkIndex(index, length)];
  }

  /** The part from {@code from} (inclusive) to {@code to} (exclusive), sharing the array. */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return from == 0 && to == length ? this : new Bytes(array, offset + from, to - from);
  }

  /** Decoded as UTF-8; malformed sequences become the replacement character. */
  public String utf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  /** A fresh array with a copy of the bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** Bytes in all of {@code parts}. */
  public static long lengthOf(List<Bytes> parts) {
    long total = 0;
    for (int i = 0; i < parts.size(); i++) {
      total += parts.get(i).length;
    }
    return total;
  }

  /** The slices of {@code parts} copied one after another into one. */
  public static Bytes concat(Iterable<Bytes> parts) {
    int total = 0;
    for (Bytes part : parts) {
      total = Math.addExact(total, part.length);
    }
    byte[] joined = new byte[total];
    int at = 0;
    for (Bytes part : parts) {
      System.arraycopy(part.array, part.offset, joined, at, part.length);
      at += part.length;
    }
    return of(joined);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** Length only: contents may be a secret or a user's prompt. */
  @Override
  public String toString() {
    return "Bytes[" + length + "]";
  }
}
