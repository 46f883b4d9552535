package dev.fairlead.app.logs;

import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.config.LoggingSettings.Redaction;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Attribution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Replaces in receipts what may not be stored or sent on: in the session, the client's own id of
 * the request, tags, repository and branch, and in messages. Names of models, providers and keys
 * stay. Safe for several threads.
 */
public final class ReceiptRedactor {
  private static final String UNKNOWN = "[a redaction rule took too long]";
  private static final int SEAL_LENGTH = 12;

  private final Supplier<LoggingSettings> settings;
  private final UnaryOperator<String> seal;

  /**
   * Creates a redactor.
   *
   * @param settings what is in force
   * @param seal a keyed hash, at least twelve characters, by which sessions are told apart that
   *     look the same once redacted
   */
  public ReceiptRedactor(Supplier<LoggingSettings> settings, UnaryOperator<String> seal) {
    this.settings = settings;
    this.seal = seal;
  }

  /** Text after the rules in force, or what says that they took too long. */
  UnaryOperator<String> texts() {
    List<Redaction> rules = settings.get().redactions();
    if (rules.isEmpty()) {
      return text -> text;
    }
    long until = Redactor.limit();
    return text -> {
      try {
        return Redactor.redact(text, rules, until);
      } catch (Redactor.TooSlow unknown) {
        return UNKNOWN;
      }
    };
  }

  /** {@code receipt} after the rules in force; the same object when none matched. */
  public Receipt of(Receipt receipt) {
    if (settings.get().redactions().isEmpty()) {
      return receipt;
    }
    UnaryOperator<String> rules = texts();
    Receipt redacted =
        new Receipt(
            receipt.id(),
            receipt.receivedAtMillis(),
            of(receipt.clientRequestId(), rules),
            receipt.principal(),
            receipt.caller(),
            of(receipt.attribution(), rules),
            session(receipt.session(), rules),
            receipt.operation(),
            receipt.requestDialect(),
            receipt.replyDialect(),
            receipt.requestedModel(),
            receipt.stream(),
            receipt.attempts().stream().map(attempt -> of(attempt, rules)).toList(),
            receipt.outcome(),
            receipt.status(),
            receipt.failureCode(),
            of(receipt.failureMessage(), rules),
            receipt.usage(),
            receipt.costNanoUsd(),
            receipt.requestLane(),
            receipt.replyLane(),
            of(receipt.dropped(), rules),
            of(receipt.warnings(), rules),
            receipt.replyId(),
            receipt.finishReason(),
            receipt.requestBytes(),
            receipt.replyBytes(),
            receipt.timings(),
            receipt.cacheMiss());
    return redacted.equals(receipt) ? receipt : redacted;
  }

  private @Nullable String session(@Nullable String session, UnaryOperator<String> rules) {
    String redacted = of(session, rules);
    return session == null || session.equals(redacted)
        ? session
        : redacted + "~" + seal.apply("session:" + session).substring(0, SEAL_LENGTH);
  }

  private static Attribution of(Attribution who, UnaryOperator<String> rules) {
    Map<String, String> tags = new HashMap<>(who.tags());
    tags.replaceAll((_, value) -> rules.apply(value));
    return new Attribution(
        who.key(),
        who.user(),
        who.team(),
        who.customer(),
        who.rule(),
        of(who.repository(), rules),
        of(who.branch(), rules),
        tags);
  }

  private static Receipt.Attempt of(Receipt.Attempt attempt, UnaryOperator<String> rules) {
    return new Receipt.Attempt(
        attempt.provider(),
        attempt.keyName(),
        attempt.model(),
        attempt.startedMicros(),
        attempt.queuedMicros(),
        attempt.firstByteMicros(),
        attempt.totalMicros(),
        attempt.status(),
        attempt.failure(),
        of(attempt.detail(), rules));
  }

  private static @Nullable String of(@Nullable String text, UnaryOperator<String> rules) {
    return text == null ? null : rules.apply(text);
  }

  private static List<String> of(List<String> texts, UnaryOperator<String> rules) {
    List<String> redacted = new ArrayList<>(texts);
    redacted.replaceAll(rules);
    return redacted;
  }
}
