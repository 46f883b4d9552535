package dev.fairlead.core.exchange;

import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.routing.FailureClass;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/** What can go wrong before a client has seen content, each as the events it shows itself by. */
enum Fault {
  REFUSED(h -> h.lost(FailureClass.CONNECT)),
  CONNECT_TIMEOUT(h -> h.lost(FailureClass.CONNECT_TIMEOUT)),
  TLS(h -> h.lost(FailureClass.TLS)),
  ADDRESS_DENIED(h -> h.lost(FailureClass.ADDRESS_DENIED)),
  RESET_BEFORE_HEAD(h -> h.lost(FailureClass.RESET_BEFORE_REPLY)),
  HANG_BEFORE_HEAD(h -> h.advance(Entities.FIRST_BYTE)),
  REDIRECT(h -> h.error(302, "", "location", "https://elsewhere.test")),
  STATUS_400(h -> h.error(400, "error bad_request 0 a tool has no name")),
  STATUS_401(h -> h.error(401, "error no_key 0 wrong key")),
  STATUS_402(h -> h.error(402, "error no_money 0 pay first")),
  STATUS_403(h -> h.error(403, "error forbidden 0 not yours")),
  STATUS_404(h -> h.error(404, "error not_found 0 no such model")),
  STATUS_408(h -> h.error(408, "error timeout 0 too slow")),
  STATUS_413(h -> h.error(413, "error too_large 0 too large")),
  STATUS_422(h -> h.error(422, "error unprocessable 0 no")),
  STATUS_429(h -> h.error(429, "error rate 0 slow down")),
  STATUS_429_SECONDS(h -> h.error(429, "error rate 0 slow down", "retry-after", "3")),
  STATUS_429_MILLIS(h -> h.error(429, "error rate 0 slow down", "retry-after-ms", "3000")),
  STATUS_429_DATE(h ->
      h.error(
          429,
          "error rate 0 slow down",
          "retry-after",
          ZonedDateTime.ofInstant(Instant.ofEpochMilli(h.millis() + 3_000), ZoneOffset.UTC)
              .format(DateTimeFormatter.RFC_1123_DATE_TIME))),
  STATUS_429_LONG(h -> h.error(429, "error rate 0 slow down", "retry-after", "60")),
  STATUS_500(h -> h.error(500, "error server 0 broken")),
  STATUS_500_WITHOUT_BODY(h -> h.head(500).end()),
  STATUS_502(h -> h.error(502, "error gateway 0 broken")),
  STATUS_503(h -> h.error(503, "error busy 0 busy")),
  STATUS_529(h -> h.error(529, "error overloaded 0 busy")),
  HUGE_ERROR_BODY(h -> {
    h.head(500);
    for (int i = 0; i < 5; i++) {
      h.data("x".repeat(64 * 1024));
    }
  }),
  HANGING_ERROR_BODY(h -> h.head(500).data("error server 0 bro").advance(Exchange.ERROR_BODY)),
  CUT_ERROR_BODY(h -> h.head(500).data("error server 0 bro").lost(FailureClass.CUT)),
  HANG_AFTER_HEAD(h -> h.head().advance(Entities.IDLE)),
  RESET_AFTER_HEAD(h -> h.head().lost(FailureClass.CUT)),
  HANG_BEFORE_CONTENT(h -> h.head().data(opening(h)).advance(Entities.IDLE)),
  RESET_BEFORE_CONTENT(h -> h.head().data(opening(h)).lost(FailureClass.CUT)),
  TRUNCATED(h -> h.head().data(h.isStream() ? "open r1\n" : "bod").end()),
  MALFORMED(h -> h.head().data(opening(h) + "garbage\n").end()),
  ERROR_INSIDE(h -> h.head().data(opening(h) + "error overloaded 529 too busy\n").end()),
  BAD_REQUEST_INSIDE(h -> h.head().data(opening(h) + "error too_long 400 too long\n").end()),
  RATE_LIMIT_INSIDE(h -> h.head().data(opening(h) + "error rate 429 slow down\n").end()),
  EMPTY_200(h -> h.head().end());

  // Lambdas without state, which the check cannot see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Consumer<ExchangeHarness> play;

  Fault(Consumer<ExchangeHarness> play) {
    this.play = play;
  }

  /** Lets it happen to the attempt that is being made. */
  void play(ExchangeHarness harness) {
    play.accept(harness);
  }

  /** Begins a reply without content. */
  private static String opening(ExchangeHarness h) {
    return (h.isStream() ? "" : "body\n") + "open r1\n";
  }
}
