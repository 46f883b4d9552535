package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code codex} program with Fairlead as a model provider of its {@code config.toml}. */
final class Codex {
  private static final JsonMapper JSON = new JsonMapper();

  private Codex() {}

  /** Codex without its sandbox, which needs more of the kernel than a container gives. */
  static ClientProcess of(
      Path directory, Tee tee, String model, String providerSettings, String... arguments) {
    Path home = directory.resolve("codex");
    try {
      Files.createDirectories(home);
      Files.writeString(
          home.resolve("config.toml"),
          """
          model = "%s"
          model_provider = "fairlead"
          check_for_update_on_startup = false

          [model_providers.fairlead]
          name = "Fairlead"
          base_url = "%s"
          env_key = "FAIRLEAD_KEY"
          wire_api = "responses"
          %s
          """
              .formatted(model, tee.at("/v1"), providerSettings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> all =
        List.of("exec", "--skip-git-repo-check", "--json", "--sandbox", "danger-full-access");
    return ClientProcess.of(
            directory,
            "codex",
            Stream.concat(all.stream(), Stream.of(arguments)).toArray(String[]::new))
        .with("CODEX_HOME", home.toString())
        .with("FAIRLEAD_KEY", RunningGateway.VIRTUAL_KEY);
  }

  /** Runs to a good end and returns what it printed, line by line. */
  static List<JsonNode> events(ClientProcess codex) {
    ClientProcess.Ending ending = codex.run();
    assertThat(ending.exit()).as("%s", ending).isZero();
    List<JsonNode> events = ending.out().lines().map(JSON::readTree).toList();
    assertThat(events.getLast().get("type").asString())
        .as("%s", ending)
        .isEqualTo("turn.completed");
    return events;
  }

  static String lastMessage(List<JsonNode> events) {
    return events.stream()
        .filter(event -> event.at("/item/type").asString("").equals("agent_message"))
        .map(event -> event.at("/item/text").asString())
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no message in " + events));
  }
}
