package dev.fairlead.store.log;

import java.io.ByteArrayOutputStream;

/** Numbers in as few bytes as they need, seven bits a byte. */
final class Varint {
  private final byte[] bytes;
  private int at;

  Varint(byte[] bytes) {
    this.bytes = bytes;
  }

  static void write(ByteArrayOutputStream out, long number) {
    long left = number;
    while ((left & ~0x7fL) != 0) {
      out.write((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write((int) left);
  }

  /** As {@link #write}, small for small negative numbers too. */
  static void writeSigned(ByteArrayOutputStream out, long number) {
    write(out, (number << 1) ^ (number >> 63));
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  /** The next number; fails where the bytes end within it. */
  long next() {
    long number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte part = bytes[at++];
      number |= (long) (part & 0x7f) << shift;
      if (part >= 0) {
        return number;
      }
    }
    throw new IllegalStateException("a number is longer than 64 bits");
  }

  long nextSigned() {
    long number = next();
    return (number >>> 1) ^ -(number & 1);
  }

  /** The next {@code length} bytes; fails where there are fewer. */
  byte[] take(int length) {
    byte[] taken = java.util.Arrays.copyOfRange(bytes, at, at + length);
    if (length < 0 || at + length > bytes.length) {
      throw new IllegalStateException("bytes are missing");
    }
    at += length;
    return taken;
  }
}
