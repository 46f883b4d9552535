package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Failures reach the SDKs as failures: with the provider's status and words, and in a stream too.
 */
@Timeout(60)
class SdkErrorTest {
  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private RunningGateway gateway;
  @AutoClose private OpenAIClient openAiClient;
  @AutoClose private AnthropicClient anthropicClient;

  @BeforeEach
  void start() {
    gateway = RunningGateway.over(directory, openAi, anthropic);
    openAiClient = Sdk.openAi(gateway.at("/openai/v1"), "dummy-key");
    anthropicClient = Sdk.anthropic(gateway.at("/anthropic"), "dummy-key");
  }

  static Stream<Arguments> openAiErrors() {
    return Stream.of(
        Arguments.of(
            400, OpenAiErrors.invalidRequest("Bad temperature", "temperature"), "Bad temperature"),
        Arguments.of(
            400, OpenAiErrors.contextLengthExceeded(128_000, 130_000), "context_length_exceeded"),
        Arguments.of(404, OpenAiErrors.modelNotFound("gpt-4o"), "model_not_found"),
        Arguments.of(429, OpenAiErrors.rateLimited(1), "rate_limit_exceeded"),
        Arguments.of(500, OpenAiErrors.serverError(), "server_error"),
        Arguments.of(503, OpenAiErrors.overloaded(), "service_unavailable"));
  }

  @ParameterizedTest
  @MethodSource("openAiErrors")
  void openAiSdkSeesTheProvidersError(int status, Script answer, String words) {
    openAi.handler(request -> answer);

    OpenAIServiceException error =
        catchThrowableOfType(
            OpenAIServiceException.class, () -> openAiClient.chat().completions().create(chat()));

    assertThat(error.statusCode()).isEqualTo(status);
    assertThat(error.body().toString()).contains(words);
    if (status == 429) {
      assertThat(error.headers().values("retry-after")).containsExactly("1");
    }
  }

  /** Whose key is wrong matters: the provider's 401 is the operator's matter, not the client's. */
  @Test
  void rejectedProviderKeyDoesNotReadAsTheClientsKey() {
    openAi.handler(request -> OpenAiErrors.unauthorized());

    OpenAIServiceException error =
        catchThrowableOfType(
            OpenAIServiceException.class, () -> openAiClient.chat().completions().create(chat()));

    assertThat(error.statusCode()).isIn(401, 502, 503);
    assertThat(error.getMessage()).doesNotContain(RunningGateway.OPENAI_KEY);
  }

  @Test
  void unknownVirtualKeyIs401InTheDialectOfTheClient() {
    OpenAIClient stranger = Sdk.openAi(gateway.at("/openai/v1"), "sk-bf-nobody-knows-this-key-000");
    OpenAIServiceException error =
        catchThrowableOfType(
            OpenAIServiceException.class, () -> stranger.chat().completions().create(chat()));
    stranger.close();
    assertThat(error.statusCode()).isEqualTo(401);
    assertThat(error.code()).isPresent();
    assertThat(error.headers().values("x-should-retry")).containsExactly("false");

    AnthropicClient other =
        Sdk.anthropic(gateway.at("/anthropic"), "sk-bf-nobody-knows-this-key-000");
    AnthropicServiceException second =
        catchThrowableOfType(
            AnthropicServiceException.class, () -> other.messages().create(message()));
    other.close();
    assertThat(second.statusCode()).isEqualTo(401);
    assertThat(second.body().toString()).contains("authentication_error");
    assertThat(openAi.requestCount() + anthropic.requestCount()).isZero();
  }

  /** A bare name belongs to whoever may know it; that provider's "no such model" is the answer. */
  @Test
  void unknownModelIs404() {
    openAi.handler(request -> OpenAiErrors.modelNotFound("nobody-of-that-name"));

    OpenAIServiceException error =
        catchThrowableOfType(
            OpenAIServiceException.class,
            () ->
                openAiClient
                    .chat()
                    .completions()
                    .create(chat().toBuilder().model("nobody-of-that-name").build()));

    assertThat(error.statusCode()).isEqualTo(404);
    assertThat(error.code()).contains("model_not_found");
    assertThat(error).hasMessageContaining("nobody-of-that-name");
  }

  static Stream<Arguments> anthropicErrors() {
    return Stream.of(
        Arguments.of(
            400, AnthropicReplies.promptTooLong(210_000, 200_000), "prompt is too long: 210000"),
        Arguments.of(403, AnthropicReplies.forbidden(), "permission_error"),
        Arguments.of(404, AnthropicReplies.notFound("claude-9"), "model: claude-9"),
        Arguments.of(413, AnthropicReplies.tooLarge(), "request_too_large"),
        Arguments.of(429, AnthropicReplies.rateLimited(1), "rate_limit_error"),
        Arguments.of(500, AnthropicReplies.serverError(), "api_error"),
        Arguments.of(529, AnthropicReplies.overloaded(), "overloaded_error"));
  }

  @ParameterizedTest
  @MethodSource("anthropicErrors")
  void anthropicSdkSeesTheProvidersError(int status, Script answer, String words) {
    anthropic.handler(request -> answer);

    AnthropicServiceException error =
        catchThrowableOfType(
            AnthropicServiceException.class, () -> anthropicClient.messages().create(message()));

    assertThat(error.statusCode()).isEqualTo(status);
    assertThat(error.body().toString()).contains(words);
    if (status == 429) {
      assertThat(error.headers().values("retry-after")).containsExactly("1");
    }
  }

  @Test
  void errorInAChatStreamIsAnError() {
    Script whole = ChatReplies.text("Hello there, how are you?").sse();
    // An error that came in the same read as the content would stay inside.
    Gate read = Gate.closed("the client has read some content");
    openAi.enqueue(
        whole
            .keepData(4)
            .then(new Step.Await(read))
            .frames(ChatReplies.errorFrame("The server had an error", "server_error")));

    List<String> seen = new ArrayList<>();
    OpenAIException error =
        catchThrowableOfType(
            OpenAIException.class,
            () ->
                readChat(text -> {
                  seen.add(text);
                  read.open();
                }));

    assertThat(error).hasMessageContaining("The server had an error");
    assertThat(seen).as("what came before the error").isNotEmpty();
    assertThat(gateway.awaitReceipt().get("outcome").asString()).isNotEqualTo("success");
  }

  @Test
  void chatStreamThatBreaksOffIsAnError() {
    openAi.enqueue(ChatReplies.text("Hello there, how are you?").sse().keepData(4).reset());

    List<String> seen = new ArrayList<>();
    OpenAIException error = catchThrowableOfType(OpenAIException.class, () -> readChat(seen::add));

    assertThat(error).as("a truncated stream must not look like a whole one").isNotNull();
    assertThat(gateway.awaitReceipt().get("outcome").asString()).isNotEqualTo("success");
  }

  @Test
  void responsesStreamThatBreaksOffIsAnError() {
    openAi.enqueue(ResponsesReplies.text("Hello there, how are you?").sse().keepData(6).reset());

    List<String> types = new ArrayList<>();
    OpenAIException error =
        catchThrowableOfType(
            OpenAIException.class,
            () -> {
              try (var stream =
                  openAiClient
                      .responses()
                      .createStreaming(
                          ResponseCreateParams.builder()
                              .model("openai/gpt-5")
                              .input("Hi")
                              .build())) {
                stream.stream().map(SdkErrorTest::kind).forEach(types::add);
              }
            });

    assertThat(error != null || types.contains("failed") || types.contains("error"))
        .as("told by exception or event; events were " + types)
        .isTrue();
    assertThat(types).doesNotContain("completed");
  }

  @Test
  void errorInAMessageStreamIsAnError() {
    Script whole = AnthropicReplies.text("Hello there, how are you?").sse();
    anthropic.enqueue(
        whole.keepData(5).frames(AnthropicReplies.errorEvent("overloaded_error", "Overloaded")));

    AnthropicException error = catchThrowableOfType(AnthropicException.class, this::readMessage);

    assertThat(error).hasMessageContaining("Overloaded");
    assertThat(gateway.awaitReceipt().get("outcome").asString()).isNotEqualTo("success");
  }

  @Test
  void messageStreamThatBreaksOffIsAnError() {
    anthropic.enqueue(AnthropicReplies.text("Hello there, how are you?").sse().keepData(5).reset());

    AnthropicException error = catchThrowableOfType(AnthropicException.class, this::readMessage);

    assertThat(error).as("a truncated stream must not look like a whole one").isNotNull();
  }

  private static String kind(ResponseStreamEvent event) {
    if (event.isFailed()) {
      return "failed";
    }
    if (event.isError()) {
      return "error";
    }
    return event.isCompleted() ? "completed" : "other";
  }

  private void readChat(Consumer<String> seen) {
    try (var stream = openAiClient.chat().completions().createStreaming(chat())) {
      stream.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> choice.delta().content().ifPresent(seen));
    }
  }

  private void readMessage() {
    try (var stream = anthropicClient.messages().createStreaming(message())) {
      assertThat(stream.stream().count()).as("events").isGreaterThan(0);
    }
  }

  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder()
        .model("openai/gpt-4o")
        .addUserMessage("Hello")
        .build();
  }

  private static MessageCreateParams message() {
    return MessageCreateParams.builder()
        .model("anthropic/claude-sonnet-4-20250514")
        .maxTokens(64)
        .addUserMessage("Hello")
        .build();
  }
}
