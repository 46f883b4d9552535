package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.conformance.translate.Vendor;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The real {@code claude} and {@code codex} with their tools on every other vendor's dialect. */
@Tag("real-clients")
@Timeout(120)
class TranslatedClientsTest {
  private static final String SPOKEN = "larks at dawn";

  @TempDir private Path directory;
  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private RunningGateway gateway;
  @AutoClose private Tee tee;

  @BeforeEach
  void start() throws Exception {
    gateway = Vendor.gateway(Files.createDirectories(directory.resolve("app")), provider);
    tee = Tee.to(gateway.port());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MESSAGES")
  void claudeUsesATool(Vendor vendor) {
    provider.handler(request ->
        answer(
            vendor,
            request,
            "Bash",
            "{\"command\":\"echo larks at dawn\",\"description\":\"Say\"}"));

    JsonNode result =
        ClaudeCode.result(
            ClaudeCode.of(
                directory, tee, vendor.model(), "Use your tool", "--allowedTools", "Bash(echo:*)"));

    assertThat(result.get("result").asString()).as("%s", result).isEqualTo("The tool has spoken");
    assertThat(result.get("num_turns").asInt()).isEqualTo(2);
    assertConversation(vendor);
    assertThat(tee.answers()).contains("event: content_block_start").contains("message_stop");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RESPONSES")
  void codexRunsACommand(Vendor vendor) {
    provider.handler(
        request -> answer(vendor, request, "exec_command", "{\"cmd\":\"echo larks at dawn\"}"));

    List<JsonNode> events =
        Codex.events(
            Codex.of(directory, tee, vendor.model(), "", "Use your tool")
                .with("FAIRLEAD_KEY", "dummy-key"));

    assertThat(Codex.lastMessage(events)).isEqualTo("The tool has spoken");
    assertConversation(vendor);
    assertThat(tee.answers()).contains("event: response.completed");
  }

  /** The tool is called until a request shows what it said; what asks for no tools is told text. */
  private static Script answer(
      Vendor vendor, ReceivedRequest request, String tool, String arguments) {
    String body = request.body().utf8();
    boolean call = body.contains('"' + tool + '"') && !body.contains(SPOKEN);
    return (call ? vendor.calling(tool, arguments) : vendor.saying("The tool has spoken"))
        .forRequest(request);
  }

  private void assertConversation(Vendor vendor) {
    List<ReceivedRequest> turns =
        provider.requests().stream()
            .filter(request -> request.target().startsWith(vendor.path()))
            .toList();
    assertThat(turns).hasSize(2);
    assertThat(turns.get(1).body().utf8()).contains(SPOKEN).contains(Vendor.THOUGHT);
    if (vendor != Vendor.CHAT && vendor != Vendor.OLLAMA) {
      assertThat(turns.get(1).body().utf8())
          .as("what its vendor sealed")
          .contains('"' + Vendor.SEAL + '"');
    }
    provider.assertNoViolations();
  }
}
