package dev.fairlead.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Fairlead's cold starts took, in milliseconds, and the memory it then held, in KiB. */
final class StartTimes {

  private final List<Double> plain = new ArrayList<>();
  private final List<Double> withAotCache = new ArrayList<>();
  private final List<Double> idle = new ArrayList<>();

  void addPlain(Duration time) {
    plain.add(time.toNanos() / 1e6);
  }

  void addWithAotCache(Duration time) {
    withAotCache.add(time.toNanos() / 1e6);
  }

  void addIdleKilobytes(long kilobytes) {
    idle.add((double) kilobytes);
  }

  Samples plain() {
    return new Samples(plain);
  }

  Samples withAotCache() {
    return new Samples(withAotCache);
  }

  Samples idleKilobytes() {
    return new Samples(idle);
  }
}
