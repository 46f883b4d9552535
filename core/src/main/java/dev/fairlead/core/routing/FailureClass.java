package dev.fairlead.core.routing;

import dev.fairlead.core.model.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;

/** How an attempt at a provider failed, as far as it matters for what to do next. */
public enum FailureClass {
  /** No connection: refused, unreachable, unknown host. */
  CONNECT,
  /** No connection in time. */
  CONNECT_TIMEOUT,
  /** The TLS handshake failed. */
  TLS,
  /** The address is not one that may be connected to. */
  ADDRESS_DENIED,
  /** The connection went away before the reply began. */
  RESET_BEFORE_REPLY,
  /** No reply began in time. */
  FIRST_BYTE_TIMEOUT,
  /** The reply stopped in the middle, and nothing had been passed on. */
  IDLE_TIMEOUT,
  /** The reply was cut off before anything had been passed on. */
  CUT,
  /** The reply is not one of its dialect. */
  MALFORMED,
  /** A reply without content. */
  EMPTY,
  /** The provider reported an error inside a reply that had begun well. */
  STREAM_ERROR,
  /** The request cannot be written for this target. */
  UNFIT,
  /** The prompt does not fit into the model's window, by the provider's own word. */
  OVERFLOW,
  /** The provider has as many requests in progress and waiting as it may have. */
  SHED,
  /** 3xx; redirects are not followed. */
  REDIRECT,
  /** 400 and other 4xx that blame the request itself. */
  BAD_REQUEST,
  /** 401. */
  UNAUTHORIZED,
  /** 402. */
  PAYMENT_REQUIRED,
  /** 403. */
  FORBIDDEN,
  /** 404. */
  NOT_FOUND,
  /** 404 about what the provider kept for this client: an earlier response, a thread. */
  STATE_NOT_FOUND,
  /** 408. */
  REQUEST_TIMEOUT,
  /** 429. */
  RATE_LIMITED,
  /** 503 and 529. */
  OVERLOADED,
  /** Other 5xx. */
  SERVER_ERROR;

  /** What a provider asks for that says "now": to be told from saying nothing. */
  public static final Duration AT_ONCE = Duration.ofMillis(1);

  private static final Set<String> UNPAID =
      Set.of(
          "insufficient_quota",
          "billing_error",
          "billing_hard_limit_reached",
          "billing_not_active",
          "payment_required",
          "insufficient_credits",
          "insufficient_balance",
          "insufficient_funds");

  /** What only the client's own state can be wrong with: it says nothing of key or model. */
  private static final Set<String> STATE =
      Set.of(
          "thread_not_found",
          "previous_response_not_found",
          "response_not_found",
          "conversation_not_found",
          "item_not_found",
          "container_not_found",
          "file_not_found");

  /** The class of an HTTP status outside 2xx. */
  public static FailureClass ofStatus(int status) {
    return switch (status) {
      case 401 -> UNAUTHORIZED;
      case 402 -> PAYMENT_REQUIRED;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 408 -> REQUEST_TIMEOUT;
      case 429 -> RATE_LIMITED;
      case 503, 529 -> OVERLOADED;
      default ->
          status >= 500 || status < 200 ? SERVER_ERROR : status < 400 ? REDIRECT : BAD_REQUEST;
    };
  }

  /**
   * The class of a provider's error of {@code status} that names {@code type}, lower case. An
   * account without money is answered 429 by OpenAI and 403 or 400 by others; waiting does not help
   * there.
   */
  public static FailureClass of(int status, String type) {
    FailureClass byStatus = ofStatus(status);
    if (byStatus == NOT_FOUND && STATE.contains(type)) {
      return STATE_NOT_FOUND;
    }
    boolean maybe = byStatus == RATE_LIMITED || byStatus == FORBIDDEN || byStatus == BAD_REQUEST;
    return maybe && UNPAID.contains(type) ? PAYMENT_REQUIRED : byStatus;
  }

  /** Lower-case name for logs and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * How long the provider asks to wait, from {@code retry-after-ms} or {@code retry-after} (seconds
   * or an HTTP date); zero when it says nothing that can be read, {@link #AT_ONCE} when it says
   * that there is nothing to wait for, never more than an hour.
   */
  public static Duration retryAfter(Headers headers, Instant now) {
    String millis = headers.get("retry-after-ms");
    double exact = millis == null ? Double.NaN : number(millis.trim());
    // Some providers send both; where this one cannot be read, the other may.
    if (!Double.isNaN(exact)) {
      return bounded(Duration.ofMillis((long) exact));
    }
    String value = headers.get("retry-after");
    if (value == null) {
      return Duration.ZERO;
    }
    double seconds = number(value.trim());
    if (!Double.isNaN(seconds)) {
      return bounded(Duration.ofMillis((long) (seconds * 1000)));
    }
    try {
      Instant until =
          ZonedDateTime.parse(value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return bounded(Duration.between(now, until));
    } catch (DateTimeParseException unreadable) {
      return Duration.ZERO;
    }
  }

  /**
   * A plain decimal number, or NaN: what Java also takes for one (suffixes, hexadecimal, words) is
   * none here.
   */
  private static double number(String text) {
    if (text.isEmpty() || text.length() > 32) {
      return Double.NaN;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && c != '.' && !(i == 0 && c == '-')) {
        return Double.NaN;
      }
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notOne) {
      return Double.NaN;
    }
  }

  private static Duration bounded(Duration wait) {
    Duration most = Duration.ofHours(1);
    return wait.compareTo(AT_ONCE) < 0 ? AT_ONCE : wait.compareTo(most) > 0 ? most : wait;
  }
}
