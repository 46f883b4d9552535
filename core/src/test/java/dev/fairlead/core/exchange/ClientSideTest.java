package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.FailureClass;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that leave, clients that do not read, a gateway that stops, and deadlines. */
class ClientSideTest {
  private static ExchangeHarness harness() {
    return ExchangeHarness.of(
        target(Entities.provider("one", Entities.network(2), Entities.key("a")), "m"),
        target(Entities.provider("two", Entities.key("z")), "m"));
  }

  // ---- the client leaves
  // ------------------------------------------------------------------------------------------

  @Test
  void aClientThatLeavesWhileWaitingForAPlaceCostsNothing() {
    ExchangeHarness h = harness().placesByHand().start().gone();
    assertThat(h.seen().log).containsExactly("Acquire", "Release", "Closed");
    assertThat(h.seen().permitReleased).isTrue();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(h.receipt().status()).isZero();
    assertThat(h.receipt().usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void aClientThatLeavesBeforeTheFirstByteStopsTheCallAtOnce() {
    ExchangeHarness h = harness().start().gone();
    assertThat(h.seen().log).containsExactly("Acquire", "Call", "Abort", "Release", "Closed");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(h.receipt().usage()).isEqualTo(Usage.estimate(100, 0));
    assertThat(h.failures()).containsExactly(FailureClass.CUT);
    assertThat(h.cooling()).isEmpty();
  }

  @Test
  void aClientThatLeavesInTheMiddleIsChargedForWhatWasWritten() {
    ExchangeHarness h = harness().start().head().data("open r1\ntext " + "x".repeat(41) + "\n");
    int before = h.seen().log.size();
    h.gone();
    assertThat(h.seen().log.subList(before, h.seen().log.size()))
        .containsExactly("Abort", "Release", "Closed");
    assertThat(h.receipt().usage()).isEqualTo(Usage.estimate(100, 11));
    assertThat(h.receipt().status()).isEqualTo(200);
    assertThat(h.receipt().replyId()).isEqualTo("r1");
  }

  @Test
  void aClientThatLeavesDuringABackoffEndsIt() {
    ExchangeHarness h = harness().start().error(500, "");
    assertThat(h.attempt()).isEqualTo(1);
    h.gone();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(h.receipt().attempts()).hasSize(1);
    assertThat(h.receipt().usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void aCommittedClientThatLeavesHadItsHead() {
    ExchangeHarness h = harness().placesByHand().start().advance(Exchange.HOLD).gone();
    assertThat(h.receipt().status()).isEqualTo(200);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  // ---- the client does not read
  // -----------------------------------------------------------------------------------

  @Test
  void theProvidersSilenceDoesNotCountWhileTheClientTakesNothing() {
    ExchangeHarness h = harness().start().head().data("open r1\ntext abc\n").advanceSeconds(3);
    h.stalled().advanceSeconds(100).ready().advance(Entities.IDLE.minusMillis(1));
    assertThat(h.closed()).isFalse();
    h.advance(Duration.ofMillis(1));
    assertThat(h.failures()).containsExactly(FailureClass.IDLE_TIMEOUT);
  }

  @Test
  void twoMinutesOfTakingNothingEndIt() {
    ExchangeHarness h = harness().start().head().data("open r1\ntext abc\n").stalled();
    h.advanceSeconds(60).stalled().advance(Duration.ofMillis(59_999));
    assertThat(h.closed()).isFalse();
    h.advance(Duration.ofMillis(1));
    assertThat(h.seen().reset).isTrue();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(h.receipt().status()).isEqualTo(200);
    assertThat(h.receipt().usage().estimated()).isTrue();
  }

  @Test
  void aClientThatTakesNothingDoesNotKeepAProviderWaitedForWithoutEnd() {
    ExchangeHarness h = harness().placesByHand().start().advance(Exchange.HOLD).stalled();
    h.grantFromNowOn().advance(Entities.FIRST_BYTE);
    assertThat(h.attempt()).isEqualTo(2);
    h.head().data(h.replyBytes("abc")).end();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  // ---- the gateway stops
  // ------------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"waiting", "calling", "held", "error body", "backing off"})
  void stoppedBeforeContentIsToldWithAStatus(String where) {
    ExchangeHarness h = harness();
    switch (where) {
      case "waiting" -> h.placesByHand().start();
      case "calling" -> h.start();
      case "held" -> h.start().head().data("open r1\n");
      case "error body" -> h.start().head(500).data("error x 0 y");
      default -> h.start().error(500, "");
    }
    h.stopped();
    assertThat(h.seen().status).isEqualTo(503);
    assertThat(h.seen().header("retry-after")).isEqualTo("1");
    assertThat(h.seen().text())
        .startsWith("failure stopped 503 This request was ended because the gateway is stopping");
    assertThat(h.seen().finished).isTrue();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.STOPPED);
  }

  @Test
  void stoppedWhenCommittedOrFlowingIsToldInsideTheStream() {
    ExchangeHarness committed = harness().placesByHand().start().advance(Exchange.HOLD).stopped();
    assertThat(committed.seen().text()).startsWith(LineDialect.PING + "error stopped 503 ");
    ExchangeHarness flowing = harness().start().head().data("open r1\ntext abc\n").stopped();
    assertThat(flowing.seen().text()).startsWith("open r1\ntext abc\nerror stopped 503 ");
    for (ExchangeHarness h : new ExchangeHarness[] {committed, flowing}) {
      assertThat(h.seen().finished).isTrue();
      assertThat(h.receipt().status()).isEqualTo(200);
      assertThat(h.receipt().outcome()).isEqualTo(Outcome.STOPPED);
    }
  }

  @Test
  void stoppedInTheMiddleOfABodyBreaksTheConnection() {
    ExchangeHarness h = harness().stream(false).start().head();
    h.data("x".repeat(Exchange.MOST_HELD_BODY + 1)).stopped();
    assertThat(h.seen().reset).isTrue();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.STOPPED);
  }

  // ---- deadlines
  // --------------------------------------------------------------------------------------------------

  @Test
  void theTotalTimeEndsItWhateverIsLeftToTry() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(
                    Entities.provider(
                        "one",
                        Entities.network(
                            2, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(8)),
                        Entities.key("a")),
                    "m"),
                target(Entities.provider("two", Entities.key("z")), "m"))
            .start()
            .advanceSeconds(8);
    assertThat(h.seen().status).isEqualTo(504);
    assertThat(h.seen().calls).isEqualTo(1);
    assertThat(h.failures()).containsExactly(FailureClass.IDLE_TIMEOUT);
    // The provider had the request for eight seconds and may bill it.
    assertThat(h.receipt().usage()).isEqualTo(Usage.estimate(100, 0));
  }

  @Test
  void nobodyIsKeptWaitingBeyondTheTotalTimeOrTwentySeconds() {
    ExchangeHarness tooLong =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(5), Entities.key("a")), "m"))
            .start()
            .error(429, "error rate 0 later", "retry-after", "21");
    assertThat(tooLong.seen().status).isEqualTo(429);
    assertThat(tooLong.seen().header("retry-after")).isEqualTo("21");

    ExchangeHarness beyondTotal =
        ExchangeHarness.of(
                target(
                    Entities.provider(
                        "one",
                        Entities.network(
                            5,
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(1),
                            Duration.ofSeconds(12)),
                        Entities.key("a")),
                    "m"))
            .start()
            .error(429, "error rate 0 later", "retry-after", "12");
    assertThat(beyondTotal.seen().status).isEqualTo(429);
  }

  @Test
  void eventsOfAnAttemptThatIsOverChangeNothing() {
    ExchangeHarness h = harness().start().error(500, "");
    int before = h.seen().log.size();
    h.lost(FailureClass.CUT).end().data("x").head(200).grant().shed();
    assertThat(h.seen().log).as("while backing off").hasSize(before);
    h.advance(Duration.ofMillis(500));
    assertThat(h.attempt()).isEqualTo(2);
    before = h.seen().log.size();
    h.event(new ExchangeEvent.UpstreamHead(1, 200, Headers.of("content-type", "text/event-stream")))
        .event(new ExchangeEvent.UpstreamData(1, Bytes.utf8("text old\n")))
        .event(new ExchangeEvent.UpstreamEnd(1))
        .event(new ExchangeEvent.UpstreamLost(1, FailureClass.CUT, "late"))
        .event(new ExchangeEvent.CapacityGranted(1))
        .event(new ExchangeEvent.CapacityShed(1));
    assertThat(h.seen().log).as("during the next").hasSize(before);
    h.reply("new");
    assertThat(h.seen().text()).isEqualTo(h.replyBytes("new"));
    before = h.seen().log.size();
    h.gone().stopped().event(new ExchangeEvent.Tick()).stalled();
    assertThat(h.seen().log).as("behind the receipt").hasSize(before);
  }
}
