package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.EmbeddingReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The SDKs under each address a user may have set before, and with each form of credential. */
@Timeout(60)
class PrefixTest {
  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start().handler(PrefixTest::asOpenAi);

  @AutoClose
  private final FakeProvider anthropic =
      FakeProvider.start().handler(AnthropicReplies.text("Hello there")::forRequest);

  @AutoClose private RunningGateway gateway;

  @BeforeEach
  void start() {
    gateway = RunningGateway.over(directory, openAi, anthropic);
  }

  @AfterEach
  void providersAreContent() {
    openAi.assertNoViolations();
    anthropic.assertNoViolations();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/openai/v1",
        "/openai",
        "/v1",
        "",
        "/litellm",
        "/litellm/v1",
        "/langchain",
        "/langchain/v1",
        "/langchain/openai/v1",
        "/pydanticai/v1",
        "/cursor/v1"
      })
  void openAiSdk(String prefix) {
    OpenAIClient client = Sdk.openAi(gateway.at(prefix), "dummy-key");

    String chat =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model("openai/gpt-4o")
                    .addUserMessage("Hello")
                    .build())
            .choices()
            .getFirst()
            .message()
            .content()
            .orElseThrow();
    String response =
        client
            .responses()
            .create(ResponseCreateParams.builder().model("openai/gpt-5").input("Hello").build())
            .id();
    int dimensions =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("openai/text-embedding-3-small")
                    .input("Hello")
                    .build())
            .data()
            .getFirst()
            .embedding()
            .size();
    client.close();

    assertThat(chat).isEqualTo("Hello there");
    assertThat(response).startsWith("resp_");
    assertThat(dimensions).isEqualTo(2);
    assertThat(openAi.requests())
        .extracting(ReceivedRequest::target)
        .containsExactly("/v1/chat/completions", "/v1/responses", "/v1/embeddings");
  }

  @ParameterizedTest
  @CsvSource({"/anthropic", "''", "/litellm", "/litellm/anthropic", "/langchain", "/pydanticai"})
  void anthropicSdk(String prefix) {
    for (String key : new String[] {"dummy-key", RunningGateway.VIRTUAL_KEY}) {
      AnthropicClient client = Sdk.anthropic(gateway.at(prefix), key);
      String text =
          client
              .messages()
              .create(
                  MessageCreateParams.builder()
                      .model("anthropic/claude-sonnet-4-20250514")
                      .maxTokens(64)
                      .addUserMessage("Hello")
                      .build())
              .content()
              .getFirst()
              .asText()
              .text();
      client.close();
      assertThat(text).isEqualTo("Hello there");
    }
    assertThat(anthropic.requests())
        .extracting(ReceivedRequest::target)
        .containsExactly("/v1/messages", "/v1/messages");
    assertThat(anthropic.requests())
        .allSatisfy(request ->
            assertThat(request.headerValues("x-api-key"))
                .containsExactly(RunningGateway.ANTHROPIC_KEY));
  }

  private static Script asOpenAi(ReceivedRequest request) {
    return switch (request.path()) {
      case "/v1/chat/completions" -> ChatReplies.text("Hello there").forRequest(request);
      case "/v1/responses" -> ResponsesReplies.text("Hello there").forRequest(request);
      case "/v1/embeddings" ->
          EmbeddingReplies.base64("text-embedding-3-small", new float[] {1, 2});
      default -> Script.json(404, "{\"error\":{\"message\":\"no such path\"}}");
    };
  }
}
