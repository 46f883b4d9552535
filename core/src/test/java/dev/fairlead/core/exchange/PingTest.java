package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.fixture.Entities;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A silent stream is kept alive, and nothing but a silent stream. */
class PingTest {
  private static final Duration LONG = Duration.ofMinutes(9);

  private static ExchangeHarness patient() {
    return ExchangeHarness.of(
        target(
            Entities.provider("one", Entities.network(0, LONG, LONG, LONG), Entities.key("a")),
            "m"));
  }

  private static long pings(ExchangeHarness h) {
    return h.seen().count(LineDialect.PING);
  }

  @Test
  void aCommittedStreamIsPingedAtOnceAndThenEveryFifteenSeconds() {
    ExchangeHarness h = patient().start().advanceSeconds(10);
    assertThat(pings(h)).isEqualTo(1);
    h.advance(Duration.ofMillis(14_999));
    assertThat(pings(h)).isEqualTo(1);
    h.advance(Duration.ofMillis(1));
    assertThat(pings(h)).isEqualTo(2);
    h.advanceSeconds(150);
    assertThat(pings(h)).isEqualTo(12);
  }

  @Test
  void aFlowingStreamIsPingedAfterFifteenSecondsOfSilence() {
    ExchangeHarness h = patient().start().head().data("open r1\ntext abc\n").advanceSeconds(14);
    h.data("text def\n").advanceSeconds(14);
    assertThat(pings(h)).isZero();
    h.advanceSeconds(1);
    assertThat(pings(h)).isEqualTo(1);
    h.advanceSeconds(14).data("text ghi\nend\n").end();
    assertThat(pings(h)).isEqualTo(1);
  }

  @Test
  void halfAFrameKeptBackIsNoReasonNotToPing() {
    ExchangeHarness h =
        patient().start().head().data("open r1\ntext abc\ntext half").advanceSeconds(15);
    assertThat(h.seen().pieces).endsWith(LineDialect.PING);
    h.data(" done\nend\n").end();
    assertThat(h.seen().text()).endsWith(LineDialect.PING + "text half done\nend\n");
  }

  @Test
  void nothingIsPutIntoAFrameSentInParts() {
    ExchangeHarness h = patient().start().head().data("open r1\ntext abc\n");
    h.data("text " + "x".repeat(3_000)).advanceSeconds(40);
    assertThat(pings(h)).isZero();
    h.data("xyz\n").advanceSeconds(15);
    assertThat(pings(h)).isEqualTo(1);
  }

  @Test
  void aBodyIsNotPinged() {
    ExchangeHarness h = patient().stream(false).start().head();
    h.data("x".repeat(Exchange.MOST_HELD_BODY + 1)).advanceSeconds(100);
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(pings(h)).isZero();
  }

  @Test
  void aStreamNobodyAskedForIsPingedOnceItFlows() {
    ExchangeHarness h =
        patient().stream(false).start().head(200, "content-type", "text/event-stream");
    h.advanceSeconds(20);
    assertThat(h.seen().status).isZero();
    h.data("open r1\ntext abc\n").advanceSeconds(15);
    assertThat(pings(h)).isEqualTo(1);
  }

  @Test
  void aClientThatTakesNothingIsNotPinged() {
    ExchangeHarness h =
        patient().start().head().data("open r1\ntext abc\n").stalled().advanceSeconds(60);
    assertThat(pings(h)).isZero();
    h.ready().advanceSeconds(1);
    assertThat(pings(h)).isEqualTo(1);
  }
}
