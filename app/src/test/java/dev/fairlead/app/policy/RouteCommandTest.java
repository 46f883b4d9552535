package dev.fairlead.app.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.cli.CommandLineInterface;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead route} over a configuration, with nothing running. */
class RouteCommandTest {
  private static final String CONFIG =
      """
      {
        "providers": {
          "openai": {"keys": [{"name": "main", "value": "sk-test-0123456789abcdef", "models": ["*"]}]},
          "anthropic": {
            "keys": [{"name": "main", "value": "sk-ant-0123456789abcdef", "models": ["*"]}],
            "tags": ["eu"]
          },
          "ollama": {"network_config": {"base_url": "http://localhost:11434"}}
        },
        "governance": {
          "virtual_keys": [
            {"name": "dev", "value": "sk-bf-0123456789abcdef0123", "provider_configs": [
              {"provider": "anthropic", "allowed_models": ["*"], "key_ids": ["*"]},
              {"provider": "ollama", "allowed_models": ["*"], "key_ids": ["*"]}]},
            {"name": "sealed", "value": "sk-bf-0123456789abcdef9999",
              "allow_all_providers": true, "required_tags": ["local"]}
          ],
          "routing_rules": [
            {"name": "big", "cel_expression": "input_tokens > 100000", "action": "deny"},
            {"name": "proprietary", "cel_expression": "repository.startsWith('algo')",
              "require_tags": ["local"]},
            {"name": "to-ollama", "cel_expression": "repository.startsWith('algo')",
              "targets": [{"provider": "ollama", "model": "qwen3-coder"}], "priority": 2}
          ]
        }
      }
      """;

  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(directory.resolve("config.json"), CONFIG);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-app-dir", directory.toString()));
    all.addAll(List.of(arguments));
    return CommandLineInterface.run(
        all.toArray(String[]::new),
        Map.of(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aRequestOfAProprietaryRepositoryGoesToOllama() throws IOException {
    Path body = directory.resolve("body.json");
    Files.writeString(
        body,
        "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":9,\"system\":\"Working directory:"
            + " /w/algo-core\",\"messages\":[]}");
    int code =
        run(
            "route",
            "explain",
            "--key",
            "dev",
            "--path",
            "/v1/messages",
            "--body",
            body.toString(),
            "--header",
            "user-agent: claude-cli/2.1");
    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(said())
        .contains("claude-sonnet-4-5 leads to anthropic/claude-sonnet-4-5")
        .contains("claude-code", "algo-core")
        .contains("proprietary (require_tags): taken")
        .contains("big (deny): does not match")
        .contains("to-ollama (route): taken")
        .contains("required tags  local")
        .contains("ollama/qwen3-coder at http://localhost:11434");
  }

  @Test
  void whatIsNotRevealedIsSaid() {
    assertThat(run("route", "explain", "--model", "openai/gpt-5", "--json")).isZero();
    assertThat(said())
        .contains("\"outcome\":\"planned\"")
        .contains("the request does not reveal repository");
  }

  @Test
  void aRefusalIsExplained() {
    assertThat(run("route", "explain", "--model", "openai/gpt-5", "--key", "sealed")).isZero();
    assertThat(said()).contains("refused        403 residency").contains("openai");
  }

  @Test
  void aDisabledProviderIsSaidToBeDisabled() throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        CONFIG.replace("\"tags\": [\"eu\"]", "\"enabled\": false, \"tags\": [\"eu\"]"));
    assertThat(run("route", "explain", "--model", "anthropic/claude-opus-5", "--key", "dev"))
        .isZero();
    assertThat(run("route", "prove", "dev")).isZero();
    assertThat(said())
        .contains("403 provider_disabled", "Provider anthropic is disabled")
        .contains("Never to anthropic: it is disabled", "http://localhost:11434")
        .doesNotContain("https://api.anthropic.com");
  }

  @Test
  void theReachOfAKeyIsListed() {
    assertThat(run("route", "prove", "dev")).isZero();
    assertThat(said())
        .contains("https://api.anthropic.com", "http://localhost:11434", "Never to openai");
  }

  @Test
  void theReachOfASealedKeyIsLocal() {
    assertThat(run("route", "prove", "sealed", "--json")).isZero();
    assertThat(said()).contains("\"hosts\":[\"http://localhost:11434\"],\"excluded\"");
  }

  @Test
  void whatCannotBeAnsweredIsSaid() {
    assertThat(run("route", "prove", "nobody")).isOne();
    assertThat(run("route", "explain", "--key", "dev")).isOne();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("\"nobody\" is no virtual key", "model is missing");
  }

  @Test
  void aRuleThatIsNotValidIsRefusedWhenTheFileIsRead() throws IOException {
    Files.writeString(
        directory.resolve("config.json"), CONFIG.replace("input_tokens >", "input_tokns >"));
    assertThat(run("config", "validate")).isOne();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("governance.routing_rules[0].cel_expression", "input_tokns");
  }
}
