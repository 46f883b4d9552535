package dev.fairlead.conformance.translate;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.GeminiReply;
import dev.fairlead.testkit.replies.OllamaReply;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.Reply;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** A provider's dialect, and how its vendor says the same things in it. */
public enum Vendor {
  RESPONSES("deep/gpt-5", "/v1/responses", 2_048, 1_024),
  CHAT("cerebras/gpt-oss-120b", "/v1/chat/completions", 2_048, 1_024),
  MESSAGES("anthropic/claude-sonnet-4-5", "/v1/messages", 2_125, 2_000),
  GEMINI("gemini/gemini-2.5-pro", "/v1beta/models/gemini-2.5-pro:", 2_125, 2_000),
  OLLAMA("ollama/qwen3:8b", "/api/chat", 125, 0);

  static final String TEXT = "I look it up.";
  public static final String THOUGHT = "The user asks for two cities.";

  /** What only its vendor can read of {@link #calling}'s thinking. */
  public static final String SEAL = "CiQBgsealed0by0its0vendor";

  static final String OSLO = "{\"city\":\"Oslo\"}";
  static final String SAO_PAULO = "{\"city\":\"São Paulo\"}";

  private static final String CONFIG =
      """
      {
        "providers": {
          "anthropic": {
            "keys": [{"name": "a", "value": "env.ANTHROPIC_API_KEY"}],
            "network_config": {"base_url": "%1$s"}
          },
          "cerebras": {
            "keys": [{"name": "c", "value": "csk-conformance0cerebras0key0001"}],
            "network_config": {"base_url": "%1$s"}
          },
          "gemini": {
            "keys": [{"name": "g", "value": "AIzaSyConformance0gemini0key0000000001"}],
            "network_config": {"base_url": "%1$s"}
          },
          "deep": {
            "custom_provider_config": {
              "base_provider_type": "openai",
              "allowed_requests": {"responses": true, "responses_stream": true}
            },
            "keys": [{"name": "d", "value": "env.OPENAI_API_KEY"}],
            "network_config": {"base_url": "%1$s"}
          },
          "ollama": {
            "network_config": {"base_url": "%1$s"}
          }
        }
      }
      """;

  private final String model;
  private final String path;
  private final long input;
  private final long cached;

  Vendor(String model, String path, long input, long cached) {
    this.model = model;
    this.path = path;
    this.input = input;
    this.cached = cached;
  }

  /** A gateway to all of them, each played by {@code provider}. */
  public static RunningGateway gateway(Path directory, FakeProvider provider) {
    return RunningGateway.start(
        directory,
        CONFIG.formatted(provider.uri()),
        Map.of(
            "OPENAI_API_KEY", RunningGateway.OPENAI_KEY,
            "ANTHROPIC_API_KEY", RunningGateway.ANTHROPIC_KEY));
  }

  /** The last call of a model: the gateway asks Ollama about its models whenever it likes. */
  static ReceivedRequest lastCall(FakeProvider provider) {
    return provider.requests().stream()
        .filter(request -> !request.path().equals("/api/show"))
        .toList()
        .getLast();
  }

  public String model() {
    return model;
  }

  /** How the paths of requests begin. */
  public String path() {
    return path;
  }

  /** All input tokens of each reply. */
  long input() {
    return input;
  }

  /** Of these, those read from a cache. */
  long cached() {
    return cached;
  }

  /** A reply that says {@link #TEXT} and nothing else. */
  Reply text() {
    return saying(TEXT);
  }

  /** A reply that says nothing but {@code words}. */
  public Reply saying(String words) {
    return switch (this) {
      case RESPONSES -> ResponsesReplies.text(words);
      case CHAT -> ChatReplies.text(words);
      case MESSAGES -> AnthropicReplies.text(words);
      // Newer models sign their last text, too.
      case GEMINI -> GeminiReply.text(words).signature(SEAL);
      case OLLAMA -> OllamaReply.text(words);
    };
  }

  /** A reply that thinks {@link #THOUGHT} and calls one tool. */
  public Reply calling(String tool, String arguments) {
    return calling("1", SEAL, tool, arguments);
  }

  /** What only this vendor can read of its thinking in that turn. */
  String seal(String turn) {
    return SEAL + "0" + name().toLowerCase(Locale.ROOT) + "0" + turn;
  }

  /** The same with a call and a {@link #seal} of that turn's own. */
  Reply calling(String turn, String tool, String arguments) {
    return calling(turn, seal(turn), tool, arguments);
  }

  private Reply calling(String turn, String seal, String tool, String arguments) {
    return switch (this) {
      case RESPONSES ->
          ResponsesReplies.response()
              .reasoning(THOUGHT, seal)
              .functionCall("call_" + turn, tool, arguments);
      case CHAT -> ChatReplies.toolCall("call_" + turn, tool, arguments).reasoning(THOUGHT);
      case MESSAGES ->
          AnthropicReplies.message()
              .thinking(THOUGHT, seal)
              .toolUse("toolu_" + turn, tool, arguments);
      case GEMINI ->
          GeminiReply.text("").thought(THOUGHT).signature(seal).toolCall(tool, arguments);
      case OLLAMA -> OllamaReply.text("").thinking(THOUGHT).toolCall(tool, arguments);
    };
  }

  /** A reply that thinks, says {@link #TEXT} and asks for the weather in two cities. */
  Reply thoughtAndCalls() {
    return switch (this) {
      case RESPONSES ->
          ResponsesReplies.response()
              .reasoning(THOUGHT, "gAAAAABosealed")
              .text(TEXT)
              .functionCall("call_1", "get_weather", OSLO)
              .functionCall("call_2", "get_weather", SAO_PAULO);
      case CHAT ->
          ChatReplies.text(TEXT)
              .reasoning(THOUGHT)
              .toolCall("call_1", "get_weather", OSLO)
              .toolCall("call_2", "get_weather", SAO_PAULO);
      case MESSAGES ->
          AnthropicReplies.message()
              .thinking(THOUGHT, "EqQBCkYIBxgCKkD+signature==")
              .text(TEXT)
              .toolUse("toolu_1", "get_weather", OSLO)
              .toolUse("toolu_2", "get_weather", SAO_PAULO);
      case GEMINI ->
          GeminiReply.text(TEXT)
              .thought(THOUGHT)
              .signature("CiQBgsig")
              .toolCall("get_weather", OSLO)
              .toolCall("get_weather", SAO_PAULO);
      case OLLAMA ->
          OllamaReply.text(TEXT)
              .thinking(THOUGHT)
              .toolCall("get_weather", OSLO)
              .toolCall("get_weather", SAO_PAULO);
    };
  }

  /** A 400 with these words. */
  Script badRequest(String message) {
    return switch (this) {
      case RESPONSES, CHAT -> OpenAiErrors.error(400, message, "invalid_request_error", "bad");
      case MESSAGES -> AnthropicReplies.invalidRequest(message);
      case GEMINI -> GeminiReply.error(400, "INVALID_ARGUMENT", message);
      case OLLAMA -> Script.json(400, "{\"error\":\"" + message + "\"}");
    };
  }
}
