package dev.fairlead.bench;

import static dev.fairlead.bench.Measurements.FAIRLEAD;
import static dev.fairlead.bench.Measurements.FLOOR;
import static dev.fairlead.bench.Measurements.GOVERNED;
import static dev.fairlead.bench.Measurements.PROTOTYPE;
import static dev.fairlead.bench.Measurements.ROWS_ONLY;
import static dev.fairlead.bench.Measurements.TRANSLATED;
import static dev.fairlead.bench.Measurements.UNLOGGED;

import dev.fairlead.bench.load.LoadResult;
import java.util.ArrayList;
import java.util.List;

/** What Fairlead has promised, beside what it did in this run. */
final class Targets {
  /** Medians of a few rounds differ by as much when nothing has changed. */
  private static final double UNCHANGED = 1.1;

  private Targets() {}

  /**
   * One promise.
   *
   * @param name what is measured
   * @param measured the figure; NaN if it was not measured
   * @param limit the largest figure that keeps the promise
   */
  record Target(String name, double measured, double limit) {

    String verdict() {
      if (Double.isNaN(measured)) {
        return "not measured";
      }
      return measured <= limit ? "PASS" : "MISS";
    }
  }

  static List<Target> of(Measurements measurements, StartTimes startTimes) {
    List<Target> targets = new ArrayList<>();
    targets.add(
        new Target(
            "2 KB JSON, CPU per request / floor",
            measurements.ratio(Scenario.SMALL, FAIRLEAD, FLOOR, LoadResult::cpuPerRequest),
            1.5));
    targets.add(
        new Target(
            "2 KB JSON without request log, CPU per request / floor",
            measurements.ratio(Scenario.SMALL, UNLOGGED, FLOOR, LoadResult::cpuPerRequest),
            1.5));
    targets.add(
        new Target(
            "76 KB JSON, CPU per request / prototype",
            measurements.ratio(Scenario.LARGE, FAIRLEAD, PROTOTYPE, LoadResult::cpuPerRequest),
            0.8));
    targets.add(
        new Target(
            "76 KB JSON without request log, CPU per request / prototype",
            measurements.ratio(Scenario.LARGE, UNLOGGED, PROTOTYPE, LoadResult::cpuPerRequest),
            0.8));
    for (Scenario scenario : List.of(Scenario.BURST, Scenario.SINGLY, Scenario.SPACED)) {
      targets.add(
          new Target(
              scenario.name() + ", CPU per frame / floor",
              measurements.ratio(scenario, FAIRLEAD, FLOOR, LoadResult::cpuPerFrame),
              1.4));
      targets.add(
          new Target(
              scenario.name() + ", without request log, CPU per frame / floor",
              measurements.ratio(scenario, UNLOGGED, FLOOR, LoadResult::cpuPerFrame),
              1.4));
    }
    for (Scenario scenario : List.of(Scenario.BURST, Scenario.SINGLY)) {
      targets.add(
          new Target(
              scenario.name() + ", CPU per reply / prototype",
              measurements.ratio(scenario, FAIRLEAD, PROTOTYPE, LoadResult::cpuPerFrame),
              0.5));
      targets.add(
          new Target(
              scenario.name() + ", without request log, CPU per reply / prototype",
              measurements.ratio(scenario, UNLOGGED, PROTOTYPE, LoadResult::cpuPerFrame),
              0.5));
    }
    targets.add(
        new Target(
            "translated 2 KB, CPU per request / opaque",
            measurements.ratio(
                Scenario.TRANSLATED_SMALL, TRANSLATED, FAIRLEAD, LoadResult::cpuPerRequest),
            3));
    targets.add(
        new Target(
            "translated 76 KB, CPU us per request",
            measurements
                .samples(Scenario.TRANSLATED_LARGE, TRANSLATED, LoadResult::cpuPerRequest)
                .median(),
            1_500));
    for (Scenario scenario :
        List.of(
            Scenario.TRANSLATED_BURST, Scenario.TRANSLATED_SINGLY, Scenario.TRANSLATED_SPACED)) {
      targets.add(
          new Target(
              scenario.name() + ", CPU per frame / opaque",
              measurements.ratio(scenario, TRANSLATED, FAIRLEAD, LoadResult::cpuPerFrame),
              2));
    }
    targets.add(
        new Target(
            "translated SSE 10 ms apart, us a frame takes longer than opaque",
            measurements
                .samples(Scenario.TRANSLATED_SPACED, TRANSLATED, LoadResult::frameP50)
                .paired(
                    measurements.samples(
                        Scenario.TRANSLATED_SPACED, FAIRLEAD, LoadResult::frameP50),
                    (mine, theirs) -> mine - theirs)
                .median(),
            1_000));
    targets.add(
        new Target(
            "request log, CPU of event loops / without",
            measurements.ratio(Scenario.LOGGED, FAIRLEAD, UNLOGGED, LoadResult::loopPerRequest),
            1.1));
    targets.add(
        new Target(
            "request log with bodies, CPU us a request more, compilers apart",
            logged(measurements, FAIRLEAD),
            60));
    targets.add(
        new Target(
            "request log without bodies, CPU us a request more, compilers apart",
            logged(measurements, ROWS_ONLY),
            20));
    targets.add(
        new Target(
            "request log at 1,000 requests a second, p50 / without",
            measurements.ratio(Scenario.LOGGED_OPEN, FAIRLEAD, UNLOGGED, LoadResult::latencyP50),
            UNCHANGED));
    targets.add(
        new Target(
            "four budgets and four limits, CPU per request / without",
            measurements.ratio(Scenario.GOVERNED, GOVERNED, FAIRLEAD, LoadResult::cpuPerRequest),
            1.2));
    targets.add(new Target("cold start to 200 on /readyz, ms", startTimes.plain().median(), 1_400));
    targets.add(new Target("the same with AOT cache, ms", startTimes.withAotCache().median(), 600));
    targets.add(
        new Target(
            "start with 100,000 virtual keys, ms more than with one",
            startTimes.manyKeys().paired(startTimes.fewKeys(), (many, few) -> many - few).median(),
            2_000));
    targets.add(new Target("RSS idle, MB", startTimes.idleKilobytes().median() / 1024, 150));
    targets.add(
        new Target("RSS after any load, MB", measurements.worstKilobytes(FAIRLEAD) / 1024, 400));
    targets.add(
        new Target(
            "RSS after slow streams are gone, MB",
            measurements.afterSlowKilobytes().containsKey(FAIRLEAD)
                ? measurements.afterSlowKilobytes().get(FAIRLEAD) / 1024.0
                : Double.NaN,
            400));
    targets.add(new Target("KB per slow stream", slowStream(measurements), 64));
    targets.add(new Target("client leaves: largest ms to the provider", cancel(measurements), 50));
    return targets;
  }

  private static double logged(Measurements measurements, String system) {
    return measurements
        .samples(Scenario.LOGGED, system, LoadResult::workPerRequest)
        .paired(
            measurements.samples(Scenario.LOGGED, UNLOGGED, LoadResult::workPerRequest),
            (with, without) -> with - without)
        .median();
  }

  private static double slowStream(Measurements measurements) {
    return measurements.scenarios().stream()
        .filter(scenario -> scenario.group() == Scenario.Group.SLOW)
        .mapToDouble(scenario ->
            measurements.samples(scenario, FAIRLEAD, Report::kilobytesPerStream).median())
        .findFirst()
        .orElse(Double.NaN);
  }

  private static double cancel(Measurements measurements) {
    Measurements.CancelTimes times = measurements.cancels().get(FAIRLEAD);
    return times == null
        ? Double.NaN
        : Math.max(times.beforeFirstByte().max(), times.midStream().max());
  }
}
