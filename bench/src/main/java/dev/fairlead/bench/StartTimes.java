package dev.fairlead.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Fairlead's cold starts took, in milliseconds, and the memory it then held, in KiB. */
final class StartTimes {

  private final List<Double> plain = new ArrayList<>();
  private final List<Double> withAotCache = new ArrayList<>();
  private final List<Double> idle = new ArrayList<>();
  private final List<Start> fewKeys = new ArrayList<>();
  private final List<Start> manyKeys = new ArrayList<>();

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
    fewKeys.add(few);
    manyKeys.add(many);
  }

  Samples fewKeys() {
    return times(fewKeys);
  }

  Samples manyKeys() {
    return times(manyKeys);
  }

  Samples fewKeysIdle() {
    return idle(fewKeys);
  }

  Samples manyKeysIdle() {
    return idle(manyKeys);
  }

  private static Samples times(List<Start> starts) {
    return new Samples(starts.stream().map(start -> start.time().toNanos() / 1e6).toList());
  }

  private static Samples idle(List<Start> starts) {
    return new Samples(starts.stream().map(start -> (double) start.idleKilobytes()).toList());
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
