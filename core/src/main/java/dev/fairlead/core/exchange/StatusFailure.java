package dev.fairlead.core.exchange;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** From what a provider answered to what the client is told when nothing else could take over. */
final class StatusFailure {
  private StatusFailure() {}

  /** For a status outside 2xx. */
  static Failure of(
      FailureClass failure,
      int status,
      Bytes body,
      Headers headers,
      ReplyReader.ProviderError error,
      Target target,
      Duration retryAfter) {
    String provider = target.provider().name();
    long wait = retryAfter.isZero() ? -1 : (retryAfter.toMillis() + 999) / 1_000;
    return switch (failure) {
      case UNAUTHORIZED, PAYMENT_REQUIRED ->
          // Clients know what to make of a 429 that says insufficient_quota: they stop asking.
          target.direct() != null || (status != 401 && status != 402)
              ? verbatim(status, body, headers, error, provider, wait)
              // The client's own key is fine: telling it 401 would send people to the wrong place.
              : new Failure.Exhausted(
                  502,
                  "upstream_credentials_exhausted",
                  "Provider "
                      + provider
                      + " refused the key this gateway holds for it (HTTP "
                      + status
                      + "). Its operator has to replace or top up that key.",
                  -1);
      case REDIRECT ->
          new Failure.Exhausted(
              502,
              "upstream_redirect",
              "Provider "
                  + provider
                  + " answered with a redirect (HTTP "
                  + status
                  + "), which is not followed. Check its base_url.",
              -1);
      case CONNECT,
          CONNECT_TIMEOUT,
          TLS,
          ADDRESS_DENIED,
          RESET_BEFORE_REPLY,
          FIRST_BYTE_TIMEOUT,
          IDLE_TIMEOUT,
          CUT,
          MALFORMED,
          EMPTY,
          STREAM_ERROR,
          SHED,
          UNFIT,
          OVERFLOW,
          BAD_REQUEST,
          FORBIDDEN,
          NOT_FOUND,
          STATE_NOT_FOUND,
          REQUEST_TIMEOUT,
          RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR ->
          verbatim(status, body, headers, error, provider, wait);
    };
  }

  private static Failure verbatim(
      int status,
      Bytes body,
      Headers headers,
      ReplyReader.ProviderError error,
      String provider,
      long wait) {
    int shown = status >= 400 && status <= 599 ? status : 502;
    String message =
        error.message().isEmpty()
            ? "Provider " + provider + " answered HTTP " + status + " without a reason."
            : error.message();
    return new Failure.Upstream(
        shown, error.type(), message, provider, body.isEmpty() ? null : body, headers, wait);
  }

  /** For an error inside a reply that had begun with 2xx. */
  static Failure inStream(ReplyReader.@Nullable ProviderError error, Target target) {
    String provider = target.provider().name();
    return error == null
        ? new Failure.Exhausted(
            502, "upstream_malformed", "Provider " + provider + " sent a broken reply.", -1)
        : new Failure.Upstream(
            error.status(), error.type(), error.message(), provider, null, Headers.EMPTY, -1);
  }

  /** For an error that stands in a reply of 2xx, which the client is shown with its status. */
  static Failure inBody(
      ReplyReader.ProviderError error, Bytes body, Headers headers, Target target) {
    return new Failure.Upstream(
        error.status(), error.type(), error.message(), target.provider().name(), body, headers, -1);
  }

  /** For attempts that ended without an answer. {@code trail} says in words what was tried. */
  static Failure none(FailureClass last, String trail) {
    return switch (last) {
      case SHED ->
          new Failure.Exhausted(
              503, "overloaded", "No provider has a free place: " + trail + ". Try again soon.", 1);
      case FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, CONNECT_TIMEOUT, REQUEST_TIMEOUT ->
          new Failure.Exhausted(
              504, "upstream_timeout", "No provider answered in time: " + trail + ".", -1);
      case ADDRESS_DENIED ->
          new Failure.Exhausted(
              502,
              "address_denied",
              "No provider could be reached: "
                  + trail
                  + ". Set network_config.allow_private_network if that address is meant.",
              -1);
      case CONNECT,
          UNFIT,
          OVERFLOW,
          TLS,
          RESET_BEFORE_REPLY,
          CUT,
          MALFORMED,
          EMPTY,
          STREAM_ERROR,
          REDIRECT,
          BAD_REQUEST,
          UNAUTHORIZED,
          PAYMENT_REQUIRED,
          FORBIDDEN,
          NOT_FOUND,
          STATE_NOT_FOUND,
          RATE_LIMITED,
          OVERLOADED,
          SERVER_ERROR ->
          new Failure.Exhausted(
              502, "upstream_" + last.label(), "No provider gave a reply: " + trail + ".", -1);
    };
  }
}
