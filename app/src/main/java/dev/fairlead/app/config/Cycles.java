package dev.fairlead.app.config;

import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.Schedule;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/** How long a number of windows lasts, for what is added to a budget for a while. */
final class Cycles {
  private Cycles() {}

  /** End of the {@code cycles}-th window, of which the first holds {@code start}. */
  static Instant end(Schedule schedule, Instant start, int cycles) {
    ZoneId zone = schedule.zone();
    Period period = schedule.period();
    ZonedDateTime at = start.atZone(zone);
    if (!schedule.aligned()) {
      ZonedDateTime from = schedule.anchor().atZone(zone);
      long passed = Math.max(0, units(period.unit()).between(from, at) / steps(period));
      while (add(from, period, passed + 1).compareTo(at) <= 0) {
        passed++;
      }
      return add(from, period, passed + cycles).toInstant();
    }
    return add(begin(at, schedule), period, cycles).toInstant();
  }

  private static ZonedDateTime begin(ZonedDateTime at, Schedule schedule) {
    LocalDate day = at.toLocalDate();
    ZoneId zone = at.getZone();
    return switch (schedule.period().unit()) {
      case MINUTE -> at.truncatedTo(ChronoUnit.MINUTES);
      case HOUR -> at.truncatedTo(ChronoUnit.HOURS);
      case DAY -> day.atStartOfDay(zone);
      case WEEK ->
          day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).atStartOfDay(zone);
      case MONTH -> day.withDayOfMonth(1).atStartOfDay(zone);
      case QUARTER -> {
        int into = Math.floorMod(day.getMonthValue() - schedule.quarterStartMonth(), 3);
        yield day.withDayOfMonth(1).minusMonths(into).atStartOfDay(zone);
      }
      case YEAR -> day.withDayOfYear(1).atStartOfDay(zone);
    };
  }

  private static ChronoUnit units(Period.Unit unit) {
    return switch (unit) {
      case MINUTE -> ChronoUnit.MINUTES;
      case HOUR -> ChronoUnit.HOURS;
      case DAY -> ChronoUnit.DAYS;
      case WEEK -> ChronoUnit.WEEKS;
      case MONTH, QUARTER -> ChronoUnit.MONTHS;
      case YEAR -> ChronoUnit.YEARS;
    };
  }

  private static long steps(Period period) {
    return period.unit() == Period.Unit.QUARTER ? 3L * period.count() : period.count();
  }

  private static ZonedDateTime add(ZonedDateTime from, Period period, long times) {
    return from.plus(steps(period) * times, units(period.unit()));
  }
}
