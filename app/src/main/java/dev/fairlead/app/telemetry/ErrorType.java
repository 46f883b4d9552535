package dev.fairlead.app.telemetry;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.routing.FailureClass;

/**
 * Whose matter it is that a request was not served: {@code caller_…}, {@code policy_…}, {@code
 * provider_…} or ours. The names are those other gateways use in the label {@code error_type}, so
 * that alert rules written for them keep their meaning.
 */
final class ErrorType {
  private ErrorType() {}

  /** Empty for a request that was served. */
  static String of(Receipt receipt) {
    return switch (receipt.outcome()) {
      case COMPLETED -> "";
      case CANCELLED -> "caller_cancelled";
      case STOPPED -> "fairlead_stopped";
      case REFUSED -> refused(receipt);
      case FAILED, CUT -> failed(receipt);
    };
  }

  private static String refused(Receipt receipt) {
    String code = receipt.failureCode() == null ? "" : receipt.failureCode();
    return switch (code) {
      case "model_not_found" -> "caller_model_unknown";
      case "model_blocked", "key_blocked" -> "policy_model_blocked";
      case "provider_blocked", "residency" -> "policy_provider_blocked";
      case "budget_exceeded" -> "policy_budget_exceeded";
      case "rate_limited", "token_limited", "request_limited", "concurrency_limited" ->
          "policy_rate_limited";
      default ->
          switch (receipt.status()) {
            case 401, 403 -> "policy_access_denied";
            case 402 -> "policy_budget_exceeded";
            case 429 -> "policy_rate_limited";
            case 503 -> "fairlead_dropped";
            default -> receipt.status() >= 500 ? "fairlead_internal" : "caller_invalid_request";
          };
    };
  }

  private static String failed(Receipt receipt) {
    FailureClass failure = null;
    for (Attempt attempt : receipt.attempts()) {
      failure = attempt.failure() == null ? failure : attempt.failure();
    }
    if (failure == null) {
      return receipt.outcome() == Outcome.CUT ? "provider_connection_failed" : "_OTHER";
    }
    return switch (failure) {
      case CONNECT, TLS, ADDRESS_DENIED, RESET_BEFORE_REPLY, CUT, REDIRECT ->
          "provider_connection_failed";
      case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, REQUEST_TIMEOUT -> "provider_timeout";
      case MALFORMED, EMPTY, STREAM_ERROR, SERVER_ERROR -> "provider_server_error";
      case UNFIT, OVERFLOW, BAD_REQUEST, STATE_NOT_FOUND -> "caller_invalid_request";
      case SHED -> "fairlead_dropped";
      case UNAUTHORIZED, FORBIDDEN -> "provider_auth_failed";
      case PAYMENT_REQUIRED -> "provider_billing";
      case NOT_FOUND -> "caller_model_not_available";
      case RATE_LIMITED -> "provider_rate_limited";
      case OVERLOADED -> "provider_overloaded";
    };
  }
}
