package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.models.ModelInfo;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.AnthropicReply;
import dev.fairlead.testkit.replies.ChatReplies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Anthropic's Java SDK: every API that passes in Anthropic's own dialect. */
@Timeout(60)
class AnthropicSdkTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String MODEL = "anthropic/claude-sonnet-4-20250514";
  private static final AnthropicReply THOUGHT_AND_CALLS =
      AnthropicReplies.message()
          .thinking("The user asks for two cities.", "EqQBCkYIBxgCKkD+signature==")
          .text("I look it up.")
          .toolUse("toolu_1", "get_weather", "{\"city\":\"Oslo\"}")
          .toolUse("toolu_2", "get_weather", "{\"city\":\"São Paulo\"}");

  @TempDir private Path directory;
  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private final FakeProvider other = FakeProvider.start();
  @AutoClose private RunningGateway gateway;
  @AutoClose private AnthropicClient client;

  @BeforeEach
  void start() {
    gateway = RunningGateway.over(directory, other, provider);
    client = Sdk.anthropic(gateway.at("/anthropic"), "dummy-key");
  }

  @AfterEach
  void onlyTheRightProviderWasAsked() {
    assertThat(other.requests()).allMatch(request -> request.path().equals("/v1/models"));
    provider.assertNoViolations();
  }

  @Test
  void message() {
    provider.enqueue(AnthropicReplies.text("Hello there").json());

    Message message = client.messages().create(question().system("Be brief.").build());

    assertThat(message.content().getFirst().asText().text()).isEqualTo("Hello there");
    assertThat(message.stopReason()).contains(StopReason.END_TURN);
    ReceivedRequest sent = provider.takeRequest(SOON);
    assertThat(sent.target()).isEqualTo("/v1/messages");
    assertThat(sent.headerValues("x-api-key")).containsExactly(RunningGateway.ANTHROPIC_KEY);
    assertThat(sent.headerValues("authorization")).isEmpty();
    assertThat(sent.header("anthropic-version")).as("the SDK's own version").isPresent();
    assertThat(sent.body().utf8())
        .contains("\"model\":\"claude-sonnet-4-20250514\"")
        .contains("\"system\":\"Be brief.\"");
    JsonNode receipt = gateway.awaitReceipt();
    assertThat(RunningGateway.fields(receipt, "client", "client_feature", "model"))
        .containsOnly(
            entry("client", "sdk"),
            entry("client_feature", "anthropic-java"),
            entry("model", MODEL));
    assertThat(receipt.at("/usage/input_uncached").asLong()).isEqualTo(25);
    assertThat(receipt.at("/usage/cache_read").asLong()).isEqualTo(2_000);
    assertThat(receipt.at("/usage/cache_write_5m").asLong()).isEqualTo(100);
    assertThat(receipt.at("/usage/output").asLong()).isEqualTo(15);
  }

  @Test
  void thinkingAndParallelTools() {
    provider.enqueue(THOUGHT_AND_CALLS.json());

    assertThoughtAndCalls(client.messages().create(withToolAndThinking()));
  }

  @Test
  void thinkingAndParallelToolsStream() {
    provider.enqueue(THOUGHT_AND_CALLS.sse());

    MessageAccumulator accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(withToolAndThinking())) {
      stream.stream().forEach(accumulator::accumulate);
    }

    assertThoughtAndCalls(accumulator.message());
    assertThat(provider.takeRequest(SOON).body().utf8())
        .contains("\"thinking\":{\"budget_tokens\":1024,\"type\":\"enabled\"}")
        .contains("\"stream\":true");
    assertThat(gateway.awaitReceipt().at("/usage/output").asLong()).isEqualTo(15);
  }

  @Test
  void betaHeadersAndUnknownFieldsPass() {
    provider.enqueue(AnthropicReplies.text("Hello there").json());

    client
        .messages()
        .create(
            question()
                .putAdditionalHeader(
                    "anthropic-beta", "context-management-2025-06-27,made-up-2031-01-01")
                .putAdditionalQueryParam("beta", "true")
                .putAdditionalBodyProperty("made_up", JsonValue.from(Map.of("deep", List.of(1, 2))))
                .build());

    ReceivedRequest sent = provider.takeRequest(SOON);
    assertThat(sent.target()).isEqualTo("/v1/messages?beta=true");
    assertThat(sent.headerValues("anthropic-beta"))
        .containsExactly("context-management-2025-06-27,made-up-2031-01-01");
    assertThat(sent.body().utf8()).contains("\"made_up\":{\"deep\":[1,2]}");
  }

  @Test
  void countTokens() {
    provider.enqueue(AnthropicReplies.countTokens(2_095));

    long tokens =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder().model(MODEL).addUserMessage("Hello").build())
            .inputTokens();

    assertThat(tokens).isEqualTo(2_095);
    assertThat(provider.takeRequest(SOON).target()).isEqualTo("/v1/messages/count_tokens");
  }

  @Test
  void modelsAreListedInAnthropicsShape() {
    provider.enqueue(AnthropicReplies.models("claude-sonnet-4-5"));
    other.enqueue(ChatReplies.models("gpt-4o"));
    List<ModelInfo> models = client.models().list().data();

    assertThat(models)
        .extracting(ModelInfo::id)
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .anySatisfy(id -> assertThat(id).startsWith("anthropic/claude-"));
    assertThat(provider.requests())
        .as("the provider's own list, and no model")
        .allMatch(request -> request.path().equals("/v1/models"));
  }

  @Test
  void virtualKeyIsCheckedAndNeverSentOn() {
    provider.enqueue(AnthropicReplies.text("Hello there").json());
    AnthropicClient team = Sdk.anthropic(gateway.at("/anthropic"), RunningGateway.VIRTUAL_KEY);
    team.messages().create(question().build());
    team.close();

    ReceivedRequest sent = provider.takeRequest(SOON);
    assertThat(sent.headerValues("x-api-key")).containsExactly(RunningGateway.ANTHROPIC_KEY);
    assertThat(sent.headers().toString() + sent.body().utf8())
        .doesNotContain(RunningGateway.VIRTUAL_KEY);
    assertThat(gateway.awaitReceipt().get("principal").asString()).isEqualTo("vk:vk-team");
  }

  private static MessageCreateParams.Builder question() {
    return MessageCreateParams.builder()
        .model(MODEL)
        .maxTokens(2_048)
        .addUserMessage("Hello \"you\" – ☃");
  }

  private static MessageCreateParams withToolAndThinking() {
    return question()
        .enabledThinking(1_024)
        .addTool(
            Tool.builder()
                .name("get_weather")
                .inputSchema(
                    Tool.InputSchema.builder()
                        .putAdditionalProperty(
                            "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build())
        .build();
  }

  private static void assertThoughtAndCalls(Message message) {
    assertThat(message.content().get(0).asThinking().thinking())
        .isEqualTo("The user asks for two cities.");
    assertThat(message.content().get(0).asThinking().signature())
        .isEqualTo("EqQBCkYIBxgCKkD+signature==");
    assertThat(message.content().get(1).asText().text()).isEqualTo("I look it up.");
    List<ToolUseBlock> calls =
        message.content().stream()
            .filter(ContentBlock::isToolUse)
            .map(ContentBlock::asToolUse)
            .toList();
    assertThat(calls).extracting(ToolUseBlock::id).containsExactly("toolu_1", "toolu_2");
    assertThat(calls)
        .extracting(call -> call._input().toString())
        .containsExactly("{city=Oslo}", "{city=São Paulo}");
    assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
  }
}
