package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import java.time.Duration;
import java.util.Locale;

/**
 * The headers by which Claude Code warns its user at 75 % and 95 % of a limit, as Anthropic's
 * gateway contract has them ({@code anthropic-ratelimit-unified-*}): a claim for windows of up to a
 * day ({@code 5h}) and one for longer ones ({@code 7d}), each the fullest of its budgets.
 */
final class UnifiedHeaders {
  private static final String PREFIX = "anthropic-ratelimit-unified-";
  private static final long SHORT = Duration.ofHours(25).toMillis();
  private static final int WARN = 750;

  private UnifiedHeaders() {}

  static Headers of(Ask ask, Hold[] holds) {
    if (ask.operation().dialect() != Dialect.ANTHROPIC_MESSAGES
        || !ask.caller().client().equals("claude-code")) {
      return Headers.EMPTY;
    }
    int fullShort = -1;
    int fullLong = -1;
    long endShort = 0;
    long endLong = 0;
    for (Hold hold : holds) {
      Gate gate = hold.gate;
      if (gate.unit != Unit.MONEY || gate.observe) {
        continue;
      }
      int full = hold.perMille();
      boolean brief = hold.windowMillis() <= SHORT;
      if (brief && full > fullShort) {
        fullShort = full;
        endShort = hold.windowEnd();
      } else if (!brief && full > fullLong) {
        fullLong = full;
        endLong = hold.windowEnd();
      }
    }
    if (fullShort < 0 && fullLong < 0) {
      return Headers.EMPTY;
    }
    boolean brief = fullShort >= fullLong;
    Headers.Builder headers = Headers.builder();
    headers
        .add(PREFIX + "status", status(Math.max(fullShort, fullLong)))
        .add(PREFIX + "reset", seconds(brief ? endShort : endLong))
        .add(PREFIX + "representative-claim", brief ? "five_hour" : "seven_day");
    if (fullShort >= 0) {
      claim(headers, "5h", fullShort, endShort);
    }
    if (fullLong >= 0) {
      claim(headers, "7d", fullLong, endLong);
    }
    return headers.add(PREFIX + "overage-status", "rejected").build();
  }

  private static void claim(Headers.Builder headers, String claim, int full, long end) {
    headers
        .add(PREFIX + claim + "-status", status(full))
        .add(PREFIX + claim + "-reset", seconds(end))
        .add(PREFIX + claim + "-utilization", String.format(Locale.ROOT, "%.3f", full / 1000.0));
  }

  private static String status(int full) {
    return full >= WARN ? "allowed_warning" : "allowed";
  }

  private static String seconds(long millis) {
    return Long.toString(millis / 1_000);
  }
}
