package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real {@code claude} and {@code codex}, set up by nothing but {@code fairlead launch}. */
@Tag("real-clients")
@Timeout(120)
class LaunchedClientsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path directory;
  private Path app;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private RunningGateway gateway;

  @BeforeEach
  void start() throws Exception {
    app = Files.createDirectories(directory.resolve("app"));
    gateway = RunningGateway.over(app, openAi, anthropic);
  }

  @Test
  void claudeOnItsOwnVendor() {
    anthropic.handler(AnthropicReplies.text("Hello from the provider")::forRequest);

    JsonNode result = claude("anthropic/claude-sonnet-4-20250514");

    assertThat(result.get("result").asString()).isEqualTo("Hello from the provider");
    assertThat(gateway.awaitReceipts(1, line -> line.has("operation")))
        .allSatisfy(line -> assertThat(line.get("client").asString()).isEqualTo("claude-code"));
    assertThat(anthropic.requests())
        .allSatisfy(request ->
            assertThat(request.headerValues("x-api-key"))
                .containsExactly(RunningGateway.ANTHROPIC_KEY));
  }

  @Test
  void claudeOnAnotherVendor() {
    openAi.handler(request ->
        request.path().endsWith("/responses")
            ? ResponsesReplies.text("Hello from afar").forRequest(request)
            : ChatReplies.text("Hello from afar").forRequest(request));

    JsonNode result = claude("openai/gpt-5");

    assertThat(result.get("result").asString()).isEqualTo("Hello from afar");
    assertThat(anthropic.requests())
        .as("background tasks go there too; only the list of models is asked for here")
        .allMatch(request -> request.method().equals("GET"));
  }

  @Test
  void codex() {
    openAi.handler(ResponsesReplies.text("Hello from the provider")::forRequest);
    Path home = directory.resolve("codex");

    ClientProcess.Ending ending =
        ClientProcess.fairlead(
                directory,
                "launch",
                "-app-dir",
                app.toString(),
                "codex",
                "--model",
                "openai/gpt-5",
                "--",
                "exec",
                "--skip-git-repo-check",
                "--json",
                "--sandbox",
                "danger-full-access",
                "Hello there")
            .with("CODEX_HOME", make(home))
            .with("FAIRLEAD_KEY", RunningGateway.VIRTUAL_KEY)
            .run();

    assertThat(ending.exit()).as("%s", ending).isZero();
    assertThat(ending.out()).contains("Hello from the provider").contains("turn.completed");
    assertThat(home.resolve("config.toml")).doesNotExist();
    assertThat(gateway.awaitReceipts(1, line -> line.has("operation")))
        .allSatisfy(line -> assertThat(line.get("principal").asString()).isEqualTo("vk:vk-team"));
    assertThat(openAi.requests())
        .filteredOn(request -> request.method().equals("POST"))
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request.target()).isEqualTo("/v1/responses"));
  }

  private static String make(Path folder) {
    try {
      return Files.createDirectories(folder).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode claude(String model) {
    ClientProcess.Ending ending =
        ClientProcess.fairlead(
                directory,
                "launch",
                "claude",
                "-app-dir",
                app.toString(),
                "--model",
                model,
                "--",
                "-p",
                "Hello there",
                "--output-format",
                "json")
            .run();
    assertThat(ending.exit()).as("%s", ending).isZero();
    return JSON.readTree(ending.out());
  }
}
