package dev.fairlead.bench;

import dev.fairlead.bench.load.LoadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Everything measured so far, by scenario and system. */
final class Measurements {

  static final String DIRECT = "direct";
  static final String FLOOR = "floor";
  static final String PROTOTYPE = "prototype";
  static final String FAIRLEAD = "fairlead";

  /** The same process of Fairlead, asked for models of a provider that speaks another dialect. */
  static final String TRANSLATED = "fairlead, translated";

  /** Fairlead that logs requests without prompts and replies. */
  static final String ROWS_ONLY = "fairlead, rows only";

  /** Fairlead without a request log. */
  static final String UNLOGGED = "fairlead, no log";

  /** Fairlead with four budgets and four limits on each request. */
  static final String GOVERNED = "fairlead, governed";

  private final Map<Scenario, Map<String, List<LoadResult>>> loads = new LinkedHashMap<>();
  private final Map<String, CancelTimes> cancels = new LinkedHashMap<>();
  private final Map<String, Long> idleKilobytes = new LinkedHashMap<>();
  private final Map<String, Long> afterSlowKilobytes = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private boolean problems;

  /**
   * How long it took until the provider's connection was closed.
   *
   * @param beforeFirstByte milliseconds, client gone before the first byte of the reply
   * @param midStream milliseconds, client gone between two events
   */
  record CancelTimes(Samples beforeFirstByte, Samples midStream) {}

  void add(Scenario scenario, String system, LoadResult result) {
    loads
        .computeIfAbsent(scenario, _ -> new LinkedHashMap<>())
        .computeIfAbsent(system, _ -> new ArrayList<>())
        .add(result);
    if (result.errors() > 0) {
      problem(
          "%s, %s: %d errors, the first: %s"
              .formatted(system, scenario.name(), result.errors(), result.firstError()));
    }
  }

  void addCancels(String system, CancelTimes times) {
    cancels.put(system, times);
  }

  void addIdle(String system, long kilobytes) {
    idleKilobytes.put(system, kilobytes);
  }

  void addAfterSlow(String system, long kilobytes) {
    afterSlowKilobytes.put(system, kilobytes);
  }

  /** Something a reader of the figures should know. */
  void note(String text) {
    notes.add(text);
  }

  /** Something that went wrong; the logs may tell more. */
  void problem(String text) {
    problems = true;
    notes.add(text);
  }

  boolean hasProblems() {
    return problems;
  }

  Set<Scenario> scenarios() {
    return loads.keySet();
  }

  Set<String> systems(Scenario scenario) {
    return loads.getOrDefault(scenario, Map.of()).keySet();
  }

  Map<String, CancelTimes> cancels() {
    return cancels;
  }

  Map<String, Long> idleKilobytes() {
    return idleKilobytes;
  }

  Map<String, Long> afterSlowKilobytes() {
    return afterSlowKilobytes;
  }

  List<String> notes() {
    return notes;
  }

  /** One figure of a system, a value per round; empty if it did not run. */
  Samples samples(Scenario scenario, String system, ToDoubleFunction<LoadResult> figure) {
    List<LoadResult> results =
        loads.getOrDefault(scenario, Map.of()).getOrDefault(system, List.of());
    return new Samples(results.stream().map(figure::applyAsDouble).toList());
  }

  /**
   * Median over the rounds of one system's figure divided by another's; NaN if either is missing.
   */
  double ratio(Scenario scenario, String system, String base, ToDoubleFunction<LoadResult> figure) {
    return samples(scenario, system, figure)
        .paired(samples(scenario, base, figure), (mine, theirs) -> mine / theirs)
        .median();
  }

  /** Largest memory of a system after any round of closed or open loop, in KiB; NaN if unknown. */
  double worstKilobytes(String system) {
    double worst = Double.NaN;
    for (Scenario scenario : loads.keySet()) {
      if (scenario.group() != Scenario.Group.SLOW) {
        double max = samples(scenario, system, LoadResult::rssKilobytes).max();
        if (max > 0 && !(max <= worst)) {
          worst = max;
        }
      }
    }
    return worst;
  }
}
