package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.failure.Failure;

/** Error bodies of Anthropic's API: {@code {"type":"error","error":{"type","message"},"request_id"}}. */
final class AnthropicErrors {
  private static final int MOST_MESSAGE = 2_000;

  private AnthropicErrors() {}

  static String body(Failure failure, String requestId) {
    return JsonText.object()
        .put("type", "error")
        .raw(
            "error",
            JsonText.object()
                .put("type", type(failure))
                .put("message", failure.message())
                .end())
        .put("request_id", requestId)
        .end();
  }

  private static String type(Failure failure) {
    return switch (failure.status()) {
      case 400, 405, 408, 415, 422, 426 -> "invalid_request_error";
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 501 -> "not_supported";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> "api_error";
    };
  }

  static ProviderError read(int status, JsonValue document) {
    JsonValue error = document.get("error");
    String type = error.get("type").text("error");
    String message = error.get("message").text(document.get("message").text(""));
    return new ProviderError(
        type,
        message.length() <= MOST_MESSAGE ? message : message.substring(0, MOST_MESSAGE),
        status == 0 ? statusOf(type) : status);
  }

  private static int statusOf(String type) {
    return switch (type) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }
}
