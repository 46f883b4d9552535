package dev.fairlead.conformance.translate;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStreamEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A program that asks through a vendor's SDK whether the weather in two cities is known. */
enum Caller {
  CHAT {
    @Override
    Told ask(String base, String model, boolean stream) {
      OpenAIClient client = openAi(base);
      try {
        ChatCompletionCreateParams.Builder params =
            ChatCompletionCreateParams.builder()
                .model(model)
                .maxCompletionTokens(2_048)
                .addSystemMessage("Be brief.")
                .addUserMessage("Hello \"you\" – ☃")
                .addFunctionTool(
                    FunctionDefinition.builder()
                        .name("get_weather")
                        .parameters(
                            FunctionParameters.builder()
                                .putAllAdditionalProperties(openAiSchema())
                                .build())
                        .build());
        ChatCompletion completion;
        if (stream) {
          ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
          try (com.openai.core.http.StreamResponse<ChatCompletionChunk> chunks =
              client
                  .chat()
                  .completions()
                  .createStreaming(
                      params
                          .streamOptions(
                              ChatCompletionStreamOptions.builder().includeUsage(true).build())
                          .build())) {
            chunks.stream().forEach(accumulator::accumulate);
          }
          completion = accumulator.chatCompletion();
        } else {
          completion = client.chat().completions().create(params.build());
        }
        return told(completion);
      } finally {
        client.close();
      }
    }

    @SuppressWarnings("deprecation") // the only way to a field the SDK does not know
    private Told told(ChatCompletion completion) {
      ChatCompletion.Choice choice = completion.choices().getFirst();
      ChatCompletionMessage message = choice.message();
      var usage = completion.usage().orElseThrow();
      return new Told(
          message.content().orElse(""),
          text(message._additionalProperties().get("reasoning_content")),
          message.toolCalls().orElse(List.of()).stream()
              .map(call ->
                  call.asFunction().function().name()
                      + " "
                      + plain(call.asFunction().function().arguments()))
              .toList(),
          choice.finishReason().asString().equals("tool_calls"),
          usage.promptTokens(),
          usage.promptTokensDetails().flatMap(details -> details.cachedTokens()).orElse(0L),
          usage.completionTokens());
    }
  },
  RESPONSES {
    @Override
    Told ask(String base, String model, boolean stream) {
      OpenAIClient client = openAi(base);
      try {
        ResponseCreateParams params =
            ResponseCreateParams.builder()
                .model(model)
                .maxOutputTokens(2_048)
                .instructions("Be brief.")
                .input("Hello \"you\" – ☃")
                .store(false)
                .addTool(
                    FunctionTool.builder()
                        .name("get_weather")
                        .strict(false)
                        .parameters(
                            FunctionTool.Parameters.builder()
                                .putAllAdditionalProperties(openAiSchema())
                                .build())
                        .build())
                .build();
        if (!stream) {
          return told(client.responses().create(params));
        }
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        try (com.openai.core.http.StreamResponse<ResponseStreamEvent> events =
            client.responses().createStreaming(params)) {
          events.stream().forEach(accumulator::accumulate);
        }
        return told(accumulator.response());
      } finally {
        client.close();
      }
    }

    private Told told(Response response) {
      List<String> calls =
          response.output().stream()
              .filter(ResponseOutputItem::isFunctionCall)
              .map(ResponseOutputItem::asFunctionCall)
              .map(call -> call.name() + " " + plain(call.arguments()))
              .toList();
      var usage = response.usage().orElseThrow();
      return new Told(
          response.output().stream()
              .filter(ResponseOutputItem::isMessage)
              .flatMap(item -> item.asMessage().content().stream())
              .map(content -> content.asOutputText().text())
              .collect(Collectors.joining()),
          response.output().stream()
              .filter(ResponseOutputItem::isReasoning)
              .flatMap(item -> item.asReasoning().summary().stream())
              .map(summary -> summary.text())
              .collect(Collectors.joining()),
          calls,
          response.status().orElseThrow().asString().equals("completed") && !calls.isEmpty(),
          usage.inputTokens(),
          usage.inputTokensDetails().cachedTokens(),
          usage.outputTokens());
    }
  },
  MESSAGES {
    @Override
    Told ask(String base, String model, boolean stream) {
      AnthropicClient client =
          AnthropicOkHttpClient.builder()
              .baseUrl(base + "/anthropic")
              .apiKey("dummy-key")
              .maxRetries(0)
              .timeout(LIMIT)
              .build();
      try {
        MessageCreateParams params =
            MessageCreateParams.builder()
                .model(model)
                .maxTokens(2_048)
                .system("Be brief.")
                .addUserMessage("Hello \"you\" – ☃")
                .addTool(
                    Tool.builder()
                        .name("get_weather")
                        .inputSchema(
                            Tool.InputSchema.builder()
                                .putAdditionalProperty(
                                    "properties",
                                    com.anthropic.core.JsonValue.from(
                                        Map.of("city", Map.of("type", "string"))))
                                .build())
                        .build())
                .build();
        if (!stream) {
          return told(client.messages().create(params));
        }
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events =
            client.messages().createStreaming(params)) {
          events.stream().forEach(accumulator::accumulate);
        }
        return told(accumulator.message());
      } finally {
        client.close();
      }
    }

    private Told told(Message message) {
      long read = message.usage().cacheReadInputTokens().orElse(0L);
      return new Told(
          message.content().stream()
              .filter(ContentBlock::isText)
              .map(block -> block.asText().text())
              .collect(Collectors.joining()),
          message.content().stream()
              .filter(ContentBlock::isThinking)
              .map(block -> block.asThinking().thinking())
              .collect(Collectors.joining()),
          message.content().stream()
              .filter(ContentBlock::isToolUse)
              .map(ContentBlock::asToolUse)
              .map(call ->
                  call.name() + " " + JSON.writeValueAsString(call._input().convert(Map.class)))
              .toList(),
          message.stopReason().orElseThrow().equals(StopReason.TOOL_USE),
          message.usage().inputTokens()
              + read
              + message.usage().cacheCreationInputTokens().orElse(0L),
          read,
          message.usage().outputTokens());
    }
  };

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();

  /** Asks {@code model}; {@code base} is the gateway's address without a path. */
  abstract Told ask(String base, String model, boolean stream);

  private static OpenAIClient openAi(String base) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(base + "/openai/v1")
        .apiKey("dummy-key")
        .maxRetries(0)
        .timeout(LIMIT)
        .build();
  }

  private static Map<String, JsonValue> openAiSchema() {
    return Map.of(
        "type",
        JsonValue.from("object"),
        "properties",
        JsonValue.from(Map.of("city", Map.of("type", "string"))));
  }

  private static String text(@Nullable JsonValue value) {
    return value == null ? "" : Objects.requireNonNull(value.convert(String.class));
  }

  private static String plain(String json) {
    return JSON.readTree(json).toString();
  }
}
