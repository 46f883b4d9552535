package dev.fairlead.bench;

import dev.fairlead.bench.load.LoadGenerator;
import dev.fairlead.bench.load.LoadResult;
import dev.fairlead.bench.load.LoadSpec;
import dev.fairlead.bench.peer.FloorRelay;
import dev.fairlead.bench.peer.MockProvider;
import dev.fairlead.bench.peer.Prototype;
import dev.fairlead.bench.process.ChildProcess;
import dev.fairlead.bench.process.ProcessFigures;
import dev.fairlead.bench.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The processes of one benchmark: provider, load generator, and everything that is measured. */
final class Lab implements RunningProcess {

  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final long IDLE_MILLIS = 2_000;

  /** What the relays run with; Fairlead runs with its own defaults. */
  private static final List<String> RELAY_FLAGS =
      List.of("-Xms256m", "-Xmx1g", "-XX:+UseCompactObjectHeaders");

  private static final List<String> LOAD_FLAGS = List.of("-Xms512m", "-Xmx2g");

  private final Options options;
  private final Path directory;
  private final List<RunningProcess> running = new ArrayList<>();
  private final List<SystemUnderTest> systems = new ArrayList<>();
  private final List<SystemUnderTest> translation = new ArrayList<>();
  private final ChildProcess generator;
  private final int providerPort;
  private @Nullable SystemUnderTest unlogged;
  private int appDirectories;

  /** Something that was started only for one scenario. */
  record Fresh(SystemUnderTest system, RunningProcess process) implements RunningProcess {
    @Override
    public void close() {
      process.close();
    }
  }

  Lab(Options options, Path directory, Measurements measurements)
      throws IOException, InterruptedException {
    this.options = options;
    this.directory = directory;
    Files.createDirectories(directory);
    ChildProcess provider =
        kept(
            child(
                "provider",
                MockProvider.class,
                LOAD_FLAGS,
                Integer.toString(options.providerPort())));
    providerPort = provider.awaitPort(START_LIMIT);
    generator = kept(child("generator", LoadGenerator.class, LOAD_FLAGS));
    systems.add(
        SystemUnderTest.local(
            Measurements.DIRECT, providerPort, MockProvider.KEY, "", provider.pid()));
    startRelays();
    if (startsFairlead()) {
      FairleadProcess fairlead = keptFairlead(Map.of());
      systems.add(fairlead.system());
      translation.add(fairlead.system());
      translation.add(fairlead.translated());
    }
    systems.addAll(options.gateways());
    Thread.sleep(IDLE_MILLIS);
    for (SystemUnderTest system : systems) {
      measurements.addIdle(system.name(), residentKilobytes(system));
    }
  }

  /** Everything that is measured, the direct path first. */
  List<SystemUnderTest> systems() {
    return systems;
  }

  /**
   * Those, and Fairlead without its request log, which is what compares with relays that write
   * nothing. It is started when first asked for.
   */
  List<SystemUnderTest> loaded() throws IOException, InterruptedException {
    if (!startsFairlead()) {
      return systems;
    }
    if (unlogged == null) {
      FairleadProcess started = startFairlead(FairleadProcess.Variant.UNLOGGED, Map.of());
      running.add(started);
      unlogged = started.system();
    }
    List<SystemUnderTest> all = new ArrayList<>(systems);
    all.add(unlogged);
    return all;
  }

  /** The opaque and the translated path through the same process; empty without Fairlead. */
  List<SystemUnderTest> translation() {
    return translation;
  }

  /** The relay that does nothing but relay. */
  SystemUnderTest floor() {
    return systems.stream()
        .filter(system -> system.name().equals(Measurements.FLOOR))
        .findFirst()
        .orElseThrow();
  }

  int providerPort() {
    return providerPort;
  }

  boolean startsFairlead() {
    return !options.fairleadCommand().isEmpty();
  }

  /**
   * Runs a load and waits for its result.
   *
   * @throws IllegalStateException if the generator fails or the server cannot be reached
   */
  LoadResult run(LoadSpec spec) {
    String line = generator.ask(spec.toLine(), spec.limit().plusSeconds(10));
    if (line.startsWith("failed=")) {
      throw new IllegalStateException(spec.host() + ":" + spec.port() + ": " + line);
    }
    return LoadResult.parse(line);
  }

  /** A new process of a system that the benchmark can start; others stay as they are. */
  Fresh fresh(SystemUnderTest system) throws IOException, InterruptedException {
    return switch (system.name()) {
      case Measurements.FLOOR -> {
        ChildProcess child =
            child("floor", FloorRelay.class, RELAY_FLAGS, Integer.toString(providerPort));
        yield new Fresh(floor(child), child);
      }
      case Measurements.PROTOTYPE -> {
        ChildProcess child =
            child("prototype", Prototype.class, RELAY_FLAGS, Integer.toString(providerPort));
        yield new Fresh(prototype(child), child);
      }
      case Measurements.FAIRLEAD -> {
        FairleadProcess fairlead = startFairlead(Map.of());
        yield new Fresh(fairlead.system(), fairlead);
      }
      default -> new Fresh(system, () -> {});
    };
  }

  /** Fairlead in a new process with a new directory; the caller closes it. */
  FairleadProcess startFairlead(Map<String, String> environment)
      throws IOException, InterruptedException {
    return startFairlead(FairleadProcess.Variant.USUAL, environment);
  }

  /** The same with another configuration. */
  FairleadProcess startFairlead(FairleadProcess.Variant variant, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path appDirectory = directory.resolve("fairlead-" + ++appDirectories);
    return FairleadProcess.start(options, variant, providerPort, appDirectory, environment);
  }

  /** Fairlead on a directory it has run in before; the caller closes it. */
  FairleadProcess startFairlead(Path appDirectory) throws IOException, InterruptedException {
    return FairleadProcess.start(
        options, FairleadProcess.Variant.USUAL, providerPort, appDirectory, Map.of());
  }

  /** Memory of a system now, in KiB; 0 if its process is not known. */
  static long residentKilobytes(SystemUnderTest system) throws IOException {
    return system.pid() == 0 ? 0 : ProcessFigures.ofTree(system.pid()).rssKilobytes();
  }

  /** Memory of a system after it had nothing to do for two seconds, in KiB. */
  static long idleKilobytes(SystemUnderTest system) throws IOException, InterruptedException {
    Thread.sleep(IDLE_MILLIS);
    return residentKilobytes(system);
  }

  @Override
  public void close() {
    running.reversed().forEach(RunningProcess::close);
  }

  private void startRelays() throws IOException {
    ChildProcess floor =
        kept(child("floor", FloorRelay.class, RELAY_FLAGS, Integer.toString(providerPort)));
    ChildProcess prototype =
        kept(child("prototype", Prototype.class, RELAY_FLAGS, Integer.toString(providerPort)));
    systems.add(floor(floor));
    systems.add(prototype(prototype));
  }

  private FairleadProcess keptFairlead(Map<String, String> environment)
      throws IOException, InterruptedException {
    FairleadProcess fairlead = startFairlead(environment);
    running.add(fairlead);
    return fairlead;
  }

  private static SystemUnderTest floor(ChildProcess child) {
    int port = child.awaitPort(START_LIMIT);
    return SystemUnderTest.local(Measurements.FLOOR, port, "unused", "", child.pid());
  }

  private static SystemUnderTest prototype(ChildProcess child) {
    int port = child.awaitPort(START_LIMIT);
    return SystemUnderTest.local(
        Measurements.PROTOTYPE, port, Prototype.CLIENT_KEY, "openai/", child.pid());
  }

  private ChildProcess child(String name, Class<?> main, List<String> flags, String... args)
      throws IOException {
    return ChildProcess.java(name, main, flags, List.of(args), directory.resolve(name + ".log"));
  }

  private ChildProcess kept(ChildProcess child) {
    running.add(child);
    return child;
  }
}
