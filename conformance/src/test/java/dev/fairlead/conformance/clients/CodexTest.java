package dev.fairlead.conformance.clients;

import static dev.fairlead.conformance.clients.Codex.events;
import static dev.fairlead.conformance.clients.Codex.lastMessage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real {@code codex} program with Fairlead as a model provider of its {@code config.toml}. */
@Tag("real-clients")
@Timeout(120)
class CodexTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PREFIX = "openai/";

  /** A model whose tools this version of Codex knows, the free-form patch tool among them. */
  private static final String KNOWN_MODEL = "gpt-6.1-sol";

  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private RunningGateway gateway;
  @AutoClose private Tee tee;

  @BeforeEach
  void start() throws Exception {
    gateway =
        RunningGateway.over(Files.createDirectories(directory.resolve("app")), openAi, anthropic);
    tee = Tee.to(gateway.port());
  }

  @Test
  void answersAndNothingIsWornOnTheWay() {
    openAi.handler(ResponsesReplies.text("Hello from the provider")::forRequest);

    List<JsonNode> events = events(codex("openai/gpt-5", "", "Hello there"));

    assertThat(lastMessage(events)).isEqualTo("Hello from the provider");
    assertThat(events.getLast().at("/usage/cached_input_tokens").asLong()).isEqualTo(1_024);
    Fidelity.assertPassedOn(tee.requests(), openAi.requests(), PREFIX);
    assertThat(openAi.requests())
        .allSatisfy(request -> {
          assertThat(request.target()).isEqualTo("/v1/responses");
          assertThat(request.headerValues("authorization"))
              .containsExactly("Bearer " + RunningGateway.OPENAI_KEY);
          assertThat(request.headers() + request.body().utf8())
              .doesNotContain(RunningGateway.VIRTUAL_KEY);
          assertThat(request.header("session-id")).isPresent();
          assertThat(request.header("x-codex-turn-metadata")).isPresent();
        });
    assertThat(
            RunningGateway.fields(
                gateway.awaitReceipt(),
                "client",
                "client_feature",
                "outcome",
                "principal",
                "session"))
        .containsOnly(
            entry("client", "codex"),
            entry("client_feature", "main"),
            entry("outcome", "completed"),
            entry("principal", "vk:vk-team"),
            entry("session", events.getFirst().get("thread_id").asString()));
  }

  @Test
  void runsACommandAndReturnsItsReasoning() {
    openAi.enqueue(
        ResponsesReplies.response()
            .reasoning("I should run it.", "gAAAAABencrypted+reasoning/of==")
            .functionCall("call_1", "exec_command", "{\"cmd\":\"echo from the tool\"}")
            .sse());
    openAi.handler(ResponsesReplies.text("The tool has spoken")::forRequest);

    List<JsonNode> events = events(codex("openai/gpt-5", "", "Use your tool"));

    assertThat(lastMessage(events)).isEqualTo("The tool has spoken");
    assertThat(openAi.requests()).hasSize(2);
    JsonNode second = JSON.readTree(openAi.requests().get(1).body().utf8());
    assertThat(items(second, "function_call_output"))
        .singleElement()
        .satisfies(
            output -> assertThat(output.toString()).contains("call_1").contains("from the tool"));
    assertThat(items(second, "reasoning"))
        .singleElement()
        .satisfies(reasoning ->
            assertThat(reasoning.get("encrypted_content").asString())
                .isEqualTo("gAAAAABencrypted+reasoning/of=="));
    Fidelity.assertPassedOn(tee.requests(), openAi.requests(), PREFIX);
  }

  @Test
  void patchesAFileWithTheFreeFormTool() {
    openAi.enqueue(
        ResponsesReplies.customToolCall(
                "call_patch",
                "apply_patch",
                "*** Begin Patch\n*** Add File: made.txt\n+made by the tool\n*** End Patch\n")
            .sse());
    openAi.handler(ResponsesReplies.text("Patched")::forRequest);

    List<JsonNode> events = events(codex(KNOWN_MODEL, "", "Make a file"));

    assertThat(lastMessage(events)).isEqualTo("Patched");
    assertThat(directory.resolve("work/made.txt")).hasContent("made by the tool");
    // This version offers the tools of its newest models in an input item of their own.
    assertThat(items(JSON.readTree(openAi.requests().get(0).body().utf8()), "additional_tools"))
        .hasSize(1);
    assertThat(
            items(JSON.readTree(openAi.requests().get(1).body().utf8()), "custom_tool_call_output"))
        .hasSize(1);
    Fidelity.assertPassedOn(tee.requests(), openAi.requests(), "");
  }

  @Test
  void takesItsModelsFromOurCatalogue() throws Exception {
    tee.close();
    gateway.close();
    gateway =
        RunningGateway.start(
            Files.createDirectories(directory.resolve("other")),
            """
            {
              "providers": {
                "openai": {
                  "keys": [
                    {"name": "one", "value": "env.OPENAI_API_KEY", "models": ["house-model"], "weight": 1}
                  ],
                  "network_config": {"base_url": "%s"}
                }
              }
            }
            """
                .formatted(openAi.uri()),
            Map.of("OPENAI_API_KEY", RunningGateway.OPENAI_KEY));
    tee = Tee.to(gateway.port());
    openAi.handler(ResponsesReplies.text("Hello from the house")::forRequest);

    ClientProcess codex =
        codex(
                "openai/house-model",
                "model_catalog_url = \"" + tee.at("/v1/models") + "\"",
                "-c",
                "features.api_key_model_discovery=true",
                "Hello there")
            .with("FAIRLEAD_KEY", "dummy-key");
    List<JsonNode> events = events(codex);

    assertThat(lastMessage(events)).isEqualTo("Hello from the house");
    assertThat(tee.requests())
        .extracting(Tee.Sent::target)
        .anySatisfy(target -> assertThat(target).startsWith("/v1/models?client_version="));
    assertThat(events.toString()).as("what it says").doesNotContain("Model metadata for");
    // The provider is asked for its own list, too.
    assertThat(openAi.requests())
        .filteredOn(request -> request.method().equals("POST"))
        .isNotEmpty()
        .allSatisfy(
            request -> assertThat(request.body().utf8()).contains("\"model\":\"house-model\""));
  }

  @Test
  void fallsBackFromWebSocketsToHttp() {
    openAi.handler(ResponsesReplies.text("Over HTTP then")::forRequest);

    List<JsonNode> events =
        events(codex("openai/gpt-5", "supports_websockets = true", "Hello there"));

    assertThat(lastMessage(events)).isEqualTo("Over HTTP then");
    assertThat(tee.requests())
        .anySatisfy(request -> assertThat(request.header("upgrade")).contains("websocket"));
    assertThat(tee.answers()).contains("HTTP/1.1 426 ");
    assertThat(openAi.requests()).extracting(ReceivedRequest::method).containsOnly("POST");
  }

  @Test
  void overloadedProviderIsTriedAgainWithoutItsKnowing() {
    openAi.enqueue(OpenAiErrors.overloaded());
    openAi.handler(ResponsesReplies.text("Hello again")::forRequest);

    assertThat(lastMessage(events(codex("openai/gpt-5", "", "Hello there"))))
        .isEqualTo("Hello again");
    assertThat(tee.requests()).hasSize(1);
    assertThat(openAi.requests()).hasSize(2);
  }

  @Test
  void brokenStreamIsAskedForAgain() {
    Script broken = ResponsesReplies.text("Half of an answer").sse().keepData(6).reset();
    openAi.enqueue(broken);
    openAi.handler(ResponsesReplies.text("A whole answer")::forRequest);

    List<JsonNode> events = events(codex("openai/gpt-5", "", "Hello there"));

    assertThat(lastMessage(events)).isEqualTo("A whole answer");
    assertThat(tee.requests()).as("the client tried again by itself").hasSize(2);
    assertThat(
            gateway.awaitReceipts(1, line -> !line.get("outcome").asString().equals("completed")))
        .hasSize(1);
  }

  @Test
  void spentQuotaIsTold() {
    openAi.handler(request -> OpenAiErrors.quotaExceeded());

    ClientProcess.Ending ending = codex("openai/gpt-5", "", "Hello there").run();

    assertThat(ending.exit()).as("%s", ending).isNotZero();
    assertThat(ending.out()).containsIgnoringCase("quota");
  }

  private static List<JsonNode> items(JsonNode request, String type) {
    return request
        .at("/input")
        .valueStream()
        .filter(item -> item.get("type").asString("").equals(type))
        .toList();
  }

  private ClientProcess codex(String model, String providerSettings, String... arguments) {
    return Codex.of(directory, tee, model, providerSettings, arguments);
  }
}
