package dev.fairlead.conformance.seed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.cli.CommandLineInterface;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What providers list themselves, in every list and on the command line. */
final class ModelListTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CONFIG =
      """
      {
        "providers": {
          "anthropic": {
            "keys": [{"name": "a", "value": "env.ANTHROPIC_API_KEY", "models": []}],
            "network_config": {"base_url": "%1$s"}
          },
          "ollama": {"network_config": {"base_url": "%1$s"}}
        },
        "fairlead": {"aliases": {"fast": "ollama/qwen3:8b"}}
      }
      """;

  private final FakeProvider provider = FakeProvider.start();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    provider.close();
  }

  private RunningGateway gateway() {
    return RunningGateway.start(
        directory,
        CONFIG.formatted(provider.uri()),
        Map.of("ANTHROPIC_API_KEY", RunningGateway.ANTHROPIC_KEY));
  }

  private void listsAreThere() {
    provider.handler(request ->
        request.path().equals("/api/tags")
            ? Script.json("{\"models\":[{\"name\":\"qwen3:8b\"},{\"name\":\"my-own:latest\"}]}")
            : AnthropicReplies.models("claude-opus-5", "claude-quite-new"));
  }

  private static JsonNode get(RunningGateway gateway, String target) {
    try (RawHttp http = RawHttp.connect(gateway.port())) {
      RawHttp.Reply reply = http.get(target).readReply();
      assertThat(reply.status()).isEqualTo(200);
      return JSON.readTree(reply.text());
    }
  }

  private static List<String> names(JsonNode list, String array, String field) {
    List<String> names = new ArrayList<>();
    list.path(array).forEach(model -> names.add(model.path(field).asString()));
    return names;
  }

  private static JsonNode named(JsonNode list, String name) {
    for (JsonNode model : list.path("models")) {
      if (model.path("name").asString().equals(name)) {
        return model;
      }
    }
    throw new AssertionError(name + " is not in " + list);
  }

  @Test
  void whatProvidersListIsInTheListsWithTheFiguresOfTheCatalogue() {
    listsAreThere();
    try (RunningGateway gateway = gateway()) {
      assertThat(names(get(gateway, "/v1/models"), "data", "id"))
          .contains(
              "fast",
              "ollama/my-own:latest",
              "anthropic/claude-quite-new",
              "anthropic/claude-opus-5");

      JsonNode all = get(gateway, "/api/models");
      JsonNode qwen = named(all, "ollama/qwen3:8b");
      assertThat(qwen.path("context_window").asLong()).isEqualTo(40_960);
      assertThat(qwen.path("tools").asBoolean()).isTrue();
      assertThat(qwen.path("runs").asString()).isEqualTo("locally");
      assertThat(qwen.path("note").asString())
          .startsWith("40k window, Claude Code opens with about 36k");
      JsonNode opus = named(all, "anthropic/claude-opus-5");
      assertThat(opus.path("max_output_tokens").asLong()).isEqualTo(128_000);
      assertThat(opus.path("usd_per_mtok_input").decimalValue()).isEqualByComparingTo("5");
      assertThat(opus.path("cursor_alias").asString()).isEqualTo("house-opus-5");
      assertThat(named(all, "fast").path("alias_of").get(0).asString())
          .isEqualTo("ollama/qwen3:8b");
      assertThat(named(all, "ollama/my-own:latest").has("context_window")).isFalse();
      assertThat(names(get(gateway, "/api/models?provider=ollama&query=OWN"), "models", "name"))
          .containsExactly("ollama/my-own:latest");

      // Each provider was asked once, with its own credential and path.
      assertThat(provider.requests()).extracting(request -> request.path()).hasSize(2);
      assertThat(
              provider.requests().stream()
                  .filter(request -> request.path().equals("/v1/models"))
                  .findFirst()
                  .orElseThrow()
                  .header("x-api-key"))
          .contains(RunningGateway.ANTHROPIC_KEY);
    }
  }

  @Test
  void aProviderThatGivesNoListHoldsNobodyUpAndIsNamed() {
    provider.handler(
        request -> request.path().equals("/api/tags") ? Script.EMPTY.stall() : Script.status(500));
    try (RunningGateway gateway = gateway()) {
      long began = System.nanoTime();
      assertThat(names(get(gateway, "/v1/models"), "data", "id"))
          .contains("anthropic/claude-opus-5");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(get(gateway, "/health").toString()).contains("\"model_list\":\"HTTP 500\"");
    }
  }

  @Test
  void theCommandLineAsksWhoRunsAndReadsTheConfigurationOtherwise() {
    listsAreThere();
    try (RunningGateway gateway = gateway()) {
      String table = run(0, "models");
      assertThat(table)
          .contains("ollama/my-own:latest")
          .containsPattern("ollama/qwen3:8b +40k +- +yes +no +0 +0 +locally +40k window");
      assertThat(run(0, "models", "--cursor"))
          .contains("\"house-opus-5\": \"anthropic/claude-opus-5\"");
      assertThat(JSON.readTree(run(0, "models", "--json", "quite")).path("total").asInt())
          .isEqualTo(1);
      assertThat(gateway.port()).isPositive();
    }
    String alone = run(0, "models", "--provider", "anthropic");
    assertThat(alone).contains("anthropic/claude-opus-5").doesNotContain("quite-new");
    assertThat(run(0, "models", "nothing-like-this")).contains("No model matches");
  }

  private String run(int expected, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> line = new ArrayList<>(List.of("-app-dir", directory.toString()));
    line.addAll(List.of(arguments));
    int code =
        CommandLineInterface.run(
            line.toArray(String[]::new),
            Map.of("ANTHROPIC_API_KEY", RunningGateway.ANTHROPIC_KEY),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(out, true, StandardCharsets.UTF_8));
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isEqualTo(expected);
    return text;
  }
}
