package dev.fairlead.bench.load;

import dev.fairlead.bench.process.ProcessFigures;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts of one run; confined to the generator's event loop. */
final class Tally {

  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int MAX_ERROR_TEXT = 300;

  private final Histogram latency = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private final Histogram firstByte = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private final Histogram frameDelay = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
  private long requests;
  private long errors;
  private long frames;
  private String firstError = "";
  private boolean measuring;
  private long startNanos;
  private long stopNanos;
  private ProcessFigures start = ProcessFigures.NONE;
  private ProcessFigures stop = ProcessFigures.NONE;

  void startMeasuring(ProcessFigures figures) {
    measuring = true;
    start = figures;
    startNanos = System.nanoTime();
  }

  void stopMeasuring(ProcessFigures figures) {
    measuring = false;
    stop = figures;
    stopNanos = System.nanoTime();
  }

  boolean isMeasuring() {
    return measuring;
  }

  /** A complete reply; its times count only if the request was due within the measured time. */
  void completed(long dueNanos, long nowNanos) {
    if (measuring) {
      requests++;
    }
    if (wasMeasuring(dueNanos)) {
      record(latency, nowNanos - dueNanos);
    }
  }

  void firstByte(long dueNanos, long nowNanos) {
    if (wasMeasuring(dueNanos)) {
      record(firstByte, nowNanos - dueNanos);
    }
  }

  void frame(long sentNanos, long nowNanos) {
    if (measuring) {
      frames++;
      record(frameDelay, nowNanos - sentNanos);
    }
  }

  /** Anything but a complete reply; remembered also when it happens during the warm-up. */
  void failed(String what) {
    errors++;
    if (firstError.isEmpty()) {
      firstError = what.length() > MAX_ERROR_TEXT ? what.substring(0, MAX_ERROR_TEXT) : what;
    }
  }

  LoadResult result(long rssBeforeKilobytes, int held) {
    return new LoadResult(
        requests,
        errors,
        (stopNanos - startNanos) / 1e9,
        stop.cpuMicros() - start.cpuMicros(),
        stop.loopMicros() - start.loopMicros(),
        // A compiler's thread that has ended takes its time with it.
        Math.max(0, stop.compilerMicros() - start.compilerMicros()),
        rssBeforeKilobytes,
        stop.rssKilobytes(),
        held,
        micros(latency, 50),
        micros(latency, 99),
        micros(latency, 100),
        micros(firstByte, 50),
        frames,
        micros(frameDelay, 50),
        micros(frameDelay, 99),
        firstError);
  }

  private boolean wasMeasuring(long nanos) {
    return startNanos != 0 && nanos >= startNanos && (measuring || nanos <= stopNanos);
  }

  private static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
  }

  private static double micros(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0
        ? Double.NaN
        : histogram.getValueAtPercentile(percentile) / 1e3;
  }
}
