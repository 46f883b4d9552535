package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.FailureClass;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What breaks after content has been sent is told to the client; nobody else takes over. */
class FlowingFaultTest {
  private static final String BEGUN = "open r1\ntext abcdefgh\n";

  /** Begun, with keys, retries and a target to spare. */
  private static ExchangeHarness flowing() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(
                    Entities.provider(
                        "one", Entities.network(2), Entities.key("a"), Entities.key("b")),
                    "m"),
                target(Entities.provider("two", Entities.key("z")), "m"))
            .start()
            .head()
            .data(BEGUN);
    assertThat(h.seen().text()).isEqualTo(BEGUN);
    return h;
  }

  private static void assertCut(ExchangeHarness h, FailureClass failure) {
    assertThat(h.seen().calls).isEqualTo(1);
    assertThat(h.failures()).containsExactly(failure);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CUT);
    assertThat(h.receipt().status()).isEqualTo(200);
    assertThat(h.receipt().usage()).isEqualTo(Usage.estimate(100, 2));
    assertThat(h.cooling()).isEmpty();
    assertThat(h.retriesTaken("one")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"hang, IDLE_TIMEOUT", "reset, CUT", "truncation, CUT", "total, IDLE_TIMEOUT"})
  void whatBreaksOffIsToldInsideTheStream(String how, FailureClass failure) {
    ExchangeHarness h = flowing();
    switch (how) {
      case "hang" -> h.advance(Entities.IDLE);
      case "reset" -> h.lost(FailureClass.RESET_BEFORE_REPLY);
      case "truncation" -> h.end();
      default -> {
        while (!h.closed()) {
          h.data(": still here\n").advanceSeconds(3);
        }
        assertThat(h.seconds()).isBetween(600.0, 603.0);
      }
    }
    assertCut(h, failure);
    assertThat(h.seen().text()).startsWith(BEGUN);
    assertThat(h.seen().pieces.getLast())
        .startsWith("error upstream_cut 502 The reply of one broke off");
    assertThat(h.seen().finished).isTrue();
    assertThat(h.receipt().failureCode()).isEqualTo("upstream_cut");
  }

  @Test
  void theBeginningOfAFrameIsNotSentWhenTheRestNeverComes() {
    ExchangeHarness h = flowing().data("text half a fra").lost(FailureClass.CUT);
    assertThat(h.seen().text()).doesNotContain("half");
    assertCut(h, FailureClass.CUT);
  }

  @Test
  void aReplyThatBreaksInsideAFrameAlreadySentIsReset() {
    ExchangeHarness h = flowing().data("text " + "x".repeat(5_000)).lost(FailureClass.CUT);
    assertThat(h.seen().text()).contains("xxx").doesNotContain("error ");
    assertThat(h.seen().reset).isTrue();
    assertThat(h.seen().finished).isFalse();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void garbageBehindContentPassesAsItIs() {
    ExchangeHarness h = flowing().data("garbage\nusage 7 3\nfinish stop\nend\n").end();
    assertThat(h.seen().text()).isEqualTo(BEGUN + "garbage\nusage 7 3\nfinish stop\nend\n");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(h.receipt().usage()).isEqualTo(new Usage(7, 0, 0, 0, 3, 0, false));
  }

  @ParameterizedTest
  @CsvSource({"end", "hang", "reset", "gone", "stopped", "tick"})
  void aProvidersOwnErrorIsTheOnlyOneTheClientSees(String then) {
    ExchangeHarness h = flowing().data("error overloaded 529 too busy\n");
    after(h, then);
    assertThat(h.seen().text().stripTrailing()).isEqualTo(BEGUN + "error overloaded 529 too busy");
    assertThat(h.seen().finished).isTrue();
    assertThat(h.receipt().failureCode()).isEqualTo("overloaded");
    assertCut(h, FailureClass.STREAM_ERROR);
  }

  @ParameterizedTest
  @CsvSource({"end", "hang", "reset", "gone", "stopped", "tick"})
  void aReplyThatHasSaidItsLastWordIsCompleteWhateverFollows(String then) {
    ExchangeHarness h = flowing().data("usage 7 3\nfinish stop\nend\n");
    assertThat(h.closed()).isFalse();
    after(h, then);
    assertThat(h.seen().text().stripTrailing()).isEqualTo(BEGUN + "usage 7 3\nfinish stop\nend");
    assertThat(h.seen().finished).isTrue();
    assertThat(h.failures()).containsOnlyNulls();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(h.receipt().usage()).isEqualTo(new Usage(7, 0, 0, 0, 3, 0, false));
  }

  private static void after(ExchangeHarness h, String then) {
    switch (then) {
      case "end" -> h.end();
      case "hang" -> h.advance(Exchange.LINGER);
      case "reset" -> h.lost(FailureClass.CUT);
      case "gone" -> h.gone();
      case "stopped" -> h.stopped();
      default -> {
        // Bytes that never end do not keep an exchange open either.
        for (int i = 0; i < 4; i++) {
          h.advance(Duration.ofMillis(500)).data("\n");
        }
        h.event(new ExchangeEvent.Tick());
      }
    }
    assertThat(h.closed()).isTrue();
    assertThat(h.seconds()).isLessThanOrEqualTo(2.0);
  }

  @Test
  void aBodyThatFlowsAndBreaksIsReset() {
    ExchangeHarness h =
        ExchangeHarness.single().stream(false)
            .start()
            .head(200, "content-type", "application/json", "content-length", "2000000");
    h.data("x".repeat(Exchange.MOST_HELD_BODY)).data("x");
    assertThat(h.seen().contentLength).isEqualTo(2_000_000);
    h.lost(FailureClass.CUT);
    assertThat(h.seen().reset).isTrue();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CUT);
    assertThat(h.receipt().usage().estimated()).isTrue();
  }
}
