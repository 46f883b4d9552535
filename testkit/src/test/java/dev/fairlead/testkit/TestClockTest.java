package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class TestClockTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void standsStillUntilMoved() {
    TestClock clock = TestClock.at(NOON);
    LongSupplier nanos = clock.nanos();

    assertThat(clock.instant()).isEqualTo(NOON);
    clock.advance(Duration.ofMillis(1500));

    assertThat(clock.millis()).isEqualTo(NOON.toEpochMilli() + 1500);
    assertThat(nanos.getAsLong()).isEqualTo(1_500_000_000L);
    assertThatThrownBy(() -> clock.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void setsTheWallWithoutTheMonotonicTime() {
    TestClock clock = TestClock.start();
    TestClock berlin = clock.withZone(ZoneId.of("Europe/Berlin"));

    clock.setWall(NOON);

    assertThat(berlin.instant()).isEqualTo(NOON);
    assertThat(berlin.getZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(clock.nanos().getAsLong()).isZero();
  }
}
