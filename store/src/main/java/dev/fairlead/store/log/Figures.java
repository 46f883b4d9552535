package dev.fairlead.store.log;

import dev.fairlead.core.model.Usage;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What many requests come to. Not safe for several threads at once. */
public final class Figures {
  private static final int COUNTS = 14;

  private final long[] counts = new long[COUNTS];
  private @Nullable Histogram latency;
  private @Nullable Histogram firstByte;

  /** Counts one request, which ended as {@code outcome} says. */
  void add(LogRow row, String outcome) {
    count(row, outcome, 1);
    if (row.attempts() > 0) {
      latency().add(row.totalMicros());
      firstByte().add(row.firstByteMicros());
    }
  }

  /** Takes back a request that was counted. */
  void remove(LogRow row, String outcome) {
    count(row, outcome, -1);
    if (row.attempts() > 0) {
      latency().remove(row.totalMicros());
      firstByte().remove(row.firstByteMicros());
    }
  }

  private void count(LogRow row, String outcome, int by) {
    Usage usage = row.usage();
    int ended =
        switch (outcome) {
          case "completed" -> 1;
          case "refused" -> 3;
          case "cancelled", "stopped" -> 4;
          default -> 2;
        };
    count(0, by);
    count(ended, by);
    count(5, row.costNanoUsd().isEmpty() ? by : 0);
    count(6, by * row.costNanoUsd().orElse(0));
    count(7, by * usage.inputUncached());
    count(8, by * usage.cacheRead());
    count(9, by * (usage.cacheWrite5m() + usage.cacheWrite1h()));
    count(10, by * usage.output());
    count(11, by * usage.reasoning());
    count(12, by * Math.max(0, row.totalMicros()));
    count(13, by * (long) Math.max(0, row.attempts() - 1));
  }

  private void count(int figure, long by) {
    counts[figure] = Math.max(0, counts[figure] + by);
  }

  public Figures add(Figures other) {
    for (int i = 0; i < COUNTS; i++) {
      counts[i] += other.counts[i];
    }
    if (other.latency != null) {
      latency().add(other.latency);
    }
    if (other.firstByte != null) {
      firstByte().add(other.firstByte);
    }
    return this;
  }

  public long requests() {
    return counts[0];
  }

  public long completed() {
    return counts[1];
  }

  /** Failed before or within the reply. */
  public long failed() {
    return counts[2];
  }

  public long refused() {
    return counts[3];
  }

  /** The client left, or the request was stopped. */
  public long cancelled() {
    return counts[4];
  }

  /** Requests whose cost is not known, because a price is not. */
  public long unpriced() {
    return counts[5];
  }

  public long costNanoUsd() {
    return counts[6];
  }

  public long inputUncached() {
    return counts[7];
  }

  public long cacheRead() {
    return counts[8];
  }

  public long cacheWrite() {
    return counts[9];
  }

  public long output() {
    return counts[10];
  }

  public long reasoning() {
    return counts[11];
  }

  public long tokens() {
    return counts[7] + counts[8] + counts[9] + counts[10];
  }

  /** Sum of the requests' total times. */
  public long totalMicros() {
    return counts[12];
  }

  /** Attempts beyond the first of each request. */
  public long retries() {
    return counts[13];
  }

  /** Times from arrival to end, of requests that reached a provider. */
  public Histogram latency() {
    Histogram mine = latency;
    if (mine == null) {
      mine = new Histogram();
      latency = mine;
    }
    return mine;
  }

  /** Times from arrival to the reply's first byte. */
  public Histogram firstByte() {
    Histogram mine = firstByte;
    if (mine == null) {
      mine = new Histogram();
      firstByte = mine;
    }
    return mine;
  }

  /** The counts and then the histograms, each behind its length. */
  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    Varint.write(out, COUNTS);
    for (long count : counts) {
      Varint.write(out, count);
    }
    for (Histogram histogram : new Histogram[] {latency, firstByte}) {
      byte[] bytes = histogram == null ? new byte[0] : histogram.toBytes();
      Varint.write(out, bytes.length);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  /** Adds what was written by {@link #toBytes}. */
  Figures add(byte[] written) {
    Varint in = new Varint(written);
    long stored = in.next();
    for (int i = 0; i < stored; i++) {
      long count = in.next();
      if (i < COUNTS) {
        counts[i] += count;
      }
    }
    byte[] first = in.take((int) in.next());
    byte[] second = in.take((int) in.next());
    if (first.length > 0) {
      latency().add(first);
    }
    if (second.length > 0) {
      firstByte().add(second);
    }
    return this;
  }
}
