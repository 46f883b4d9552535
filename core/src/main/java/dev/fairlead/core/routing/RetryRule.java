package dev.fairlead.core.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a class of failure allows next. The steps are tried in the order same key, next key, next
 * target; a step that is not allowed or has nothing left is passed over.
 *
 * @param sameKeyAtOnce attempts at the same key without waiting, whatever the provider's {@code
 *     max_retries}
 * @param sameKey whether the same key may be tried again after a backoff, within {@code
 *     max_retries}
 * @param sameKeyLast whether that is done only when no other key and no other target is left
 * @param nextKey whether another key of the same provider may help
 * @param nextTarget whether another target may take over
 * @param cools what is avoided afterwards, or null
 * @param cooldown for how long when the provider does not say
 */
public record RetryRule(
    int sameKeyAtOnce,
    boolean sameKey,
    boolean sameKeyLast,
    boolean nextKey,
    boolean nextTarget,
    @Nullable Cools cools,
    Duration cooldown) {

  /** What a failure speaks against. */
  public enum Cools {
    KEY,
    KEY_AND_MODEL,
    PROVIDER
  }

  private static final RetryRule NEVER =
      new RetryRule(0, false, false, false, false, null, Duration.ZERO);

  /** The table: one row for each class. */
  public static RetryRule of(FailureClass failure) {
    return switch (failure) {
      case CONNECT ->
          new RetryRule(1, false, false, false, true, Cools.PROVIDER, Duration.ofSeconds(5));
      case CONNECT_TIMEOUT, TLS ->
          new RetryRule(0, false, false, false, true, Cools.PROVIDER, Duration.ofSeconds(5));
      case ADDRESS_DENIED -> new RetryRule(0, false, false, false, true, null, Duration.ZERO);
      case RESET_BEFORE_REPLY -> new RetryRule(1, true, false, false, true, null, Duration.ZERO);
      case FIRST_BYTE_TIMEOUT -> new RetryRule(0, false, false, false, true, null, Duration.ZERO);
      case IDLE_TIMEOUT, CUT, MALFORMED, EMPTY, STREAM_ERROR ->
          new RetryRule(0, true, false, false, true, null, Duration.ZERO);
      case UNFIT, OVERFLOW -> new RetryRule(0, false, false, false, true, null, Duration.ZERO);
      case SHED -> new RetryRule(0, false, false, false, true, null, Duration.ZERO);
      case REDIRECT -> new RetryRule(0, false, false, false, true, null, Duration.ZERO);
      case BAD_REQUEST -> NEVER;
      case UNAUTHORIZED, PAYMENT_REQUIRED ->
          new RetryRule(0, false, false, true, true, Cools.KEY, Duration.ofMinutes(5));
      case FORBIDDEN, NOT_FOUND ->
          new RetryRule(0, false, false, true, true, Cools.KEY_AND_MODEL, Duration.ofMinutes(1));
      // Another key or target may know it; all others are served as ever.
      case STATE_NOT_FOUND -> new RetryRule(0, false, false, true, true, null, Duration.ZERO);
      case RATE_LIMITED ->
          new RetryRule(0, true, true, true, true, Cools.KEY_AND_MODEL, Duration.ofSeconds(20));
      case REQUEST_TIMEOUT, SERVER_ERROR ->
          new RetryRule(0, true, false, true, true, null, Duration.ZERO);
      case OVERLOADED -> new RetryRule(0, true, false, false, true, null, Duration.ZERO);
    };
  }
}
