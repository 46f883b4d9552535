package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code claude} program as its guide sets it up. */
final class ClaudeCode {
  private static final JsonMapper JSON = new JsonMapper();

  private ClaudeCode() {}

  /** Asks {@code prompt} of {@code model}; the answer is JSON unless the arguments say else. */
  static ClientProcess of(Path directory, Tee tee, String model, String prompt, String... more) {
    List<String> arguments = new ArrayList<>(List.of("-p", prompt, "--model", model));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--output-format")) {
      arguments.addAll(List.of("--output-format", "json"));
    }
    return ClientProcess.of(directory, "claude", arguments.toArray(String[]::new))
        .with("ANTHROPIC_BASE_URL", tee.at("/anthropic"))
        .with("ANTHROPIC_API_KEY", "dummy-key")
        .with("DISABLE_AUTOUPDATER", "1")
        .with("DISABLE_TELEMETRY", "1")
        .with("DISABLE_ERROR_REPORTING", "1")
        .with("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
  }

  /** Runs to a good end and returns the result it prints. */
  static JsonNode result(ClientProcess claude) {
    ClientProcess.Ending ending = claude.run();
    assertThat(ending.exit()).as("%s", ending).isZero();
    return JSON.readTree(ending.out());
  }
}
