package dev.fairlead.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Main;
import dev.fairlead.app.cli.CommandLineInterface;
import dev.fairlead.app.serve.AppDirectory;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead launch} with programs on the path that say what they were given. */
@Timeout(60)
final class LaunchTest {
  private static final String TEAM_KEY = "sk-bf-launch-team-key-0123456789";
  private static final String WRITES_WHAT_IT_GOT =
      """
      #!/bin/sh
      env > "$OUT.env"
      : > "$OUT.args"
      for a in "$@"; do printf '%s\\n' "$a" >> "$OUT.args"; done
      exit 7
      """;

  @TempDir private Path directory;
  private Path app;
  private Path programs;
  private @Nullable Startup gateway;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void programs() throws IOException {
    app = Files.createDirectories(directory.resolve("app"));
    programs = Files.createDirectories(directory.resolve("bin"));
    program("claude", WRITES_WHAT_IT_GOT);
    program("codex", WRITES_WHAT_IT_GOT);
  }

  @AfterEach
  void close() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(programs.resolve(name), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void configure(String client, String... providers) throws IOException {
    Files.writeString(
        app.resolve("config.json"),
        """
        {"client": {%s}, "providers": {%s},
         "governance": {"virtual_keys": [{"id": "vk", "name": "team", "value": "%s",
           "provider_configs": [{"provider": "house", "allowed_models": ["*"], "key_ids": ["*"]}]}]}}
        """
            .formatted(client, String.join(",", providers), TEAM_KEY));
  }

  /** A provider of the house with two models. */
  private static String house(String... models) {
    return """
    "house": {"keys": [{"name": "k", "value": "sk-house", "models": ["%s"], "weight": 1}],
      "network_config": {"base_url": "http://127.0.0.1:9"},
      "custom_provider_config": {"base_provider_type": "openai"}}
    """
        .formatted(String.join("\",\"", models));
  }

  private static String known(String name) {
    return """
    "%s": {"keys": [{"name": "k", "value": "sk-known-0123456789", "models": ["*"], "weight": 1}],
      "network_config": {"base_url": "http://127.0.0.1:9"}}
    """
        .formatted(name);
  }

  private void serve() throws IOException {
    gateway =
        Startup.start(
            new ServeOptions(app, List.of("127.0.0.1"), 0, -1, 1, "warn", false), Map.of());
  }

  private String address() {
    Startup running = gateway;
    return running == null ? "" : "http://localhost:" + running.port();
  }

  private int launch(Map<String, String> more, String... arguments) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", programs + ":/usr/bin:/bin");
    environment.put("OUT", directory.resolve("out").toString());
    environment.putAll(more);
    List<String> all = new ArrayList<>(List.of("launch", "-app-dir", app.toString()));
    all.addAll(List.of(arguments));
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    return CommandLineInterface.run(all.toArray(String[]::new), environment, err, err);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private Map<String, String> given() throws IOException {
    Map<String, String> variables = new HashMap<>();
    for (String line : Files.readAllLines(directory.resolve("out.env"))) {
      int at = line.indexOf('=');
      if (at > 0) {
        variables.put(line.substring(0, at), line.substring(at + 1));
      }
    }
    return variables;
  }

  private List<String> arguments() throws IOException {
    return Files.readAllLines(directory.resolve("out.args"));
  }

  @Test
  void claudeIsToldWhereToGoWithWhichModel() throws IOException {
    configure("", house("big", "small"));
    serve();

    int exit =
        launch(
            Map.of(
                "ANTHROPIC_API_KEY", "sk-ant-of-the-user",
                "CLAUDE_CODE_USE_BEDROCK", "1",
                "ENABLE_TOOL_SEARCH", "auto",
                "HTTP_PROXY", "http://proxy.test:3128"),
            "claude",
            "--model",
            "house/big",
            "--small-model",
            "house/small",
            "--",
            "-p",
            "hello there",
            "--output-format",
            "json");

    assertThat(exit).as(said()).isEqualTo(7);
    assertThat(arguments()).containsExactly("-p", "hello there", "--output-format", "json");
    assertThat(given())
        .containsEntry("ANTHROPIC_BASE_URL", address() + "/anthropic")
        .containsEntry("ANTHROPIC_AUTH_TOKEN", "fairlead-launch")
        .containsEntry("ANTHROPIC_MODEL", "house/big")
        .containsEntry("ANTHROPIC_DEFAULT_OPUS_MODEL", "house/big")
        .containsEntry("ANTHROPIC_DEFAULT_SONNET_MODEL", "house/big")
        .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "house/small")
        .containsEntry("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
        .containsEntry("ENABLE_TOOL_SEARCH", "auto")
        .containsEntry("NO_PROXY", "localhost")
        .doesNotContainKeys("ANTHROPIC_API_KEY", "CLAUDE_CODE_USE_BEDROCK");
    assertThat(said()).isEmpty();
  }

  @Test
  void codexIsToldOnItsCommandLine() throws IOException {
    configure("", house("big"));
    serve();

    int exit = launch(Map.of("FAIRLEAD_KEY", TEAM_KEY), "codex", "--model", "big", "--", "exec");

    assertThat(exit).isEqualTo(7);
    assertThat(arguments())
        .containsExactly(
            "-c",
            "model_provider=\"fairlead\"",
            "-c",
            "model_providers.fairlead={name = \"Fairlead\", base_url = \""
                + address()
                + "/v1\", env_key = \"FAIRLEAD_KEY\", wire_api = \"responses\","
                + " supports_websockets = false}",
            "-c",
            "model=\"big\"",
            "exec");
    assertThat(given()).containsEntry("FAIRLEAD_KEY", TEAM_KEY);
    assertThat(arguments().toString()).doesNotContain(TEAM_KEY);
  }

  @Test
  void modelsOfTheClientsOwnVendorNeedNoName() throws IOException {
    configure("", known("anthropic"), house("big"));
    serve();

    assertThat(launch(Map.of(), "claude")).as(said()).isEqualTo(7);
    assertThat(given())
        .containsEntry("ENABLE_TOOL_SEARCH", "true")
        .doesNotContainKeys("ANTHROPIC_MODEL", "ANTHROPIC_DEFAULT_HAIKU_MODEL");
  }

  @Test
  void withoutThemTheModelsAreListed() throws IOException {
    configure("", house("big", "small"));
    serve();

    assertThat(launch(Map.of(), "claude")).isEqualTo(1);
    assertThat(said())
        .contains("Name one with --model:")
        .contains("  house/big")
        .contains("  house/small");
    assertThat(directory.resolve("out.env")).doesNotExist();
  }

  @Test
  void theOnlyModelIsTaken() throws IOException {
    configure("", house("big"));
    serve();

    assertThat(launch(Map.of(), "claude")).isEqualTo(7);
    assertThat(given()).containsEntry("ANTHROPIC_MODEL", "house/big");
  }

  @Test
  void keyIsAskedForWhereOneIsNeeded() throws IOException {
    configure("\"enforce_auth_on_inference\": true", house("big"));
    serve();

    assertThat(launch(Map.of(), "claude", "--model", "house/big")).isEqualTo(1);
    assertThat(said()).contains("HTTP 401").contains("--key").contains("FAIRLEAD_KEY");
    assertThat(launch(Map.of(), "claude", "--model", "house/big", "--key", TEAM_KEY)).isEqualTo(7);
    assertThat(given()).containsEntry("ANTHROPIC_AUTH_TOKEN", TEAM_KEY);
  }

  @Test
  void programThatIsMissing() throws IOException {
    Files.delete(programs.resolve("codex"));

    assertThat(launch(Map.of("PATH", programs.toString()), "codex")).isEqualTo(127);
    assertThat(said()).contains("Codex is not installed").contains("npm install -g @openai/codex");
  }

  @Test
  void clientThatIsUnknown() {
    assertThat(launch(Map.of(), "vim")).isEqualTo(2);
    assertThat(said()).isEqualTo("vim cannot be launched. Clients that can: claude, codex.\n");
  }

  @Test
  void clientsOptionInTheWrongPlace() {
    assertThat(launch(Map.of(), "claude", "-p", "hello")).isEqualTo(2);
    assertThat(said()).contains("goes behind --");
  }

  @Test
  void noGateway() throws IOException {
    configure("", house("big"));

    assertThat(launch(Map.of(), "claude")).isEqualTo(1);
    assertThat(said()).contains("No Fairlead serves from " + app).contains("--start");
    assertThat(launch(Map.of(), "claude", "-port", "9")).isEqualTo(1);
    assertThat(said()).contains("No Fairlead answers at http://localhost:9");
  }

  @Test
  void gatewayIsStartedAndEndedWithTheClient() throws IOException {
    configure("", house("big"));

    assertThat(launch(Map.of(), "claude", "--start", "--model", "house/big"))
        .as(said())
        .isEqualTo(7);

    assertThat(given().get("ANTHROPIC_BASE_URL")).startsWith("http://localhost:");
    try (AppDirectory again = AppDirectory.open(app)) {
      again.lock();
    }
  }

  @Test
  void addressOfAGatewayThatIsGoneIsNotBelieved() throws IOException {
    configure("", house("big"));
    serve();
    Startup running = gateway;
    if (running != null) {
      running.close();
      gateway = null;
    }

    assertThat(launch(Map.of(), "claude")).isEqualTo(1);
    assertThat(said()).contains("No Fairlead serves from");
  }

  @Test
  void signalGoesToTheClientAndItsExitCodeComesBack() throws Exception {
    configure("", house("big"));
    program(
        "claude",
        """
        #!/bin/sh
        trap 'echo ended > "$OUT.ended"; exit 42' TERM
        echo ready > "$OUT.ready"
        while :; do sleep 0.1; done
        """);
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "launch",
            "-app-dir",
            app.toString(),
            "--start",
            "claude",
            "--model",
            "house/big");
    builder.environment().put("PATH", programs + ":/usr/bin:/bin");
    builder.environment().put("OUT", directory.resolve("out").toString());
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    Process launched = builder.start();
    try {
      Await.until(
          () -> Files.exists(directory.resolve("out.ready")) || !launched.isAlive(),
          Duration.ofSeconds(30),
          "the client to run");

      launched.destroy();

      assertThat(launched.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(launched.exitValue()).as(Files.readString(directory.resolve("log"))).isEqualTo(42);
      assertThat(directory.resolve("out.ended")).exists();
    } finally {
      launched.destroyForcibly();
    }
  }
}
