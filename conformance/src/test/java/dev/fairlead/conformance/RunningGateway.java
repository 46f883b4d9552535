package dev.fairlead.conformance;

import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fairlead as a user starts it: an app directory with a {@code config.json}, an environment, a port
 * of loopback.
 */
public final class RunningGateway implements AutoCloseable {
  public static final String OPENAI_KEY = "sk-proj-conformance0openai0key0000000001";
  public static final String ANTHROPIC_KEY = "sk-ant-api03-conformance0anthropic0key0000001";
  public static final String VIRTUAL_KEY = "sk-bf-conformance-team-key-0123456789";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LOGGED = Duration.ofSeconds(10);
  private static final String TWO_PROVIDERS =
      """
      {
        "client": {"allow_direct_keys": false},
        "providers": {
          "openai": {
            "keys": [
              {"name": "openai-primary", "value": "env.OPENAI_API_KEY", "models": [], "weight": 1.0}
            ],
            "network_config": {"base_url": "%s"}
          },
          "anthropic": {
            "keys": [
              {"name": "anthropic-primary", "value": "env.ANTHROPIC_API_KEY", "models": [], "weight": 1.0}
            ],
            "network_config": {"base_url": "%s"}
          }
        },
        "governance": {
          "virtual_keys": [
            {
              "id": "vk-team",
              "name": "team",
              "value": "env.TEAM_KEY",
              "provider_configs": [
                {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"]},
                {"provider": "anthropic", "allowed_models": ["*"], "key_ids": ["*"]}
              ]
            }
          ]
        }
      }
      """;

  private final Path directory;
  private final Startup startup;

  private RunningGateway(Path directory, Startup startup) {
    this.directory = directory;
    this.startup = startup;
  }

  /**
   * Starts with that {@code config.json} in {@code directory} and no other environment than the
   * given one.
   */
  public static RunningGateway start(
      Path directory, String config, Map<String, String> environment) {
    try {
      Files.writeString(directory.resolve("config.json"), config);
      ServeOptions options =
          new ServeOptions(directory, List.of("127.0.0.1"), 0, -1, 1, "info", false);
      return new RunningGateway(directory, Startup.start(options, environment));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Starts with OpenAI, Anthropic and one virtual key; both providers are played by fakes. */
  public static RunningGateway over(Path directory, FakeProvider openAi, FakeProvider anthropic) {
    return start(
        directory,
        TWO_PROVIDERS.formatted(openAi.uri(), anthropic.uri()),
        Map.of(
            "OPENAI_API_KEY", OPENAI_KEY,
            "ANTHROPIC_API_KEY", ANTHROPIC_KEY,
            "TEAM_KEY", VIRTUAL_KEY));
  }

  public int port() {
    return startup.port();
  }

  /** {@code http://localhost:port} and then {@code path}, which is empty or begins with a slash. */
  public String at(String path) {
    return "http://localhost:" + port() + path;
  }

  /** What is in force and how the program came to it, for what a test cannot see from outside. */
  public Startup startup() {
    return startup;
  }

  /**
   * The lines of the request log so far; the last one may still be on its way to the file and is
   * left out then.
   */
  public List<JsonNode> receipts() {
    Path folder = directory.resolve("logs");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> logs = Files.list(folder)) {
      return logs.filter(file -> file.getFileName().toString().startsWith("requests-"))
          .sorted()
          .flatMap(RunningGateway::wholeLines)
          .map(JSON::readTree)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  /**
   * Waits until {@code count} requests to models that match are logged, and returns all that match;
   * what else clients ask for is left out.
   */
  public List<JsonNode> awaitReceipts(int count, Predicate<JsonNode> wanted) {
    return Await.value(
        () -> receipts().stream().filter(line -> line.has("operation")).filter(wanted).toList(),
        found -> found.size() >= count,
        LOGGED,
        count + " matching lines in the request log; it has " + receipts());
  }

  /** The only request so far, once it is logged. */
  public JsonNode awaitReceipt() {
    List<JsonNode> all = awaitReceipts(1, line -> true);
    if (all.size() > 1) {
      throw new AssertionError("more than one request was logged: " + all);
    }
    return all.getFirst();
  }

  /** The strings a test expects in a receipt, by field; absent fields are left out. */
  public static Map<String, String> fields(JsonNode receipt, String... names) {
    Map<String, String> fields = new HashMap<>();
    for (String name : names) {
      if (receipt.has(name)) {
        fields.put(name, receipt.get(name).asString());
      }
    }
    return fields;
  }

  @Override
  public void close() {
    try {
      startup.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway did not close", e);
    }
  }

  private static Stream<String> wholeLines(Path log) {
    try {
      String text = Files.readString(log);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }
}
