package dev.fairlead.core.failure;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Why a request did not get its reply, by where it went wrong. Each dialect maps a failure once to
 * its own error body; {@link #message()} is meant for the person reading it and never holds a
 * secret.
 */
public sealed interface Failure {
  /** HTTP status for the client. */
  int status();

  /** One or two sentences: what is wrong, where, and what to do. */
  String message();

  /** Stable lower-case code for logs and for the {@code code} field of error bodies. */
  String code();

  /**
   * The client's request cannot be served as it stands. {@code param} names the offending field, if
   * one does.
   */
  record ClientFault(int status, String code, String message, @Nullable String param)
      implements Failure {}

  /** Policy says no: credentials, permissions, budgets, limits. Retry-After in seconds, or -1. */
  record Denied(int status, String code, String message, long retryAfterSeconds)
      implements Failure {
    public static Denied unauthorized(String code, String message) {
      return new Denied(401, code, message, -1);
    }

    public static Denied forbidden(String code, String message) {
      return new Denied(403, code, message, -1);
    }

    /** Longest wait, in seconds, after which a client does well to try again by itself. */
    private static final long SHORT_WAIT = 60;

    /** Whether the same request may be granted to a client that waits a little. */
    public boolean worthRetrying() {
      return retryAfterSeconds >= 0 && retryAfterSeconds <= SHORT_WAIT;
    }
  }

  /**
   * A provider answered with an error and no other target could take over. {@code body} is the
   * provider's own error body when it speaks the client's dialect, to be passed on as it is with
   * {@code headers}; null when there is none worth passing.
   */
  record Upstream(
      int status,
      String code,
      String message,
      String provider,
      @Nullable Bytes body,
      Headers headers,
      long retryAfterSeconds)
      implements Failure {}

  /** Every target failed or was unavailable before the provider gave an answer worth passing on. */
  record Exhausted(int status, String code, String message, long retryAfterSeconds)
      implements Failure {}

  /** Our own bug or an overload of this process; details are in the log under the request id. */
  record Internal(int status, String code, String message) implements Failure {}

  /**
   * Seconds the client should wait before it tries again, or -1 when waiting would not help or is
   * not known.
   */
  default long retryAfterSeconds() {
    return -1;
  }
}
