package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.FailureClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault before content, with every way out and without one, for streams and bodies, held and
 * committed.
 */
class FaultMatrixTest {
  /**
   * One line a fault: its class; whether the same key is tried again (at once, after so many
   * milliseconds, or not); the next key; the next target; what cools for how many seconds; what the
   * client is told when nothing is left (the provider's own body, or an error of ours: status and
   * code); what an attempt is charged with.
   */
  private static final String TABLE =
      """
      REFUSED                 | connect            | once | -   | target | provider one 5    | own 502 upstream_connect               | -
      CONNECT_TIMEOUT         | connect_timeout    | -    | -   | target | provider one 5    | own 504 upstream_timeout               | -
      TLS                     | tls                | -    | -   | target | provider one 5    | own 502 upstream_tls                   | -
      ADDRESS_DENIED          | address_denied     | -    | -   | target | -                 | own 502 address_denied                 | -
      RESET_BEFORE_HEAD       | reset_before_reply | once | -   | target | -                 | own 502 upstream_reset_before_reply    | -
      HANG_BEFORE_HEAD        | first_byte_timeout | -    | -   | target | -                 | own 504 upstream_timeout               | input
      REDIRECT                | redirect           | -    | -   | target | -                 | own 502 upstream_redirect              | -
      STATUS_400              | bad_request        | -    | -   | -      | -                 | verbatim 400 bad_request               | -
      STATUS_401              | unauthorized       | -    | key | target | key one/a 300     | own 502 upstream_credentials_exhausted | -
      STATUS_402              | payment_required   | -    | key | target | key one/a 300     | own 502 upstream_credentials_exhausted | -
      STATUS_403              | forbidden          | -    | key | target | model one/a/m 60  | verbatim 403 forbidden                 | -
      STATUS_404              | not_found          | -    | key | target | model one/a/m 60  | verbatim 404 not_found                 | -
      STATUS_408              | request_timeout    | 500  | key | target | -                 | verbatim 408 timeout                   | -
      STATUS_413              | bad_request        | -    | -   | -      | -                 | verbatim 413 too_large                 | -
      STATUS_422              | bad_request        | -    | -   | -      | -                 | verbatim 422 unprocessable             | -
      STATUS_429              | rate_limited       | 500  | key | target | model one/a/m 20  | verbatim 429 rate                      | -
      STATUS_429_SECONDS      | rate_limited       | 3000 | key | target | model one/a/m 3   | verbatim 429 rate                      | -
      STATUS_429_MILLIS       | rate_limited       | 3000 | key | target | model one/a/m 3   | verbatim 429 rate                      | -
      STATUS_429_DATE         | rate_limited       | 3000 | key | target | model one/a/m 3   | verbatim 429 rate                      | -
      STATUS_429_LONG         | rate_limited       | -    | key | target | model one/a/m 60  | verbatim 429 rate                      | -
      STATUS_500              | server_error       | 500  | key | target | -                 | verbatim 500 server                    | -
      STATUS_500_WITHOUT_BODY | server_error       | 500  | key | target | -                 | own 500 error                          | -
      STATUS_502              | server_error       | 500  | key | target | -                 | verbatim 502 gateway                   | -
      STATUS_503              | overloaded         | 500  | -   | target | -                 | verbatim 503 busy                      | -
      STATUS_529              | overloaded         | 500  | -   | target | -                 | verbatim 529 overloaded                | -
      HUGE_ERROR_BODY         | server_error       | 500  | key | target | -                 | verbatim 500 error                     | -
      HANGING_ERROR_BODY      | server_error       | 500  | key | target | -                 | verbatim 500 server                    | -
      CUT_ERROR_BODY          | server_error       | 500  | key | target | -                 | verbatim 500 server                    | -
      HANG_AFTER_HEAD         | idle_timeout       | 500  | -   | target | -                 | own 504 upstream_timeout               | input
      RESET_AFTER_HEAD        | cut                | 500  | -   | target | -                 | own 502 upstream_cut                   | input
      HANG_BEFORE_CONTENT     | idle_timeout       | 500  | -   | target | -                 | own 504 upstream_timeout               | input
      RESET_BEFORE_CONTENT    | cut                | 500  | -   | target | -                 | own 502 upstream_cut                   | input
      TRUNCATED               | cut|malformed      | 500  | -   | target | -                 | own 502 upstream_cut|malformed_reply   | input
      MALFORMED               | malformed          | 500  | -   | target | -                 | own 502 malformed_reply                | input
      ERROR_INSIDE            | stream_error       | 500  | -   | target | -                 | own 529 overloaded                     | input
      BAD_REQUEST_INSIDE      | bad_request        | -    | -   | -      | -                 | own 400 too_long                       | input
      RATE_LIMIT_INSIDE       | rate_limited       | 500  | key | target | model one/a/m 20  | own 429 rate                           | input
      EMPTY_200               | empty              | 500  | -   | target | -                 | own 502 upstream_empty                 | input
      """;

  enum Way {
    SAME_KEY,
    NEXT_KEY,
    NEXT_TARGET,
    NOTHING_LEFT
  }

  enum Phase {
    HELD,
    COMMITTED,
    BODY
  }

  record Row(
      Fault fault,
      FailureClass failure,
      String again,
      boolean nextKey,
      boolean nextTarget,
      List<String> cools,
      boolean verbatim,
      int status,
      String code,
      Usage charged) {
    boolean atOnce() {
      return again.equals("once");
    }

    boolean backsOff() {
      return !again.equals("-") && !atOnce();
    }

    static Row of(String line, boolean stream) {
      String[] cells = line.strip().split("\\s+\\|\\s+", -1);
      String[] told = cells[6].split(" ", -1);
      return new Row(
          Fault.valueOf(cells[0]),
          FailureClass.valueOf(either(cells[1], stream).toUpperCase(Locale.ROOT)),
          cells[2],
          cells[3].equals("key"),
          cells[4].equals("target"),
          cells[5].equals("-") ? List.of() : List.of(cells[5]),
          told[0].equals("verbatim"),
          Integer.parseInt(told[1]),
          either(told[2], stream),
          cells[7].equals("input") ? Usage.estimate(100, 0) : Usage.NONE);
    }

    private static String either(String cell, boolean stream) {
      String[] choice = cell.split("\\|", -1);
      return choice[stream ? 0 : choice.length - 1];
    }
  }

  record Case(Row row, Way way, Phase phase) {
    @Override
    public String toString() {
      return row.fault() + ", " + way + ", " + phase;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String line : TABLE.lines().toList()) {
      for (Phase phase : Phase.values()) {
        for (Way way : Way.values()) {
          cases.add(new Case(Row.of(line, phase != Phase.BODY), way, phase));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void faults(Case c) {
    ExchangeHarness h = arranged(c.way()).stream(c.phase() != Phase.BODY);
    if (c.phase() == Phase.COMMITTED) {
      h.placesByHand().start().advance(Exchange.HOLD);
      assertThat(h.seen().status).isEqualTo(200);
      h.grantFromNowOn();
    } else {
      h.start();
    }
    Row row = c.row();
    row.fault().play(h);
    int played = 1;
    if (row.atOnce() && c.way() != Way.SAME_KEY) {
      row.fault().play(h);
      played++;
    }
    boolean saved =
        switch (c.way()) {
          case SAME_KEY -> row.atOnce() || row.backsOff();
          case NEXT_KEY -> row.nextKey();
          case NEXT_TARGET -> row.nextTarget();
          case NOTHING_LEFT -> false;
        };
    if (saved) {
      if (c.way() == Way.SAME_KEY && row.backsOff()) {
        assertThat(h.attempt()).isEqualTo(1);
        h.advance(Duration.ofMillis(Integer.parseInt(row.again())));
      }
      assertThat(h.attempt()).isEqualTo(played + 1);
      h.reply("fine");
      succeeded(h, c, played);
    } else {
      failed(h, c, played);
    }
    budgetTaken(h, c, saved);
  }

  private static ExchangeHarness arranged(Way way) {
    return switch (way) {
      case SAME_KEY ->
          ExchangeHarness.of(
              target(Entities.provider("one", Entities.network(2), Entities.key("a")), "m"));
      case NEXT_KEY ->
          ExchangeHarness.of(
              target(Entities.provider("one", Entities.key("a"), Entities.key("b")), "m"));
      case NEXT_TARGET ->
          ExchangeHarness.of(
              target(Entities.provider("one", Entities.key("a")), "m"),
              target(Entities.provider("two", Entities.key("z")), "other"));
      case NOTHING_LEFT -> ExchangeHarness.single();
    };
  }

  private static void succeeded(ExchangeHarness h, Case c, int played) {
    Receipt receipt = h.receipt();
    assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(receipt.failureCode()).isNull();
    assertThat(receipt.attempts()).hasSize(played + 1);
    assertThat(h.failures().subList(0, played)).containsOnly(c.row().failure());
    assertThat(h.failures().getLast()).isNull();
    assertThat(receipt.attempts().getLast().keyName())
        .isEqualTo(
            switch (c.way()) {
              case SAME_KEY, NOTHING_LEFT -> "name-of-a";
              case NEXT_KEY -> "name-of-b";
              case NEXT_TARGET -> "name-of-z";
            });
    assertThat(receipt.usage())
        .isEqualTo(new Usage(10, 0, 0, 0, 5, 0, false).plus(c.row().charged()));
    assertThat(receipt.costNanoUsd()).hasValue(60 + c.row().charged().input());
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().finished).isTrue();
    assertThat(h.seen().text().replace(LineDialect.PING, "")).isEqualTo(h.replyBytes("fine"));
    // A later success of the same key speaks for it; that of another key or provider does not.
    assertThat(h.cooling()).hasSize(c.way() == Way.SAME_KEY ? 0 : c.row().cools().size());
  }

  private static void failed(ExchangeHarness h, Case c, int played) {
    Row row = c.row();
    Receipt receipt = h.receipt();
    assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(receipt.failureCode()).isEqualTo(row.code());
    assertThat(h.failures()).hasSize(played).containsOnly(row.failure());
    Usage charged = Usage.NONE;
    for (int i = 0; i < played; i++) {
      charged = charged.plus(row.charged());
    }
    assertThat(receipt.usage()).isEqualTo(charged);
    assertThat(h.seen().settled).isEqualTo(charged);
    assertThat(h.seen().finished).isTrue();
    assertThat(h.cooling()).isEqualTo(row.cools());
    String told = row.code() + " " + row.status() + " ";
    if (c.phase() == Phase.COMMITTED) {
      assertThat(h.seen().status).isEqualTo(200);
      assertThat(h.seen().text().replace(LineDialect.PING, "")).startsWith("error " + told);
    } else {
      assertThat(h.seen().status).isEqualTo(row.status());
      assertThat(h.seen().contentLength).isEqualTo(h.seen().textBytes());
      if (!row.verbatim()) {
        assertThat(h.seen().text()).startsWith("failure " + told);
      } else if (row.fault() == Fault.HUGE_ERROR_BODY) {
        assertThat(h.seen().text()).as("no half document").startsWith("failure " + told);
      } else {
        assertThat(h.seen().text()).startsWith("error " + row.code() + " 0 ");
      }
    }
  }

  private static void budgetTaken(ExchangeHarness h, Case c, boolean saved) {
    Row row = c.row();
    int expected =
        (row.atOnce() ? 1 : 0)
            + (c.way() == Way.SAME_KEY && row.backsOff() ? 1 : 0)
            + (c.way() == Way.NEXT_KEY && saved ? 1 : 0);
    assertThat(h.retriesTaken("one")).isEqualTo(expected);
  }
}
