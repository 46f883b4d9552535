package dev.fairlead.conformance.translate;

import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.GeminiReply;
import dev.fairlead.testkit.replies.OllamaReply;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.Reply;
import dev.fairlead.testkit.replies.ResponsesReplies;

/** A provider's dialect, and how its vendor says the same things in it. */
enum Vendor {
  RESPONSES("deep/gpt-5", "/v1/responses", 2_048, 1_024),
  CHAT("cerebras/gpt-oss-120b", "/v1/chat/completions", 2_048, 1_024),
  MESSAGES("anthropic/claude-sonnet-4-5", "/v1/messages", 2_125, 2_000),
  GEMINI("gemini/gemini-2.5-pro", "/v1beta/models/gemini-2.5-pro:", 2_125, 2_000),
  OLLAMA("ollama/qwen3:8b", "/api/chat", 125, 0);

  static final String TEXT = "I look it up.";
  static final String THOUGHT = "The user asks for two cities.";
  static final String OSLO = "{\"city\":\"Oslo\"}";
  static final String SAO_PAULO = "{\"city\":\"São Paulo\"}";

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

  String model() {
    return model;
  }

  /** How the paths of requests begin. */
  String path() {
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
    return switch (this) {
      case RESPONSES -> ResponsesReplies.text(TEXT);
      case CHAT -> ChatReplies.text(TEXT);
      case MESSAGES -> AnthropicReplies.text(TEXT);
      case GEMINI -> GeminiReply.text(TEXT);
      case OLLAMA -> OllamaReply.text(TEXT);
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
