package dev.fairlead.bench;

import java.util.Locale;

/** How figures are written: as many digits as mean something, a dash where there is none. */
final class Figures {

  private static final String NONE = "-";

  private Figures() {}

  static String number(double value) {
    if (Double.isNaN(value)) {
      return NONE;
    }
    if (Double.isInfinite(value)) {
      return "never";
    }
    String format = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A figure for which zero means that it could not be measured. */
  static String positive(double value) {
    return value > 0 ? number(value) : NONE;
  }

  static String ratio(double value) {
    return Double.isNaN(value) || value == 0 ? NONE : String.format(Locale.ROOT, "%.2f", value);
  }

  static String range(Samples samples) {
    return Double.isNaN(samples.min())
        ? NONE
        : number(samples.min()) + " to " + number(samples.max());
  }

  static String megabytes(Number kilobyteCount) {
    double kilobytes = kilobyteCount.doubleValue();
    return kilobytes > 0 ? String.format(Locale.ROOT, "%.0f", kilobytes / 1024) : NONE;
  }
}
