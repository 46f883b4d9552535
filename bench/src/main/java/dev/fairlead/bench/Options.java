package dev.fairlead.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param only scenario groups to run
 * @param quick whether to trade precision for time
 * @param fairleadCommand how to start Fairlead; empty for not at all
 * @param gateways other gateways that are running already
 * @param providerPort port for the scripted provider, so that gateways can be configured before; 0
 *     for any
 * @param limit time after which no further scenario is begun
 * @param root directory that the Fairlead command is started in
 */
record Options(
    Set<Scenario.Group> only,
    boolean quick,
    List<String> fairleadCommand,
    List<SystemUnderTest> gateways,
    int providerPort,
    Duration limit,
    Path root) {

  static final String USAGE =
      """
      bench/run [--quick] [--only GROUP,...] [--gateway NAME,URL,KEY,MODEL_PREFIX[,PID]]...
                [--fairlead-cmd COMMAND|none] [--provider-port N] [--max-minutes N]

        --quick          fewer and shorter rounds: about six minutes
        --only           from: 2k, 76k, sse, openloop, slow, cancel, start, keys, logging,
                         governed, translated-2k, translated-76k, translated-sse
        --gateway        another gateway, already running on this machine, with the scripted provider
                         as its OpenAI-compatible provider (key "upstream-secret"); may be repeated.
                         With PID its CPU and memory are measured, its children's included.
        --fairlead-cmd   how to start Fairlead (default ./fairlead); -app-dir, -port and -log-style
                         are added
        --provider-port  fixed port of the scripted provider, to configure other gateways with
        --max-minutes    begin nothing new after this time (default 25)
      """;

  private static final String DEFAULT_COMMAND = "./fairlead";

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException naming the argument that is wrong
   */
  static Options parse(List<String> args, Path root) {
    Set<Scenario.Group> only = EnumSet.allOf(Scenario.Group.class);
    List<SystemUnderTest> gateways = new ArrayList<>();
    String command = DEFAULT_COMMAND;
    boolean quick = false;
    int providerPort = 0;
    long minutes = 25;
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      switch (arg) {
        case "--quick" -> quick = true;
        case "--only" -> only = groups(value(args, ++i));
        case "--gateway" -> gateways.add(SystemUnderTest.parse(value(args, ++i)));
        case "--fairlead-cmd" -> command = value(args, ++i);
        case "--provider-port" -> providerPort = Integer.parseInt(value(args, ++i));
        case "--max-minutes" -> minutes = Long.parseLong(value(args, ++i));
        default -> throw new IllegalArgumentException("unknown argument " + arg);
      }
    }
    List<String> words =
        command.equals("none") ? List.of() : List.of(command.strip().split("\\s+", -1));
    return new Options(
        only, quick, words, gateways, providerPort, Duration.ofMinutes(minutes), root);
  }

  /** Rounds of each closed-loop scenario. */
  int rounds() {
    return quick ? 2 : 5;
  }

  /** Rounds of each open-loop scenario. */
  int openRounds() {
    return quick ? 1 : 3;
  }

  /** Milliseconds of load on a fresh process before it holds slow streams. */
  long freshMillis() {
    return quick ? 1_500 : 4_000;
  }

  /** Milliseconds of load before each measured time. */
  long settleMillis() {
    return quick ? 200 : 400;
  }

  /** Milliseconds of each measured time. */
  long measureMillis() {
    return quick ? 1_200 : 2_500;
  }

  /**
   * Milliseconds of a low rate before it is measured: a process that did nothing for half a minute
   * has given its memory back and takes it again first.
   */
  long slowSettleMillis() {
    return quick ? 2_000 : 5_000;
  }

  /** Milliseconds of each measured time at a low rate, which gives few ticks of the clock. */
  long slowMeasureMillis() {
    return quick ? 2_400 : 8_000;
  }

  /** How often a client leaves, in each of two moments. */
  int cancels() {
    return quick ? 5 : 20;
  }

  /** Cold starts of each kind. */
  int starts() {
    return quick ? 2 : 5;
  }

  /** Slow streams to open if the limit on open files allows. */
  int slowStreams() {
    return quick ? 2_000 : 10_000;
  }

  boolean wants(Scenario.Group group) {
    return only.contains(group);
  }

  private static String value(List<String> args, int at) {
    if (at >= args.size()) {
      throw new IllegalArgumentException(args.get(at - 1) + " wants a value");
    }
    return args.get(at);
  }

  private static Set<Scenario.Group> groups(String list) {
    Set<Scenario.Group> chosen = EnumSet.noneOf(Scenario.Group.class);
    for (String label : list.split(",", -1)) {
      chosen.add(
          Arrays.stream(Scenario.Group.values())
              .filter(group -> group.label().equals(label.strip()))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("--only does not know \"" + label + "\"")));
    }
    return chosen;
  }
}
