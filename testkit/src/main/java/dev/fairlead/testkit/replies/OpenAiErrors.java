package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.Script;

/**
 * Errors of all OpenAI APIs as documented in OpenAI's error guide, and what else their replies
 * share.
 */
public final class OpenAiErrors {
  static final String REQUEST_ID = "req_4f1c2a7be0d94c33a1c5";
  static final String FINGERPRINT = "fp_44709d6fcb";
  static final long CREATED = 1_741_569_952;

  /** The last frame of Chat and legacy completions streams. */
  public static final String DONE = "data: [DONE]\n\n";

  private OpenAiErrors() {}

  /** 400 naming a parameter. */
  public static Script invalidRequest(String message, String param) {
    return of(
        400,
        new JsonObject()
            .with("message", message)
            .with("type", "invalid_request_error")
            .with("param", param)
            .with("code", "invalid_value"));
  }

  /** 400 in the words after which clients shorten their history. */
  public static Script contextLengthExceeded(long maximum, long tokens) {
    return of(
        400,
        new JsonObject()
            .with(
                "message",
                "This model's maximum context length is "
                    + maximum
                    + " tokens. However, your messages resulted in "
                    + tokens
                    + " tokens. Please reduce the length of the messages.")
            .with("type", "invalid_request_error")
            .with("param", "messages")
            .with("code", "context_length_exceeded"));
  }

  /** 401. */
  public static Script unauthorized() {
    return error(
        401,
        "Incorrect API key provided. You can find your API key at"
            + " https://platform.openai.com/account/api-keys.",
        "invalid_request_error",
        "invalid_api_key");
  }

  /** 404. */
  public static Script modelNotFound(String model) {
    return error(
        404,
        "The model `" + model + "` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found");
  }

  /** 429 with {@code retry-after}. */
  public static Script rateLimited(long retryAfterSeconds) {
    return error(
            429,
            "Rate limit reached for requests. Please try again in " + retryAfterSeconds + "s.",
            "requests",
            "rate_limit_exceeded")
        .header("retry-after", Long.toString(retryAfterSeconds));
  }

  /** 429 that no waiting helps against. */
  public static Script quotaExceeded() {
    return error(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota");
  }

  /** 500. */
  public static Script serverError() {
    return error(
        500,
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
        "server_error");
  }

  /** 503. */
  public static Script overloaded() {
    return error(
        503,
        "The engine is currently overloaded, please try again later.",
        "server_error",
        "service_unavailable");
  }

  public static Script error(int status, String message, String type, String code) {
    return Script.json(status, body(message, type, code)).header("x-request-id", REQUEST_ID);
  }

  static String body(String message, String type, String code) {
    return wrapped(
        new JsonObject()
            .with("message", message)
            .with("type", type)
            .withNull("param")
            .with("code", code));
  }

  private static Script of(int status, JsonObject error) {
    return Script.json(status, wrapped(error)).header("x-request-id", REQUEST_ID);
  }

  private static String wrapped(JsonObject error) {
    return new JsonObject().with("error", error).toString();
  }
}
