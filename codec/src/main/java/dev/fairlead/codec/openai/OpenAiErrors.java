package dev.fairlead.codec.openai;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;

/** Error bodies of OpenAI's API: {@code {"error":{"message","type","param","code"}}}. */
final class OpenAiErrors {
  private static final int MOST_MESSAGE = 2_000;

  private OpenAiErrors() {}

  static String error(Failure failure) {
    String param = failure instanceof Failure.ClientFault fault ? fault.param() : null;
    return JsonText.object()
        .put("message", failure.message())
        .put("type", type(failure.status()))
        .put("param", param)
        .put("code", failure.code())
        .end();
  }

  static Bytes body(Failure failure) {
    return Bytes.utf8(JsonText.object().raw("error", error(failure)).end());
  }

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "insufficient_quota";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  /** Reads an error as the many providers of this dialect write it. */
  static ProviderError read(int status, JsonValue document) {
    JsonValue error = document.get("error");
    String message =
        error.isObject()
            ? error.get("message").text("")
            : error.text(document.get("message").text(document.get("detail").text("")));
    String type = error.get("code").text(error.get("type").text("error"));
    long code = error.get("code").count(0);
    int shown = status == 0 ? (code >= 400 && code < 600 ? (int) code : statusOf(error)) : status;
    return new ProviderError(type, cut(message), shown);
  }

  private static int statusOf(JsonValue error) {
    String type = error.get("type").text("") + " " + error.get("code").text("");
    if (type.contains("rate_limit") || type.contains("insufficient_quota")) {
      return 429;
    }
    if (type.contains("overloaded")) {
      return 503;
    }
    return type.contains("invalid_request") || type.contains("context_length") ? 400 : 502;
  }

  private static String cut(String message) {
    return message.length() <= MOST_MESSAGE ? message : message.substring(0, MOST_MESSAGE);
  }
}
