package dev.fairlead.core.ledger;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Schedule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Says why a request was refused: which limit of whom, how much of it is used, and until when. */
final class Denials {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  /** Names of models and the like that are written out. */
  private static final int MOST_NAMES = 3;

  private Denials() {}

  /** The denial of a request that is refused for good. */
  static Failure.Denied counted(Hold refused, long now) {
    refused.counter().refuse();
    return of(refused, now);
  }

  static Failure.Denied of(Hold refused, long now) {
    Gate gate = refused.gate;
    boolean busy = refused.mayFitLater();
    StringBuilder words = new StringBuilder(240).append(what(gate));
    return switch (gate.unit) {
      case MONEY -> {
        words.append(busy ? " is reserved by requests under way: " : " is used up: ");
        amounts(words, refused);
        words
            .append(", and this request may cost up to ")
            .append(amount(Unit.MONEY, refused.need + refused.reserved))
            .append(". ");
        advise(words, refused, busy, "Ask whoever manages it for a top-up or a higher limit.");
        yield new Failure.Denied(
            402, "budget_exceeded", words.toString(), retryAfter(refused, busy, now));
      }
      case TOKENS, REQUESTS -> {
        words.append(" is reached: ");
        amounts(words, refused);
        if (gate.unit == Unit.TOKENS) {
          words
              .append(", and this request may take ")
              .append(amount(Unit.TOKENS, refused.need + refused.reserved));
        }
        words.append(". ");
        advise(words, refused, busy, "Try again then, or ask for a higher limit.");
        yield new Failure.Denied(
            429,
            gate.unit == Unit.TOKENS ? "token_limit_exceeded" : "request_limit_exceeded",
            words.toString(),
            retryAfter(refused, busy, now));
      }
      case CONCURRENT -> {
        words
            .append(" is reached: ")
            .append(refused.seenReserved)
            .append(" of ")
            .append(refused.seenLimit)
            .append(" are under way. Try again when one of them has ended.");
        yield new Failure.Denied(429, "concurrency_limit_exceeded", words.toString(), 1);
      }
    };
  }

  /** What an observed limit would have done, for the operator. */
  static String observed(Hold hold, long now) {
    StringBuilder words =
        new StringBuilder(160).append(what(hold.gate)).append(" would have refused this: ");
    if (hold.gate.unit == Unit.CONCURRENT) {
      return words
          .append(hold.seenReserved)
          .append(" of ")
          .append(hold.seenLimit)
          .append(" under way")
          .toString();
    }
    amounts(words, hold);
    return words.append("; it only observes").toString();
  }

  /** Counters that count nothing reliable refuse where the operator wants it so. */
  static Failure.Denied blind(Gate gate) {
    return new Failure.Denied(
        503,
        "budget_unavailable",
        what(gate)
            + " cannot be checked, because what is spent cannot be recorded at present; it is set"
            + " to refuse then (when_unavailable: closed). Try again soon; whoever runs the gateway"
            + " finds the reason in its log and at /health.",
        5);
  }

  private static long retryAfter(Hold refused, boolean busy, long now) {
    if (busy) {
      return 1;
    }
    return refused.seenEnd == Long.MAX_VALUE
        ? -1
        : Math.max(1, (refused.seenEnd - now + 999) / 1_000);
  }

  private static String what(Gate gate) {
    String kind =
        switch (gate.unit) {
          case MONEY -> "budget";
          case TOKENS -> "limit of tokens";
          case REQUESTS -> "limit of requests";
          case CONCURRENT -> "limit of requests at once";
        };
    Schedule schedule = gate.schedule;
    return "The "
        + (gate.applies.perSession() ? "session " : "")
        + kind
        + (gate.name.isEmpty() ? "" : " \"" + gate.name + "\"")
        + (schedule == null ? "" : " (" + schedule.period() + ")")
        + " of "
        + gate.ownerWords
        + only("model", gate.applies.models())
        + only("client", gate.applies.clients())
        + only("provider", gate.applies.providers());
  }

  private static String only(String kind, NameFilter which) {
    if (which.all()) {
      return "";
    }
    List<String> names = which.entries();
    return (kind.equals("provider") ? " at " : " for ")
        + kind
        + ' '
        + String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
        + (names.size() > MOST_NAMES ? " …" : "");
  }

  private static void amounts(StringBuilder words, Hold hold) {
    Unit unit = hold.gate.unit;
    words
        .append(amount(unit, hold.seenUsed))
        .append(" of ")
        .append(amount(unit, hold.seenLimit))
        .append(" used, ")
        .append(amount(unit, hold.seenReserved))
        .append(" reserved by requests under way");
  }

  private static void advise(StringBuilder words, Hold hold, boolean busy, String advice) {
    if (busy) {
      words.append("Try again when they have ended, or ask for less output.");
      return;
    }
    Schedule schedule = hold.gate.schedule;
    if (schedule != null && hold.seenEnd != Long.MAX_VALUE) {
      words
          .append("It starts anew at ")
          .append(TIME.format(Instant.ofEpochMilli(hold.seenEnd).atZone(schedule.zone())))
          .append(' ')
          .append(schedule.zone().equals(ZoneOffset.UTC) ? "UTC" : schedule.zone().getId())
          .append(". ");
    }
    words.append(advice);
  }

  static String amount(Unit unit, long value) {
    return switch (unit) {
      case MONEY -> dollars(value);
      case TOKENS -> value + " tokens";
      case REQUESTS, CONCURRENT -> Long.toString(value);
    };
  }

  /** Nano-USD as people write dollars: two decimals, or as many as a small amount needs. */
  static String dollars(long nano) {
    BigDecimal exact = BigDecimal.valueOf(nano, 9);
    int scale = nano >= 1_000_000_000L || nano == 0 ? 2 : 6;
    BigDecimal shown = exact.setScale(scale, RoundingMode.HALF_UP).stripTrailingZeros();
    return "$" + (shown.scale() < 2 ? shown.setScale(2) : shown).toPlainString();
  }
}
