package dev.fairlead.bench;

import dev.fairlead.bench.peer.MockProvider;
import dev.fairlead.bench.process.ChildProcess;
import dev.fairlead.bench.process.FreePort;
import dev.fairlead.bench.process.PlainHttp;
import dev.fairlead.bench.process.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Fairlead as a user starts it: the built distribution, its own directory, its own process. */
final class FairleadProcess implements RunningProcess {

  private static final String CLIENT_KEY = "sk-bf-bench-0123456789abcdef";
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 2;
  private static final long LOG_TAIL_LINES = 15;

  /** How Fairlead is configured. */
  enum Variant {
    USUAL(Measurements.FAIRLEAD, "", "", ""),
    ROWS_ONLY(Measurements.ROWS_ONLY, "\"client\": {\"disable_content_logging\": true},", "", ""),
    UNLOGGED(Measurements.UNLOGGED, "\"client\": {\"enable_logging\": false},", "", ""),
    GOVERNED(Measurements.GOVERNED, "", LIMITS + "\"team_id\": \"team\",", OWNERS);

    private final String system;
    private final String top;
    private final String ofKey;
    private final String governance;

    Variant(String system, String top, String ofKey, String governance) {
      this.system = system;
      this.top = top;
      this.ofKey = ofKey;
      this.governance = governance;
    }
  }

  private static final String LIMITS =
      """
      "budget": {"max_limit": 900000, "reset_duration": "1M"},
      "rate_limit": {"request_max_limit": 900000000, "request_reset_duration": "1h",
                     "token_max_limit": 900000000000, "token_reset_duration": "1d"},
      """;

  private static final String OWNERS =
      """
      "customers": [{"id": "customer", %1$s "name": "customer"}],
      "teams": [{"id": "team", %1$s "name": "team", "customer_id": "customer"}],
      "providers": [{%1$s "name": "openai"}],
      """
          .formatted(LIMITS);

  private final ChildProcess process;
  private final Variant variant;
  private final int port;
  private final Duration timeToReady;

  private FairleadProcess(ChildProcess process, Variant variant, int port, Duration timeToReady) {
    this.process = process;
    this.variant = variant;
    this.port = port;
    this.timeToReady = timeToReady;
  }

  /**
   * Starts Fairlead and waits for 200 on {@code /readyz}.
   *
   * @param directory a directory that nobody else uses; made if missing
   * @param environment added to this process's own
   * @throws IOException if it ends or is not ready in a minute; the message has the end of its log
   */
  static FairleadProcess start(
      Options options,
      Variant variant,
      int providerPort,
      Path directory,
      Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), config(variant, providerPort));
    Path log = directory.resolve("output.log");
    int port = FreePort.find();
    List<String> command =
        Stream.concat(
                options.fairleadCommand().stream(),
                Stream.of(
                    "-app-dir",
                    directory.toAbsolutePath().toString(),
                    "-port",
                    Integer.toString(port),
                    "-log-style",
                    "json"))
            .toList();
    long start = System.nanoTime();
    ChildProcess process =
        ChildProcess.command("fairlead", command, options.root().toFile(), environment, log);
    try {
      awaitReady(process, port, start + READY_LIMIT.toNanos());
      Duration timeToReady = Duration.ofNanos(System.nanoTime() - start);
      return new FairleadProcess(process, variant, port, timeToReady);
    } catch (IOException | InterruptedException e) {
      process.close();
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw new IOException(e.getMessage() + "; the end of " + log + ":\n" + tail(log), e);
    }
  }

  SystemUnderTest system() {
    return new SystemUnderTest(
        variant.system,
        "127.0.0.1",
        port,
        "/v1/chat/completions",
        CLIENT_KEY,
        "openai/",
        "slow/",
        process.pid());
  }

  /** The same process, asked for models of a provider that speaks Anthropic's dialect. */
  SystemUnderTest translated() {
    return new SystemUnderTest(
        Measurements.TRANSLATED,
        "127.0.0.1",
        port,
        "/v1/chat/completions",
        CLIENT_KEY,
        "translated/",
        "translated/",
        process.pid());
  }

  long pid() {
    return process.pid();
  }

  /** Time from the start of the command to the first 200. */
  Duration timeToReady() {
    return timeToReady;
  }

  /** Whether the JVM runs from an ahead-of-time cache, which it maps into memory. */
  boolean usesAotCache() throws IOException {
    List<Long> pids =
        Stream.concat(
                Stream.of(process.pid()),
                ProcessHandle.of(process.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .map(ProcessHandle::pid))
            .toList();
    for (long pid : pids) {
      try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(pid), "maps"))) {
        if (maps.anyMatch(line -> line.endsWith(".aot"))) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void close() {
    process.close();
  }

  private static void awaitReady(ChildProcess process, int port, long deadlineNanos)
      throws IOException, InterruptedException {
    while (true) {
      try {
        if (PlainHttp.get("127.0.0.1", port, "/readyz").status() == 200) {
          return;
        }
      } catch (IOException _) {
        // Not listening yet.
      }
      if (!process.isAlive()) {
        throw new IOException("fairlead ended before it was ready");
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new IOException("fairlead was not ready within " + READY_LIMIT.toSeconds() + " s");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        "\n", lines.subList((int) Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
  }

  /** As a user would write it; only the provider of slow streams has room for all of them. */
  private static String config(Variant variant, int providerPort) {
    return """
    {
      %4$s
      "providers": {
        "openai": {
          "keys": [
            {"name": "bench", "value": "%1$s", "models": ["*"], "weight": 1.0}
          ],
          "network_config": {"base_url": "http://127.0.0.1:%2$d"}
        },
        "translated": {
          "keys": [
            {"name": "bench-translated", "value": "%1$s", "models": ["*"], "weight": 1.0}
          ],
          "network_config": {"base_url": "http://127.0.0.1:%2$d"},
          "custom_provider_config": {"base_provider_type": "anthropic"}
        },
        "slow": {
          "keys": [
            {"name": "bench-slow", "value": "%1$s", "models": ["*"], "weight": 1.0}
          ],
          "network_config": {
            "base_url": "http://127.0.0.1:%2$d",
            "max_conns_per_host": 20000
          },
          "concurrency_and_buffer_size": {"concurrency": 20000, "buffer_size": 20000},
          "custom_provider_config": {"base_provider_type": "openai"}
        }
      },
      "governance": {
        %6$s
        "virtual_keys": [
          {
            "id": "vk-bench",
            "name": "bench",
            %5$s
            "value": "%3$s",
            "is_active": true,
            "provider_configs": [
              {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"], "weight": 1.0},
              {
                "provider": "translated",
                "allowed_models": ["*"],
                "key_ids": ["*"],
                "weight": 1.0
              },
              {"provider": "slow", "allowed_models": ["*"], "key_ids": ["*"], "weight": 1.0}
            ]
          }
        ]
      }
    }
    """
        .formatted(
            MockProvider.KEY,
            providerPort,
            CLIENT_KEY,
            variant.top,
            variant.ofKey,
            variant.governance);
  }
}
