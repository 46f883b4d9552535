package dev.fairlead.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * A clock that stands still until the test moves it: wall time as {@link Clock}, monotonic time as
 * {@link #nanos}.
 *
 * <p>{@link #advance} moves both, as time does; {@link #setWall} moves only the wall, as an
 * administrator or NTP does.
 */
public final class TestClock extends Clock {
  private final AtomicReference<Instant> wall;
  private final AtomicLong nanos;
  private final ZoneId zone;

  private TestClock(AtomicReference<Instant> wall, AtomicLong nanos, ZoneId zone) {
    this.wall = wall;
    this.nanos = nanos;
    this.zone = zone;
  }

  /** A clock in UTC at 2026-01-01T00:00:00Z. */
  public static TestClock start() {
    return at(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** A clock in UTC at that moment. */
  public static TestClock at(Instant now) {
    return new TestClock(new AtomicReference<>(now), new AtomicLong(), ZoneOffset.UTC);
  }

  /** Moves wall and monotonic time forward. */
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time does not go back; use setWall for a changed clock");
    }
    nanos.addAndGet(by.toNanos());
    wall.updateAndGet(now -> now.plus(by));
  }

  /** Sets the wall time, backwards too; monotonic time stays. */
  public void setWall(Instant now) {
    wall.set(now);
  }

  /** Monotonic nanoseconds, in place of {@link System#nanoTime()}. */
  public LongSupplier nanos() {
    return nanos::get;
  }

  @Override
  public Instant instant() {
    return wall.get();
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same moving hands read in another zone. */
  @Override
  public TestClock withZone(ZoneId other) {
    return new TestClock(wall, nanos, other);
  }
}
