package dev.fairlead.codec.reply;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the errors of providers, in replies and as replies, as leniently as they are written:
 * {@code {"error":{…}}} in the shapes of OpenAI and Anthropic, {@code {"error":"…"}}, {@code
 * {"message":"…"}}, {@code {"detail":…}}, plain text.
 */
public final class ErrorReading {
  private static final Interests WANTED =
      Interests.of("error", "message", "detail", "type", "code", "status");
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_TEXT = 2000;
  private static final int MAX_TYPE = 100;

  private ErrorReading() {}

  /** The error an HTTP reply of {@code status} with {@code body} stands for. */
  public static ProviderError read(int status, Bytes body) {
    if (body.length() <= MAX_BODY) {
      try {
        ProviderError error = read(Envelope.scan(body, WANTED, ScanRules.REPLY), status);
        if (error != null) {
          return error;
        }
      } catch (MalformedBody notJson) {
        // Told as text below.
      }
    }
    String text = body.slice(0, Math.min(body.length(), MAX_TEXT)).utf8().strip();
    String message =
        text.isEmpty() || text.startsWith("<")
            ? "The provider answered with HTTP status " + status + "."
            : printable(text);
    return new ProviderError("http_" + status, message, status);
  }

  private static @Nullable ProviderError read(Envelope body, int status) {
    JsonValue error = body.value("error");
    if (error != null && !error.isNull()) {
      String type = isOfInput(error, status) ? "item_not_found" : type(error, "http_" + status);
      return new ProviderError(type, message(error, ""), status);
    }
    JsonValue message = body.value("message");
    JsonValue detail = body.value("detail");
    String text = message == null ? null : message.stringPrefix(MAX_TEXT);
    if (text == null && detail != null) {
      text = message(detail, detail.raw().utf8());
    }
    if (text == null) {
      return null;
    }
    String code = body.string("code");
    String type = code == null ? body.string("type") : code;
    return new ProviderError(
        type == null ? "http_" + status : lower(type), printable(text), status);
  }

  /**
   * The error inside a reply that began as a success; the status is what its type, code or status
   * says, otherwise 500.
   *
   * @param error the value of the reply's {@code error} member
   */
  public static ProviderError inReply(JsonValue error) {
    String type = type(error, "error");
    return new ProviderError(
        type, message(error, "The provider reported an error."), status(error));
  }

  /** An error whose type, code and message are known apart. */
  public static ProviderError of(
      @Nullable String code, @Nullable String type, @Nullable String message) {
    String known = code == null || code.isEmpty() ? type : code;
    String name = known == null || known.isEmpty() ? "error" : lower(known);
    int byCode = statusOf(code);
    int status = byCode > 0 ? byCode : statusOf(type);
    String text = message == null ? "The provider reported an error." : printable(message);
    return new ProviderError(name, text, status > 0 ? status : 500);
  }

  private static String type(JsonValue error, String otherwise) {
    JsonValue code = error.get("code");
    String name = code == null ? null : code.stringPrefix(MAX_TYPE);
    if (name == null || name.isEmpty() || isNumber(name)) {
      name = missing(error);
    }
    if (name == null) {
      JsonValue type = error.get("type");
      name = type == null ? null : type.stringPrefix(MAX_TYPE);
    }
    return name == null || name.isEmpty() ? otherwise : lower(name);
  }

  /**
   * What is not found, or null: Anthropic says it in {@code details.error_code}, where its type
   * says {@code not_found_error} whatever it is.
   */
  private static @Nullable String missing(JsonValue error) {
    JsonValue details = error.isObject() ? error.get("details") : null;
    JsonValue code = details == null || !details.isObject() ? null : details.get("error_code");
    String name = code == null ? null : code.stringPrefix(MAX_TYPE);
    return name != null && name.endsWith("_not_found") ? name : null;
  }

  /**
   * Whether something the request refers to is not there: OpenAI gives that no code, and blames the
   * {@code input}, where a missing model has a code of its own.
   */
  private static boolean isOfInput(JsonValue error, int status) {
    JsonValue code = error.get("code");
    JsonValue param = error.get("param");
    return status == 404 && (code == null || code.isNull()) && param != null && param.is("input");
  }

  private static int status(JsonValue error) {
    for (String member : new String[] {"status_code", "status", "code", "type"}) {
      JsonValue value = error.get(member);
      if (value == null) {
        continue;
      }
      Long number = value.integer();
      int status =
          number == null ? statusOf(value.stringPrefix(MAX_TYPE)) : plausible(number.longValue());
      if (status > 0) {
        return status;
      }
    }
    return 500;
  }

  private static int plausible(long status) {
    return status >= 400 && status <= 599 ? (int) status : 0;
  }

  private static String message(JsonValue error, String otherwise) {
    JsonValue message = error.isObject() ? error.get("message") : error;
    if (error.type() == JsonType.ARRAY) {
      // FastAPI lists its complaints, each with a msg.
      for (JsonValue complaint : error.elements()) {
        message = complaint.get("msg");
        break;
      }
    }
    String text = message == null ? null : message.stringPrefix(MAX_TEXT);
    return printable(text == null ? otherwise : text);
  }

  /** The HTTP status an error type or code of OpenAI or Anthropic goes with, or 0. */
  private static int statusOf(@Nullable String name) {
    if (name == null) {
      return 0;
    }
    if (isNumber(name)) {
      return plausible(Long.parseLong(name));
    }
    return switch (lower(name)) {
      case "invalid_request_error",
          "invalid_request",
          "bad_request",
          "context_length_exceeded",
          "invalid_prompt",
          "content_filter",
          "content_policy_violation" ->
          400;
      case "authentication_error", "invalid_api_key", "unauthorized" -> 401;
      case "billing_error" -> 402;
      case "permission_error", "permission_denied", "forbidden" -> 403;
      case "not_found_error", "model_not_found", "not_found" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error",
          "rate_limit_exceeded",
          "too_many_requests",
          "insufficient_quota",
          "resource_exhausted" ->
          429;
      case "timeout_error", "timeout" -> 504;
      case "overloaded_error" -> 529;
      case "overloaded",
          "server_is_overloaded",
          "engine_overloaded",
          "service_unavailable",
          "slow_down" ->
          503;
      default -> 0;
    };
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 4
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static String lower(String text) {
    return printable(text.length() > MAX_TYPE ? text.substring(0, MAX_TYPE) : text)
        .toLowerCase(Locale.ROOT);
  }

  /** Without control characters, which have no place in a log line or header. */
  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(text);
    for (int i = 0; i < clean.length(); i++) {
      if (Character.isISOControl(clean.charAt(i))) {
        clean.setCharAt(i, ' ');
      }
    }
    return clean.toString();
  }
}
