package dev.fairlead.bench;

import static dev.fairlead.bench.Figures.megabytes;
import static dev.fairlead.bench.Figures.number;
import static dev.fairlead.bench.Figures.positive;
import static dev.fairlead.bench.Figures.range;
import static dev.fairlead.bench.Figures.ratio;
import static dev.fairlead.bench.Measurements.DIRECT;
import static dev.fairlead.bench.Measurements.FAIRLEAD;
import static dev.fairlead.bench.Measurements.FLOOR;
import static dev.fairlead.bench.Measurements.PROTOTYPE;
import static dev.fairlead.bench.Measurements.TRANSLATED;

import dev.fairlead.bench.load.LoadResult;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Prints what was measured. */
final class Report {

  private final Measurements measurements;
  private final StartTimes startTimes;
  private final PrintStream out;

  Report(Measurements measurements, StartTimes startTimes, PrintStream out) {
    this.measurements = measurements;
    this.startTimes = startTimes;
    this.out = out;
  }

  void print(Duration took) {
    out.println(
        "Fairlead bench: %d cores, Java %s, %d s. Medians of interleaved rounds; ratios are taken"
                .formatted(
                    Runtime.getRuntime().availableProcessors(), Runtime.version(), took.toSeconds())
            + " within a round.");
    out.println(
        "All processes share these cores: trust CPU per request and its ratios; requests per second"
            + " and p99 move with the machine.");
    out.println("The CPU of \"direct\" is the scripted provider's own.");
    for (Scenario scenario : measurements.scenarios()) {
      out.println();
      out.println(scenario.name() + heading(scenario));
      switch (scenario.mode()) {
        case CLOSED -> {
          if (scenario.script().streams()) {
            streams(scenario);
          } else {
            requests(scenario);
          }
        }
        case OPEN -> openLoop(scenario);
        case HELD -> held(scenario);
      }
    }
    cancels();
    starts();
    keys();
    memory();
    notes();
    targets();
  }

  private static String heading(Scenario scenario) {
    return switch (scenario.mode()) {
      case CLOSED -> " (closed loop, " + scenario.connections() + " connections)";
      case OPEN -> " (open loop, Poisson; times from when a request was due)";
      case HELD -> " (one event per 500 ms each; new processes)";
    };
  }

  private void requests(Scenario scenario) {
    Table table =
        new Table(
            "",
            "CPU us/request",
            "loops us",
            "x floor",
            "x prototype",
            "x opaque",
            "requests/s",
            "of direct",
            "p50 us",
            "p99 us",
            "RSS MB");
    for (String system : measurements.systems(scenario)) {
      table.row(
          system,
          positive(median(scenario, system, LoadResult::cpuPerRequest)),
          positive(median(scenario, system, LoadResult::loopPerRequest)),
          cpuRatio(scenario, system, FLOOR, LoadResult::cpuPerRequest),
          cpuRatio(scenario, system, PROTOTYPE, LoadResult::cpuPerRequest),
          opaqueRatio(scenario, system, LoadResult::cpuPerRequest),
          number(median(scenario, system, LoadResult::requestsPerSecond)),
          ratio(measurements.ratio(scenario, system, DIRECT, LoadResult::requestsPerSecond)),
          number(median(scenario, system, LoadResult::latencyP50)),
          range(measurements.samples(scenario, system, LoadResult::latencyP99)),
          megabytes(median(scenario, system, LoadResult::rssKilobytes)));
    }
    table.print(out);
  }

  private void streams(Scenario scenario) {
    Table table =
        new Table(
            "",
            "CPU us/reply",
            "CPU us/frame",
            "x floor",
            "x prototype",
            "x opaque",
            "replies/s",
            "of direct",
            "first byte p50 us",
            "frame p50 us",
            "frame p99 us",
            "RSS MB");
    for (String system : measurements.systems(scenario)) {
      table.row(
          system,
          positive(100 * median(scenario, system, LoadResult::cpuPerFrame)),
          positive(median(scenario, system, LoadResult::cpuPerFrame)),
          cpuRatio(scenario, system, FLOOR, LoadResult::cpuPerFrame),
          cpuRatio(scenario, system, PROTOTYPE, LoadResult::cpuPerFrame),
          opaqueRatio(scenario, system, LoadResult::cpuPerFrame),
          number(median(scenario, system, LoadResult::requestsPerSecond)),
          ratio(measurements.ratio(scenario, system, DIRECT, LoadResult::requestsPerSecond)),
          number(median(scenario, system, LoadResult::firstByteP50)),
          number(median(scenario, system, LoadResult::frameP50)),
          range(measurements.samples(scenario, system, LoadResult::frameP99)),
          megabytes(median(scenario, system, LoadResult::rssKilobytes)));
    }
    table.print(out);
  }

  private void openLoop(Scenario scenario) {
    Table table =
        new Table(
            "",
            "p50 us",
            "added p50 us",
            "p99 us",
            "CPU us/request",
            "compilers apart",
            "loops us",
            "x floor",
            "RSS MB");
    for (String system : measurements.systems(scenario)) {
      Samples p50 = measurements.samples(scenario, system, LoadResult::latencyP50);
      Samples direct = measurements.samples(scenario, DIRECT, LoadResult::latencyP50);
      table.row(
          system,
          number(p50.median()),
          number(p50.paired(direct, (mine, theirs) -> mine - theirs).median()),
          range(measurements.samples(scenario, system, LoadResult::latencyP99)),
          positive(median(scenario, system, LoadResult::cpuPerRequest)),
          positive(median(scenario, system, LoadResult::workPerRequest)),
          positive(median(scenario, system, LoadResult::loopPerRequest)),
          cpuRatio(scenario, system, FLOOR, LoadResult::cpuPerRequest),
          megabytes(median(scenario, system, LoadResult::rssKilobytes)));
    }
    table.print(out);
  }

  private void held(Scenario scenario) {
    Table table =
        new Table(
            "",
            "open",
            "RSS before MB",
            "RSS open MB",
            "KB/stream",
            "RSS after MB",
            "CPU % of a core",
            "CPU us/frame",
            "frame p50 us");
    for (String system : measurements.systems(scenario)) {
      long after = measurements.afterSlowKilobytes().getOrDefault(system, 0L);
      table.row(
          system,
          number(median(scenario, system, LoadResult::held)),
          megabytes(median(scenario, system, LoadResult::rssBeforeKilobytes)),
          megabytes(median(scenario, system, LoadResult::rssKilobytes)),
          positive(median(scenario, system, Report::kilobytesPerStream)),
          megabytes(after),
          positive(median(scenario, system, r -> r.cpuMicros() / r.seconds() / 1e4)),
          positive(median(scenario, system, LoadResult::cpuPerFrame)),
          number(median(scenario, system, LoadResult::frameP50)));
    }
    table.print(out);
  }

  static double kilobytesPerStream(LoadResult result) {
    return result.held() == 0
        ? Double.NaN
        : (double) (result.rssKilobytes() - result.rssBeforeKilobytes()) / result.held();
  }

  private void cancels() {
    if (measurements.cancels().isEmpty()) {
      return;
    }
    out.println();
    out.println("Client leaves: ms until the provider's connection is closed");
    Table table = new Table("", "before first byte p50", "max", "mid-stream p50", "max");
    measurements
        .cancels()
        .forEach((system, times) ->
            table.row(
                system,
                number(times.beforeFirstByte().median()),
                number(times.beforeFirstByte().max()),
                number(times.midStream().median()),
                number(times.midStream().max())));
    table.print(out);
  }

  private void starts() {
    if (startTimes.plain().values().isEmpty()) {
      return;
    }
    out.println();
    out.println("Fairlead from its command to 200 on /readyz, ms");
    Table table = new Table("", "median", "range");
    table.row("plain", number(startTimes.plain().median()), range(startTimes.plain()));
    table.row(
        "with AOT cache",
        number(startTimes.withAotCache().median()),
        range(startTimes.withAotCache()));
    table.print(out);
  }

  private void keys() {
    if (startTimes.manyKeys().values().isEmpty()) {
      return;
    }
    out.println();
    out.println(
        "Fairlead with virtual keys in its database, from its command to 200 on /readyz, ms");
    Table table = new Table("", "median", "range", "RSS idle MB");
    table.row(
        "one",
        number(startTimes.fewKeys().median()),
        range(startTimes.fewKeys()),
        number(startTimes.fewKeysIdle().median() / 1024));
    table.row(
        "%,d".formatted(ManyKeys.COUNT),
        number(startTimes.manyKeys().median()),
        range(startTimes.manyKeys()),
        number(startTimes.manyKeysIdle().median() / 1024));
    table.print(out);
  }

  private void memory() {
    out.println();
    out.println("Memory, RSS in MB (floor and prototype run with -Xms256m -Xmx1g)");
    Table table = new Table("", "idle", "largest after a load", "after slow streams");
    for (Map.Entry<String, Long> idle : measurements.idleKilobytes().entrySet()) {
      String system = idle.getKey();
      table.row(
          system,
          megabytes(idle.getValue()),
          megabytes(measurements.worstKilobytes(system)),
          megabytes(measurements.afterSlowKilobytes().getOrDefault(system, 0L)));
    }
    table.print(out);
  }

  private void notes() {
    if (measurements.notes().isEmpty()) {
      return;
    }
    out.println();
    out.println("Notes");
    measurements.notes().forEach(note -> out.println("  " + note));
  }

  private void targets() {
    out.println();
    out.println("Targets");
    Table table = new Table("", "measured", "limit", "");
    for (Targets.Target target : Targets.of(measurements, startTimes)) {
      table.row(target.name(), number(target.measured()), number(target.limit()), target.verdict());
    }
    table.print(out);
  }

  private double median(Scenario scenario, String system, ToDoubleFunction<LoadResult> figure) {
    return measurements.samples(scenario, system, figure).median();
  }

  /** The direct path has no gateway whose CPU could be compared. */
  private String cpuRatio(
      Scenario scenario, String system, String base, ToDoubleFunction<LoadResult> figure) {
    return system.equals(DIRECT) ? "-" : ratio(measurements.ratio(scenario, system, base, figure));
  }

  /** Only translation is compared with the path that leaves the bytes alone. */
  private String opaqueRatio(
      Scenario scenario, String system, ToDoubleFunction<LoadResult> figure) {
    return system.equals(TRANSLATED)
        ? ratio(measurements.ratio(scenario, system, FAIRLEAD, figure))
        : "-";
  }
}
