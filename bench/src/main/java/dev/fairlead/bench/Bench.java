package dev.fairlead.bench;

import dev.fairlead.bench.load.LoadResult;
import dev.fairlead.bench.peer.ReplyScript;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The benchmark: one run on one machine, every system in its own process, interleaved within each
 * scenario so that what disturbs the machine disturbs all. Prints ratios to the floor and the
 * direct path, and whether the targets are met.
 */
public final class Bench {

  /** Turns an ahead-of-time cache off, whatever the launch command says. */
  private static final Map<String, String> WITHOUT_AOT_CACHE =
      Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=off");

  /** How long the first replies of a system may take before it counts as broken. */
  private static final int PATIENCE_SECONDS = 16;

  /** One window of the load that warms up, in milliseconds. */
  private static final long WINDOW_MILLIS = 1_000;

  /** Windows after which a system counts as warm, whatever its figures do. */
  private static final int MOST_WINDOWS = 60;

  /** A load average above this means that others want the cores as well. */
  private static final double BUSY = 0.5;

  /** Descriptors a gateway needs beside those of its streams. */
  private static final int SPARE_FILES = 500;

  private final Options options;
  private final Path directory;
  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private final Measurements measurements = new Measurements();
  private final StartTimes startTimes = new StartTimes();

  private Bench(Options options, Path directory, PrintStream out) {
    this.options = options;
    this.directory = directory;
    this.out = out;
  }

  /** Runs the benchmark; ends with 2 if the command line is wrong. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("bench.root", "."));
    Path directory = root.resolve("bench/target/run-" + ProcessHandle.current().pid());
    try {
      new Bench(Options.parse(List.of(args), root), directory, System.out).run();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Options.USAGE);
      System.exit(2);
    }
  }

  private void run() throws IOException, InterruptedException {
    say("logs of every process: " + directory);
    noteOtherLoad();
    try (Lab lab = new Lab(options, directory, measurements)) {
      for (SystemUnderTest system : lab.systems()) {
        firstLoad(lab, system);
      }
      for (Scenario scenario : options.quick() ? Scenario.CLOSED_QUICK : Scenario.CLOSED) {
        part(
            scenario.group(),
            scenario.name(),
            () -> rounds(lab, scenario, lab.loaded(), options.rounds()));
      }
      for (Scenario scenario : Scenario.OPEN) {
        part(
            scenario.group(),
            scenario.name(),
            () -> rounds(lab, scenario, lab.systems(), options.openRounds()));
      }
      for (Scenario scenario : lab.startsFairlead() ? Scenario.TRANSLATED : List.<Scenario>of()) {
        part(
            scenario.group(),
            scenario.name(),
            () -> rounds(lab, scenario, lab.translation(), options.rounds()));
      }
      if (lab.startsFairlead()) {
        part(Scenario.Group.LOGGING, "request log", () -> logging(lab));
        part(Scenario.Group.GOVERNED, "budgets and limits", () -> governed(lab));
      }
      part(Scenario.Group.CANCEL, "clients that leave", () -> cancels(lab));
      part(Scenario.Group.SLOW, "slow streams", () -> slowStreams(lab));
      if (lab.startsFairlead()) {
        part(Scenario.Group.START, "cold starts", () -> starts(lab));
        part(Scenario.Group.KEYS, "100,000 virtual keys", () -> keys(lab));
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    new Report(measurements, startTimes, out).print(took);
    deleteLogs();
  }

  /** The first load on each system: tells a wrong key or model prefix before minutes are spent. */
  private void firstLoad(Lab lab, SystemUnderTest system) {
    String error = "";
    // Longer each time: 64 first requests at once may take a cold JVM seconds.
    for (int seconds = 1; seconds <= PATIENCE_SECONDS; seconds *= 2) {
      LoadResult result = lab.run(system.load(Scenario.SMALL, 0, 1_000L * seconds));
      if (result.requests() > 0) {
        return;
      }
      error = error.isEmpty() ? result.firstError() : error;
    }
    throw new IllegalStateException(
        system.name()
            + " answers no request: "
            + (error.isEmpty() ? "silent for " + PATIENCE_SECONDS + " s" : error));
  }

  /** A part of the run that may fail without spoiling the others. */
  private interface Part {
    void run() throws IOException, InterruptedException;
  }

  private void part(Scenario.Group group, String name, Part part) throws InterruptedException {
    if (!begins(group)) {
      return;
    }
    say(name);
    try {
      part.run();
    } catch (IOException | IllegalStateException e) {
      measurements.problem(name + " failed: " + e.getMessage());
    }
  }

  /**
   * Warms every system up at full speed, then measures each once a round, another one first in each
   * round.
   */
  private void rounds(Lab lab, Scenario scenario, List<SystemUnderTest> systems, int rounds) {
    rounds(lab, scenario, systems, rounds, options.settleMillis(), options.measureMillis());
  }

  private void rounds(
      Lab lab,
      Scenario scenario,
      List<SystemUnderTest> systems,
      int rounds,
      long settleMillis,
      long measureMillis) {
    Scenario warmUp =
        switch (scenario.mode()) {
          case CLOSED, HELD -> scenario;
          case OPEN -> Scenario.SMALL;
        };
    for (SystemUnderTest system : systems) {
      warmUp(lab, system, warmUp);
    }
    List<SystemUnderTest> order = new ArrayList<>(systems);
    for (int round = 0; round < rounds; round++) {
      for (SystemUnderTest system : order) {
        LoadResult result = lab.run(system.load(scenario, settleMillis, measureMillis));
        measurements.add(scenario, system.name(), result);
      }
      Collections.rotate(order, 1);
    }
  }

  /** Load until a second more of it changes nothing. */
  private void warmUp(Lab lab, SystemUnderTest system, Scenario scenario) {
    SteadyState steady = new SteadyState();
    for (int window = 0; window < MOST_WINDOWS; window++) {
      if (steady.reached(lab.run(system.load(scenario, options.settleMillis(), WINDOW_MILLIS)))) {
        return;
      }
    }
  }

  private void logging(Lab lab) throws IOException, InterruptedException {
    try (FairleadProcess rows = lab.startFairlead(FairleadProcess.Variant.ROWS_ONLY, Map.of());
        FairleadProcess none = lab.startFairlead(FairleadProcess.Variant.UNLOGGED, Map.of())) {
      List<SystemUnderTest> systems =
          List.of(lab.floor(), lab.translation().getFirst(), rows.system(), none.system());
      rounds(lab, Scenario.LOGGED, systems, options.rounds());
      rounds(
          lab,
          Scenario.LOGGED_OPEN,
          systems,
          options.rounds(),
          options.slowSettleMillis(),
          options.slowMeasureMillis());
    }
  }

  private void governed(Lab lab) throws IOException, InterruptedException {
    try (FairleadProcess governed = lab.startFairlead(FairleadProcess.Variant.GOVERNED, Map.of())) {
      rounds(
          lab,
          Scenario.GOVERNED,
          List.of(lab.translation().getFirst(), governed.system()),
          options.rounds());
    }
  }

  private void cancels(Lab lab) throws InterruptedException {
    CancelProbe probe = new CancelProbe(lab.providerPort());
    for (SystemUnderTest system : lab.systems()) {
      try {
        Samples before = probe.measure(system, ReplyScript.SILENT, options.cancels());
        Samples midStream = probe.measure(system, ReplyScript.SSE_500_MS, options.cancels());
        measurements.addCancels(system.name(), new Measurements.CancelTimes(before, midStream));
      } catch (IOException e) {
        measurements.problem(system.name() + ", clients that leave: " + e.getMessage());
      }
    }
  }

  /**
   * A new process for each system: memory that earlier load has left behind would hide the cost.
   */
  private void slowStreams(Lab lab) throws IOException, InterruptedException {
    int streams = Math.min(options.slowStreams(), (openFilesLimit() - SPARE_FILES) / 2);
    if (streams < options.slowStreams()) {
      measurements.note(
          "slow streams: %d instead of %d, as a gateway needs two open files per stream and may"
                  .formatted(streams, options.slowStreams())
              + " have "
              + openFilesLimit());
    }
    Scenario scenario = Scenario.held(streams);
    for (SystemUnderTest system : lab.systems()) {
      if (system.name().equals(Measurements.DIRECT)) {
        continue;
      }
      try (Lab.Fresh fresh = lab.fresh(system)) {
        lab.run(fresh.system().load(Scenario.SMALL, options.freshMillis(), 500));
        LoadResult result = lab.run(fresh.system().load(scenario, 3_000, 5_000));
        measurements.add(scenario, system.name(), result);
        measurements.addAfterSlow(system.name(), Lab.idleKilobytes(fresh.system()));
      }
    }
  }

  private void starts(Lab lab) throws IOException, InterruptedException {
    for (int i = 0; i < options.starts(); i++) {
      boolean hasAotCache;
      try (FairleadProcess shipped = lab.startFairlead(Map.of())) {
        hasAotCache = shipped.usesAotCache();
        if (hasAotCache) {
          startTimes.addWithAotCache(shipped.timeToReady());
        } else {
          startTimes.addPlain(shipped.timeToReady());
        }
        startTimes.addIdleKilobytes(Lab.idleKilobytes(shipped.system()));
      }
      if (hasAotCache) {
        try (FairleadProcess plain = lab.startFairlead(WITHOUT_AOT_CACHE)) {
          startTimes.addPlain(plain.timeToReady());
        }
      }
    }
  }

  /** Starts with one virtual key and with very many, in turn, as shipped. */
  private void keys(Lab lab) throws IOException, InterruptedException {
    Path few = directory.resolve("few-keys");
    Path many = directory.resolve("many-keys");
    for (Path one : List.of(few, many)) {
      lab.startFairlead(one).close();
    }
    ManyKeys.into(many);
    for (int i = 0; i < options.starts(); i++) {
      startTimes.addKeys(startOn(lab, few), startOn(lab, many));
    }
  }

  private static StartTimes.Start startOn(Lab lab, Path appDirectory)
      throws IOException, InterruptedException {
    try (FairleadProcess fairlead = lab.startFairlead(appDirectory)) {
      return new StartTimes.Start(fairlead.timeToReady(), Lab.idleKilobytes(fairlead.system()));
    }
  }

  private boolean begins(Scenario.Group group) {
    if (!options.wants(group)) {
      return false;
    }
    if (System.nanoTime() - startNanos > options.limit().toNanos()) {
      measurements.note(group.label() + " not begun: " + options.limit().toMinutes() + " min over");
      return false;
    }
    return true;
  }

  /** Figures of a busy machine mislead; its load before the run says how busy it was. */
  private void noteOtherLoad() throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
    if (Double.parseDouble(load) > BUSY) {
      measurements.note(
          "the machine was busy before the run (load average " + load + "): figures are coarse");
    }
  }

  private static int openFilesLimit() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/limits")).stream()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.substring("Max open files".length()).strip().split("\\s+", -1)[0])
        .mapToInt(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(limit))
        .findFirst()
        .orElseThrow(() -> new IOException("no limit on open files in /proc/self/limits"));
  }

  /** A gateway's log of a million requests is worth keeping only when something went wrong. */
  private void deleteLogs() throws IOException {
    if (measurements.hasProblems()) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void say(String what) {
    long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
    System.err.printf("[%3d s] %s%n", seconds, what);
  }
}
