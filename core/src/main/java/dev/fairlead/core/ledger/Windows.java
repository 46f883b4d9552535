package dev.fairlead.core.ledger;

import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.Schedule;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** Works out the window of a schedule at an instant. Half-open; gaps and overlaps never occur. */
public final class Windows {
  private static final int MINUTES_PER_HOUR = 60;
  private static final int MONTHS_PER_QUARTER = 3;
  private static final int MONTHS_PER_YEAR = 12;
  private static final int DAYS_PER_WEEK = 7;

  private Windows() {}

  /**
   * A window in epoch milliseconds.
   *
   * @param start first millisecond that belongs to it
   * @param end first millisecond that does not
   */
  public record Span(long start, long end) {
    /** All of time. */
    public static final Span ALWAYS = new Span(Long.MIN_VALUE, Long.MAX_VALUE);

    /** Whether {@code millis} lies in it. */
    public boolean holds(long millis) {
      return start <= millis && millis < end;
    }
  }

  /** The window that holds {@code millis}, epoch milliseconds. */
  public static Span at(Schedule schedule, long millis) {
    Instant at = Instant.ofEpochMilli(millis);
    return schedule.aligned() ? aligned(schedule, at) : following(schedule, at);
  }

  private static Span aligned(Schedule schedule, Instant at) {
    ZoneId zone = schedule.zone();
    int count = schedule.period().count();
    LocalDate day = at.atZone(zone).toLocalDate();
    return switch (schedule.period().unit()) {
      case MINUTE -> withinDay(day, zone, at, count);
      case HOUR -> withinDay(day, zone, at, (long) count * MINUTES_PER_HOUR);
      case DAY -> {
        LocalDate start =
            LocalDate.ofEpochDay(Math.floorDiv(day.toEpochDay(), (long) count) * count);
        yield days(start, start.plusDays(count), zone);
      }
      case WEEK -> {
        LocalDate monday = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        // Day 0 was a Thursday; three days before it began a week.
        long week = Math.floorDiv(monday.toEpochDay() + 3, (long) DAYS_PER_WEEK);
        LocalDate start = monday.minusWeeks(Math.floorMod(week, (long) count));
        yield days(start, start.plusWeeks(count), zone);
      }
      case MONTH -> months(day, zone, count, 0);
      case QUARTER ->
          months(day, zone, (long) count * MONTHS_PER_QUARTER, schedule.quarterStartMonth() - 1);
      case YEAR -> months(day, zone, (long) count * MONTHS_PER_YEAR, 0);
    };
  }

  /** Minutes are counted from midnight on; the last window of a day ends with it. */
  private static Span withinDay(LocalDate day, ZoneId zone, Instant at, long minutes) {
    long midnight = millis(day, zone);
    long next = millis(day.plusDays(1), zone);
    long length = minutes * 60_000;
    long start = midnight + (at.toEpochMilli() - midnight) / length * length;
    return new Span(start, Math.min(start + length, next));
  }

  private static Span months(LocalDate day, ZoneId zone, long length, int shift) {
    long month = YearMonth.from(day).getLong(java.time.temporal.ChronoField.PROLEPTIC_MONTH);
    long back = Math.floorMod(month - shift, length);
    LocalDate start = day.withDayOfMonth(1).minusMonths(back);
    return days(start, start.plusMonths(length), zone);
  }

  private static Span days(LocalDate start, LocalDate end, ZoneId zone) {
    return new Span(millis(start, zone), millis(end, zone));
  }

  private static long millis(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone).toInstant().toEpochMilli();
  }

  private static Span following(Schedule schedule, Instant at) {
    ZonedDateTime anchor = schedule.anchor().atZone(schedule.zone());
    Period period = schedule.period();
    ChronoUnit unit =
        switch (period.unit()) {
          case MINUTE -> ChronoUnit.MINUTES;
          case HOUR -> ChronoUnit.HOURS;
          case DAY -> ChronoUnit.DAYS;
          case WEEK -> ChronoUnit.WEEKS;
          case MONTH, QUARTER -> ChronoUnit.MONTHS;
          case YEAR -> ChronoUnit.YEARS;
        };
    long length =
        (long) period.count() * (period.unit() == Period.Unit.QUARTER ? MONTHS_PER_QUARTER : 1);
    long index = Math.floorDiv(unit.between(anchor, at.atZone(schedule.zone())), length);
    // Counted units are whole ones; around changes of the clock and ends of months one may be off.
    while (anchor.plus(index * length, unit).toInstant().isAfter(at)) {
      index--;
    }
    while (!anchor.plus((index + 1) * length, unit).toInstant().isAfter(at)) {
      index++;
    }
    return new Span(
        anchor.plus(index * length, unit).toInstant().toEpochMilli(),
        anchor.plus((index + 1) * length, unit).toInstant().toEpochMilli());
  }
}
