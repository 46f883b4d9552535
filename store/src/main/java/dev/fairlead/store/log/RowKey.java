package dev.fairlead.store.log;

import java.util.UUID;

/**
 * The number of a row: milliseconds of its arrival and 21 random bits of its id, so that rows lie
 * in the order of time and a row is found by its id without an index.
 */
final class RowKey {
  private static final int RANDOM_BITS = 21;

  /** Rows that may share milliseconds and random bits; each takes the next free number. */
  static final int MOST_COLLISIONS = 16;

  private RowKey() {}

  static long of(UUID id) {
    long twelve = id.getMostSignificantBits() & 0xfff;
    long nine = (id.getLeastSignificantBits() >>> 53) & 0x1ff;
    return (millis(id) << RANDOM_BITS) | (twelve << 9) | nine;
  }

  /** The least key of a row that arrived at {@code millis} or later. */
  static long from(long millis) {
    return Math.clamp(millis, 0, (1L << 42) - 1) << RANDOM_BITS;
  }

  static long millis(long key) {
    return key >>> RANDOM_BITS;
  }

  static long millis(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }
}
