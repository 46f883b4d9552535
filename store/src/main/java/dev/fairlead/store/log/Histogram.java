package dev.fairlead.store.log;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * How times are distributed, in buckets a sixth of a power of two wide from a tenth of a
 * millisecond: percentiles from it are at most 12 % off, and histograms add up.
 */
public final class Histogram {
  private static final double STEPS = 6;
  private static final double LEAST_MICROS = 100;
  private static final int BUCKETS = 160;
  private static final double LOG2 = Math.log(2);

  private final long[] counts = new long[BUCKETS];
  private long total;

  /** Counts a time; negative ones did not happen. */
  public void add(long micros) {
    if (micros >= 0) {
      counts[bucket(micros)]++;
      total++;
    }
  }

  private static int bucket(long micros) {
    if (micros <= LEAST_MICROS) {
      return 0;
    }
    int bucket = (int) Math.ceil(Math.log(micros / LEAST_MICROS) / LOG2 * STEPS);
    return Math.min(bucket, BUCKETS - 1);
  }

  /** Adds what {@code other} counted. */
  public void add(Histogram other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /** Takes back a time that was counted. */
  void remove(long micros) {
    if (micros >= 0 && counts[bucket(micros)] > 0) {
      counts[bucket(micros)]--;
      total--;
    }
  }

  public long total() {
    return total;
  }

  /** Microseconds that the share {@code quantile} (0 to 1) stays below, or -1 without any. */
  public long quantile(double quantile) {
    if (total == 0) {
      return -1;
    }
    double rank = Math.max(1, Math.ceil(quantile * total));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return Math.round(LEAST_MICROS * Math.pow(2, (i - 0.5) / STEPS));
      }
    }
    throw new IllegalStateException("the buckets hold fewer than they say");
  }

  /** Pairs of (gap, count), each a varint. */
  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    int last = -1;
    for (int i = 0; i < BUCKETS; i++) {
      if (counts[i] > 0) {
        Varint.write(out, i - last - 1L);
        Varint.write(out, counts[i]);
        last = i;
      }
    }
    return out.toByteArray();
  }

  /** Adds what was written by {@link #toBytes}; nothing when null. */
  void add(byte @Nullable [] written) {
    if (written == null) {
      return;
    }
    Varint in = new Varint(written);
    int at = -1;
    while (in.hasMore()) {
      at += (int) in.next() + 1;
      long count = in.next();
      if (at < 0 || at >= BUCKETS || count < 0) {
        return;
      }
      counts[at] += count;
      total += count;
    }
  }
}
