package dev.fairlead.core.governance;

import java.time.Instant;
import java.time.ZoneId;

/**
 * When the windows of a budget or limit begin and end. Windows are half-open.
 *
 * @param aligned whether windows begin with the calendar's own (week: Monday, quarter: see {@code
 *     quarterStartMonth}) in {@code zone}; otherwise they follow one another from {@code anchor} on
 * @param zone the zone of aligned windows; also decides how long a day or month is
 * @param quarterStartMonth 1 to 12: a month in which a quarter begins
 * @param anchor start of the first window that is not aligned
 */
public record Schedule(
    Period period, boolean aligned, ZoneId zone, int quarterStartMonth, Instant anchor) {
  public Schedule {
    if (quarterStartMonth < 1 || quarterStartMonth > 12) {
      throw new IllegalArgumentException("a quarter begins in month 1 to 12");
    }
  }
}
