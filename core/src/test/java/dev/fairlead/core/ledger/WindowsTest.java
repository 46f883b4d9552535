package dev.fairlead.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WindowsTest {
  private static final Instant ANCHOR = Instant.parse("2026-01-31T09:30:00Z");

  @ParameterizedTest
  @CsvSource({
    "MINUTE, 1, UTC,           2026-03-18T12:00:30Z, 2026-03-18T12:00:00Z, 2026-03-18T12:01:00Z",
    "MINUTE, 5, UTC,           2026-03-18T12:07:30Z, 2026-03-18T12:05:00Z, 2026-03-18T12:10:00Z",
    "HOUR,   5, UTC,           2026-03-18T23:00:00Z, 2026-03-18T20:00:00Z, 2026-03-19T00:00:00Z",
    "DAY,    1, Europe/Berlin, 2026-03-18T23:30:00Z, 2026-03-18T23:00:00Z, 2026-03-19T23:00:00Z",
    // Clocks go forward on 29 March: that day has 23 hours, and on 25 October 25.
    "DAY,    1, Europe/Berlin, 2026-03-29T10:00:00Z, 2026-03-28T23:00:00Z, 2026-03-29T22:00:00Z",
    "DAY,    1, Europe/Berlin, 2026-10-25T10:00:00Z, 2026-10-24T22:00:00Z, 2026-10-25T23:00:00Z",
    "HOUR,   1, Europe/Berlin, 2026-10-25T00:59:59Z, 2026-10-25T00:00:00Z, 2026-10-25T01:00:00Z",
    "WEEK,   1, UTC,           2026-03-18T12:00:00Z, 2026-03-16T00:00:00Z, 2026-03-23T00:00:00Z",
    "WEEK,   1, UTC,           2026-03-16T00:00:00Z, 2026-03-16T00:00:00Z, 2026-03-23T00:00:00Z",
    "MONTH,  1, UTC,           2026-02-28T23:59:59Z, 2026-02-01T00:00:00Z, 2026-03-01T00:00:00Z",
    "QUARTER,1, UTC,           2026-03-18T12:00:00Z, 2026-02-01T00:00:00Z, 2026-05-01T00:00:00Z",
    "YEAR,   1, Asia/Tokyo,    2026-12-31T15:00:00Z, 2026-12-31T15:00:00Z, 2027-12-31T15:00:00Z",
  })
  void alignedWindowsFollowTheCalendar(
      Period.Unit unit, int count, String zone, Instant at, Instant start, Instant end) {
    Schedule schedule = new Schedule(new Period(count, unit), true, ZoneId.of(zone), 2, ANCHOR);

    assertThat(Windows.at(schedule, at.toEpochMilli()))
        .isEqualTo(new Windows.Span(start.toEpochMilli(), end.toEpochMilli()));
  }

  @ParameterizedTest
  @CsvSource({
    "MINUTE, 1, 2026-03-18T12:00:30Z, 2026-03-18T12:00:00Z, 2026-03-18T12:01:00Z",
    "DAY,    1, 2026-03-18T09:29:59Z, 2026-03-17T09:30:00Z, 2026-03-18T09:30:00Z",
    "MONTH,  1, 2026-03-01T00:00:00Z, 2026-02-28T09:30:00Z, 2026-03-31T09:30:00Z",
    "MONTH,  1, 2026-01-01T00:00:00Z, 2025-12-31T09:30:00Z, 2026-01-31T09:30:00Z",
    "QUARTER,1, 2026-05-01T00:00:00Z, 2026-04-30T09:30:00Z, 2026-07-31T09:30:00Z",
  })
  void othersFollowOneAnother(Period.Unit unit, int count, Instant at, Instant start, Instant end) {
    Schedule schedule = new Schedule(new Period(count, unit), false, ZoneId.of("UTC"), 1, ANCHOR);

    assertThat(Windows.at(schedule, at.toEpochMilli()))
        .isEqualTo(new Windows.Span(start.toEpochMilli(), end.toEpochMilli()));
  }

  @Test
  void windowsCoverAllOfTimeWithoutGapOrOverlap() {
    Random random = new Random(7);
    String[] zones = {"UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo"};
    List<Period.Unit> units = List.of(Period.Unit.values());
    for (int i = 0; i < 20_000; i++) {
      Period.Unit unit = units.get(random.nextInt(units.size()));
      Schedule schedule =
          new Schedule(
              new Period(1 + random.nextInt(7), unit),
              random.nextBoolean(),
              ZoneId.of(zones[random.nextInt(zones.length)]),
              1 + random.nextInt(12),
              ANCHOR.plusSeconds(random.nextInt(10_000_000)));
      long at = ANCHOR.toEpochMilli() + (random.nextLong() % Duration.ofDays(2_000).toMillis());

      Windows.Span span = Windows.at(schedule, at);

      assertThat(span.holds(at)).as("%s at %s", schedule, Instant.ofEpochMilli(at)).isTrue();
      assertThat(Windows.at(schedule, span.start())).isEqualTo(span);
      assertThat(Windows.at(schedule, span.end() - 1)).isEqualTo(span);
      assertThat(Windows.at(schedule, span.end()).start()).isEqualTo(span.end());
    }
  }
}
