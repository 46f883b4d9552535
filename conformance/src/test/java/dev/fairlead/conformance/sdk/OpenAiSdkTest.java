package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStreamEvent;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.ChatReply;
import dev.fairlead.testkit.replies.CompletionReply;
import dev.fairlead.testkit.replies.EmbeddingReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
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

/** OpenAI's Java SDK: every API that passes in OpenAI's own dialect. */
@Timeout(60)
class OpenAiSdkTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final JsonValue SCHEMA =
      JsonValue.from(
          Map.of(
              "type",
              "object",
              "properties",
              Map.of("city", Map.of("type", "string")),
              "required",
              List.of("city"),
              "additionalProperties",
              false));

  @TempDir private Path directory;
  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private final FakeProvider other = FakeProvider.start();
  @AutoClose private RunningGateway gateway;
  @AutoClose private OpenAIClient client;

  @BeforeEach
  void start() {
    gateway = RunningGateway.over(directory, provider, other);
    client = Sdk.openAi(gateway.at("/openai/v1"), "dummy-key");
  }

  @AfterEach
  void onlyTheRightProviderWasAsked() {
    assertThat(other.requests()).allMatch(request -> request.path().equals("/v1/models"));
    provider.assertNoViolations();
  }

  @Test
  void chat() {
    provider.enqueue(ChatReplies.text("Hello there").json());

    ChatCompletion completion =
        client
            .chat()
            .completions()
            .create(question("openai/gpt-4o").temperature(0.5).maxCompletionTokens(64).build());

    assertThat(completion.choices().getFirst().message().content()).contains("Hello there");
    assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(15);
    ReceivedRequest sent = provider.takeRequest(SOON);
    assertThat(sent.target()).isEqualTo("/v1/chat/completions");
    assertThat(sent.headerValues("authorization"))
        .containsExactly("Bearer " + RunningGateway.OPENAI_KEY);
    assertThat(sent.body().utf8())
        .contains("\"model\":\"gpt-4o\"")
        .contains("\"temperature\":0.5")
        .contains("\"max_completion_tokens\":64");
    JsonNode receipt = gateway.awaitReceipt();
    assertThat(
            RunningGateway.fields(
                receipt, "outcome", "client", "client_feature", "operation", "model", "principal"))
        .contains(
            entry("client", "sdk"),
            entry("client_feature", "openai-java"),
            entry("model", "openai/gpt-4o"));
    assertThat(receipt.at("/usage/output").asLong()).isEqualTo(15);
    assertThat(receipt.at("/usage/input_uncached").asLong()).isEqualTo(1_024);
    assertThat(receipt.at("/usage/cache_read").asLong()).isEqualTo(1_024);
  }

  @Test
  void chatStream() {
    provider.enqueue(ChatReplies.text("Hello there, how are you?").sse());

    ChatCompletion whole =
        streamed(
            question("openai/gpt-4o")
                .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());

    assertThat(whole.choices().getFirst().message().content())
        .contains("Hello there, how are you?");
    assertThat(whole.usage().orElseThrow().totalTokens()).isEqualTo(2_063);
    assertThat(gateway.awaitReceipt().get("stream").asBoolean()).isTrue();
  }

  @Test
  void parallelTools() {
    provider.enqueue(twoCalls().json());

    ChatCompletion completion =
        client.chat().completions().create(withTool(question("openai/gpt-4o")).build());

    assertTwoCalls(completion);
    assertThat(provider.takeRequest(SOON).body().utf8())
        .contains("\"parallel_tool_calls\":true")
        .contains("\"name\":\"get_weather\"");
  }

  @Test
  void parallelToolsStream() {
    provider.enqueue(twoCalls().sse());

    assertTwoCalls(streamed(withTool(question("openai/gpt-4o")).build()));
  }

  @Test
  void responses() {
    provider.enqueue(ResponsesReplies.text("Hello there").json());

    Response response =
        client
            .responses()
            .create(ResponseCreateParams.builder().model("openai/gpt-5").input("Hi").build());

    assertThat(text(response)).isEqualTo("Hello there");
    ReceivedRequest sent = provider.takeRequest(SOON);
    assertThat(sent.target()).isEqualTo("/v1/responses");
    assertThat(sent.body().utf8()).contains("\"model\":\"gpt-5\"");
  }

  @Test
  void responsesStreamWithTool() {
    provider.enqueue(
        ResponsesReplies.functionCall("call_1", "get_weather", "{\"city\":\"Oslo\"}").sse());

    Response response = streamed(responseWithTool());

    List<ResponseFunctionToolCall> calls =
        response.output().stream()
            .filter(ResponseOutputItem::isFunctionCall)
            .map(ResponseOutputItem::asFunctionCall)
            .toList();
    assertThat(calls).hasSize(1);
    assertThat(calls.getFirst().callId()).isEqualTo("call_1");
    assertThat(calls.getFirst().arguments()).isEqualTo("{\"city\":\"Oslo\"}");
    assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(15);
    assertThat(gateway.awaitReceipt().at("/usage/output").asLong()).isEqualTo(15);
  }

  @Test
  void responsesStreamOfText() {
    provider.enqueue(ResponsesReplies.text("Hello there").sse());

    assertThat(text(streamed(responseWithTool()))).isEqualTo("Hello there");
  }

  @Test
  void completions() {
    provider.enqueue(CompletionReply.text("Once upon a time").json());

    Completion completion =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("openai/gpt-3.5-turbo-instruct")
                    .prompt("Begin")
                    .build());

    assertThat(completion.choices().getFirst().text()).isEqualTo("Once upon a time");
    assertThat(provider.takeRequest(SOON).target()).isEqualTo("/v1/completions");
  }

  @Test
  void embeddingsInTheSdksDefaultEncoding() {
    provider.enqueue(
        EmbeddingReplies.base64("text-embedding-3-small", new float[] {0.25f, -1f, 3f}));

    assertThat(embed(embedding().build())).containsExactly(0.25f, -1f, 3f);
    assertThat(provider.takeRequest(SOON).body().utf8())
        .contains("\"encoding_format\":\"base64\"")
        .contains("\"dimensions\":3");
  }

  @Test
  void embeddingsAsFloats() {
    provider.enqueue(
        EmbeddingReplies.floats("text-embedding-3-small", new float[] {0.25f, -1f, 3f}));

    EmbeddingCreateParams params =
        embedding().encodingFormat(EmbeddingCreateParams.EncodingFormat.FLOAT).build();
    assertThat(embed(params)).containsExactly(0.25f, -1f, 3f);
    assertThat(provider.takeRequest(SOON).body().utf8()).contains("\"encoding_format\":\"float\"");
  }

  @Test
  void modelsAreListedAndNamed() {
    provider.enqueue(ChatReplies.models("gpt-4o"));
    other.enqueue(AnthropicReplies.models("claude-sonnet-4-5"));
    List<String> names = client.models().list().data().stream().map(Model::id).toList();

    assertThat(names).isNotEmpty().doesNotHaveDuplicates().contains("openai/gpt-4o");
    assertThat(client.models().retrieve("openai/gpt-4o").id()).isEqualTo("openai/gpt-4o");
    assertThat(provider.requests())
        .as("the provider's own list, and no model")
        .allMatch(request -> request.path().equals("/v1/models"));
  }

  @Test
  void virtualKeyIsCheckedAndNeverSentOn() {
    provider.enqueue(ChatReplies.text("Hello there").json());
    OpenAIClient team = Sdk.openAi(gateway.at("/openai/v1"), RunningGateway.VIRTUAL_KEY);
    team.chat().completions().create(question("openai/gpt-4o").build());
    team.close();

    ReceivedRequest sent = provider.takeRequest(SOON);
    assertThat(sent.headerValues("authorization"))
        .containsExactly("Bearer " + RunningGateway.OPENAI_KEY);
    assertThat(sent.headers().toString() + sent.body().utf8())
        .doesNotContain(RunningGateway.VIRTUAL_KEY);
    assertThat(gateway.awaitReceipt().get("principal").asString()).isEqualTo("vk:vk-team");
  }

  private static ChatCompletionCreateParams.Builder question(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello \"you\" – ☃");
  }

  private static ChatCompletionCreateParams.Builder withTool(
      ChatCompletionCreateParams.Builder params) {
    return params
        .parallelToolCalls(true)
        .addFunctionTool(
            FunctionDefinition.builder()
                .name("get_weather")
                .parameters(
                    FunctionParameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty(
                            "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                        .build())
                .build());
  }

  private static ChatReply twoCalls() {
    return ChatReplies.toolCall("call_1", "get_weather", "{\"city\":\"Oslo\"}")
        .toolCall("call_2", "get_weather", "{\"city\":\"São Paulo\"}");
  }

  private static void assertTwoCalls(ChatCompletion completion) {
    List<ChatCompletionMessageToolCall> calls =
        completion.choices().getFirst().message().toolCalls().orElseThrow();
    assertThat(calls)
        .extracting(call -> call.asFunction().id())
        .containsExactly("call_1", "call_2");
    assertThat(calls)
        .extracting(call -> call.asFunction().function().arguments())
        .containsExactly("{\"city\":\"Oslo\"}", "{\"city\":\"São Paulo\"}");
    assertThat(completion.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
  }

  private ChatCompletion streamed(ChatCompletionCreateParams params) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private Response streamed(ResponseCreateParams params) {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.response();
  }

  private static ResponseCreateParams responseWithTool() {
    return ResponseCreateParams.builder()
        .model("openai/gpt-5")
        .input("How is the weather in Oslo?")
        .store(false)
        .addTool(
            FunctionTool.builder()
                .name("get_weather")
                .strict(true)
                .parameters(
                    FunctionTool.Parameters.builder()
                        .putAdditionalProperty("schema", SCHEMA)
                        .build())
                .build())
        .build();
  }

  private static String text(Response response) {
    ResponseOutputMessage message =
        response.output().stream()
            .filter(ResponseOutputItem::isMessage)
            .map(ResponseOutputItem::asMessage)
            .findFirst()
            .orElseThrow();
    return message.content().getFirst().asOutputText().text();
  }

  private static EmbeddingCreateParams.Builder embedding() {
    return EmbeddingCreateParams.builder()
        .model("openai/text-embedding-3-small")
        .dimensions(3)
        .input("Hello");
  }

  private List<Float> embed(EmbeddingCreateParams params) {
    return client.embeddings().create(params).data().getFirst().embedding();
  }
}
