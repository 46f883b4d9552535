package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.Script;
import java.util.List;

/**
 * Replies of the Anthropic Messages API as documented at platform.claude.com (Messages, Streaming
 * messages, Errors, Count tokens, Models).
 */
public final class AnthropicReplies {
  static final String REQUEST_ID = "req_011CSHoEeqs5C35K2UUqR7Fy";

  /** The ping frame, for {@code Script.afterData}. */
  public static final String PING = event(JsonObject.ofType("ping"), "ping");

  private AnthropicReplies() {}

  /** A message without content that ended its turn; add blocks to it. */
  public static AnthropicReply message() {
    return new AnthropicReply(
        "msg_01XFDUDYJgAACzvnptvVoYEL",
        "claude-sonnet-4-5",
        List.of(),
        "end_turn",
        AnthropicUsage.USUAL);
  }

  public static AnthropicReply text(String text) {
    return message().text(text);
  }

  /** One tool call; {@code input} is a JSON object. */
  public static AnthropicReply toolUse(String id, String name, String input) {
    return message().toolUse(id, name, input);
  }

  /** 400. */
  public static Script invalidRequest(String message) {
    return error(400, "invalid_request_error", message);
  }

  /** 400 in the words after which clients compact their history. */
  public static Script promptTooLong(long tokens, long maximum) {
    return invalidRequest("prompt is too long: " + tokens + " tokens > " + maximum + " maximum");
  }

  /** 401. */
  public static Script unauthorized() {
    return error(401, "authentication_error", "invalid x-api-key");
  }

  /** 403. */
  public static Script forbidden() {
    return error(
        403, "permission_error", "Your API key does not have permission to use the resource");
  }

  /** 404. */
  public static Script notFound(String model) {
    return error(404, "not_found_error", "model: " + model);
  }

  /** 413. */
  public static Script tooLarge() {
    return error(413, "request_too_large", "Request exceeds the maximum size");
  }

  /** 429 with {@code retry-after}. */
  public static Script rateLimited(long retryAfterSeconds) {
    return error(
            429,
            "rate_limit_error",
            "This request would exceed your organization's rate limit. Please try again later.")
        .header("retry-after", Long.toString(retryAfterSeconds));
  }

  /** 500. */
  public static Script serverError() {
    return error(500, "api_error", "Internal server error");
  }

  /** 529. */
  public static Script overloaded() {
    return error(529, "overloaded_error", "Overloaded");
  }

  public static Script error(int status, String type, String message) {
    return Script.json(status, errorBody(type, message).with("request_id", REQUEST_ID).toString())
        .header("request-id", REQUEST_ID);
  }

  /** An error inside a stream, for {@code Script.keepData(n).frames(errorEvent(…))}. */
  public static String errorEvent(String type, String message) {
    return event(errorBody(type, message), "error");
  }

  public static Script countTokens(long tokens) {
    return Script.json(new JsonObject().with("input_tokens", tokens).toString())
        .header("request-id", REQUEST_ID);
  }

  /** The reply to {@code GET /v1/models}; at least one id. */
  public static Script models(String... ids) {
    List<String> models =
        List.of(ids).stream()
            .map(id ->
                JsonObject.ofType("model")
                    .with("id", id)
                    .with("display_name", id)
                    .with("created_at", "2025-09-29T00:00:00Z")
                    .toString())
            .toList();
    return Script.json(
        new JsonObject()
            .raw("data", JsonObject.array(models))
            .with("has_more", false)
            .with("first_id", ids[0])
            .with("last_id", ids[ids.length - 1])
            .toString());
  }

  static String event(JsonObject data, String name) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static JsonObject errorBody(String type, String message) {
    return JsonObject.ofType("error")
        .with("error", JsonObject.ofType(type).with("message", message));
  }
}
