package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.FailureClass;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Held, committed, flowing: what is kept back, how much of it and for how long. */
class HoldTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private static ExchangeHarness patient() {
    return ExchangeHarness.of(
        target(
            Entities.provider("one", Entities.network(1, LONG, LONG, LONG), Entities.key("a")),
            "m"),
        target(
            Entities.provider("two", Entities.network(1, LONG, LONG, LONG), Entities.key("z")),
            "m2"));
  }

  @Test
  void nothingIsSentBeforeContent() {
    ExchangeHarness h = patient().start().head().data(": hello\nopen r1\n").advanceSeconds(9);
    assertThat(h.seen().status).isZero();
    h.data("text abc\n");
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().text()).isEqualTo(": hello\nopen r1\ntext abc\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"waiting", "calling", "reading", "opened", "backing off"})
  void aSilentStreamIsCommittedAfterTenSeconds(String where) {
    ExchangeHarness h = patient();
    switch (where) {
      case "waiting" -> h.placesByHand().start();
      case "calling" -> h.start();
      case "reading" -> h.start().head();
      case "opened" -> h.start().head().data("open r1\n");
      default -> h.start().advanceSeconds(8).error(500, "", "retry-after", "5");
    }
    h.advance(Exchange.HOLD.minusMillis(1).minusNanos((long) (h.seconds() * 1e9)));
    assertThat(h.seen().status).isZero();
    h.advance(Duration.ofMillis(1));
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(h.seen().header("x-accel-buffering")).isEqualTo("no");
    assertThat(h.seen().text()).isEqualTo(LineDialect.PING);
  }

  @Test
  void patienceBeginsWhenTheRequestHasBeenRead() {
    ExchangeHarness h = patient().bodyTook(Duration.ofSeconds(15)).start().advanceSeconds(9);
    assertThat(h.seen().status).isZero();
    h.error(400, "error bad_request 0 no");
    assertThat(h.seen().status).isEqualTo(400);
  }

  @Test
  void anotherTargetTakesOverUnseenWhenNothingButPingsWasSent() {
    ExchangeHarness h = patient().start().head().data("open r1\n").advance(Exchange.HOLD);
    h.data("error overloaded 529 busy\n").advanceSeconds(1);
    h.head().data("error overloaded 529 busy\n");
    assertThat(h.attempt()).isEqualTo(3);
    h.reply("second");
    assertThat(h.seen().text()).isEqualTo(LineDialect.PING + h.replyBytes("second"));
    assertThat(h.seen().header("x-fairlead-provider")).isEqualTo("one");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(h.receipt().replyLane()).isEqualTo(Lane.FRAMES);
  }

  @Test
  void aReplyThatHasBegunKeepsItsOwnHeadWhenCommitted() {
    ExchangeHarness h =
        patient()
            .start()
            .head(200, "content-type", "text/event-stream", "x-vendor", "yes", "set-cookie", "a=b")
            .advance(Exchange.HOLD);
    assertThat(h.seen().header("x-vendor")).isEqualTo("yes");
    assertThat(h.seen().header("set-cookie")).isNull();
    h.data("open r1\n").data("text abc\nend\n").end();
    assertThat(h.seen().text()).isEqualTo(LineDialect.PING + "open r1\ntext abc\nend\n");
  }

  @Test
  void aBodyIsNeverCommitted() {
    ExchangeHarness h =
        patient().stream(false).start().advanceSeconds(100).head().advanceSeconds(50);
    assertThat(h.seen().status).isZero();
    h.data(h.replyBytes("late")).end();
    assertThat(h.seen().text()).isEqualTo(h.replyBytes("late"));
    assertThat(h.seen().contentLength).isEqualTo(h.seen().textBytes());
    assertThat(h.receipt().replyLane()).isEqualTo(Lane.BYTES);
  }

  @Test
  void aBodyInPlaceOfAStreamPassesWhole() {
    ExchangeHarness h = patient().start().head(200, "content-type", "application/json");
    h.advanceSeconds(60);
    assertThat(h.seen().status).isZero();
    h.data("body\ntext abc\nfinish stop\n").end();
    assertThat(h.seen().header("content-type")).isEqualTo("application/json");
    assertThat(h.seen().text()).isEqualTo("body\ntext abc\nfinish stop\n");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aBodyInPlaceOfACommittedStreamIsOfNoUse() {
    ExchangeHarness h = patient().start().advance(Exchange.HOLD);
    h.head(200, "content-type", "application/json").advanceSeconds(1);
    assertThat(h.attempt()).isEqualTo(2);
    h.reply("as a stream");
    assertThat(h.failures()).containsExactly(FailureClass.MALFORMED, null);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void atMost256KibOfAStreamAreHeld() {
    ExchangeHarness h = patient().start().head();
    String comment = ": " + "x".repeat(1021) + "\n";
    for (int i = 0; i < 256; i++) {
      h.data(comment);
    }
    assertThat(h.seen().status).isZero();
    h.data(comment);
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().textBytes()).isEqualTo(257 * 1024);
    h.lost(FailureClass.CUT);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CUT);
    assertThat(h.seen().calls).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {"3000000, 3000000", "-, -1", "12x, -1", "9999999999999999999, -1"})
  void atMostOneMibOfABodyIsHeld(String contentLength, long announced) {
    ExchangeHarness h = patient().stream(false).start();
    if (contentLength == null) {
      h.head(200, "content-type", "application/json");
    } else {
      h.head(200, "content-type", "application/json", "content-length", contentLength);
    }
    for (int i = 0; i < 16; i++) {
      h.data("x".repeat(64 * 1024));
    }
    assertThat(h.seen().status).isZero();
    h.data("x");
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().contentLength).isEqualTo(announced);
    h.data("y".repeat(3_000_000 - 1024 * 1024 - 1)).end();
    assertThat(h.seen().textBytes()).isEqualTo(3_000_000);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aSlowDripOfNothingIsKeptAliveAndEndsWell() {
    ExchangeHarness h = patient().start().head();
    for (int i = 0; i < 60; i++) {
      h.data(": drip\n").advanceSeconds(1);
    }
    assertThat(h.seen().pieces)
        .containsExactly(LineDialect.PING, LineDialect.PING, LineDialect.PING, LineDialect.PING);
    h.data(h.replyBytes("late")).end();
    assertThat(h.seen().text()).endsWith(": drip\n" + h.replyBytes("late"));
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aPlaceThatDoesNotComeInTimeIsNotWaitedFor() {
    ExchangeHarness h = patient().stream(false).placesByHand().start().advance(Exchange.QUEUE_WAIT);
    assertThat(h.attempt()).isEqualTo(2);
    h.grant().reply("from the second");
    assertThat(h.failures()).containsExactly(FailureClass.SHED, null);
    assertThat(h.receipt().timings().queued()).isEqualTo(30_000_000);
  }

  @Test
  void withoutAnyPlaceTheRequestIsRefusedAndNothingIsSpent() {
    ExchangeHarness h = patient().placesByHand().start().shed().shed();
    assertThat(h.seen().status).isEqualTo(503);
    assertThat(h.seen().header("retry-after")).isEqualTo("1");
    assertThat(h.seen().calls).isZero();
    assertThat(h.seen().permitReleased).isTrue();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(h.receipt().costNanoUsd()).hasValue(0);
    assertThat(h.retriesTaken("one")).isZero();
  }

  /** Codex asks again by itself after a response that failed, and gives up after a 429. */
  @Test
  void aResponseThatFailsBeforeItSaysAnythingIsPassedOnWhenNothingElseIsLeft() {
    ExchangeHarness h = ExchangeHarness.single().operation(Operation.RESPONSES).start();
    h.head(200, "content-type", "text/event-stream", "x-vendor", "yes");
    h.data("open r1\nerror rate_limited 429 slow\n");
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().header("x-vendor")).isEqualTo("yes");
    assertThat(h.seen().text()).isEqualTo("open r1\nerror rate_limited 429 slow\n");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(h.receipt().replyLane()).isEqualTo(Lane.FRAMES);
  }
}
