package dev.fairlead.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Fairlead's cold starts took, in milliseconds, and the memory it then held, in KiB. */
final class StartTimes {

  private final List<Double> plain = new ArrayList<>();
  private final List<Double> withAotCache = new ArrayList<>();
  private final List<Double> idle = new ArrayList<>();
  private final List<Double> fewKeys = new ArrayList<>();
  private final List<Double> manyKeys = new ArrayList<>();
  private final List<Double> fewKeysIdle = new ArrayList<>();
  private final List<Double> manyKeysIdle = new ArrayList<>();

  void addPlain(Duration time) {
    plain.add(time.toNanos() / 1e6);
  }

  void addWithAotCache(Duration time) {
    withAotCache.add(time.toNanos() / 1e6);
  }

  void addIdleKilobytes(long kilobytes) {
    idle.add((double) kilobytes);
  }

  /** How long one start took, and what memory it held when idle. */
  record Start(Duration time, long idleKilobytes) {}

  /** A start with one virtual key, and one with {@link ManyKeys#COUNT} of them. */
  void addKeys(Start few, Start many) {
    fewKeys.add(few.time().toNanos() / 1e6);
    fewKeysIdle.add((double) few.idleKilobytes());
    manyKeys.add(many.time().toNanos() / 1e6);
    manyKeysIdle.add((double) many.idleKilobytes());
  }

  Samples fewKeys() {
    return new Samples(fewKeys);
  }

  Samples manyKeys() {
    return new Samples(manyKeys);
  }

  Samples fewKeysIdle() {
    return new Samples(fewKeysIdle);
  }

  Samples manyKeysIdle() {
    return new Samples(manyKeysIdle);
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
