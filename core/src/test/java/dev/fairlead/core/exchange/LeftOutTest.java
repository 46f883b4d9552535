package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.FailureClass;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Targets the permit does not allow any more, and what it is told of long streams. */
class LeftOutTest {
  private static final Failure.Denied SPENT =
      new Failure.Denied(402, "budget_exceeded", "The budget of key \"k\" is used up.", 7_200);

  private static ExchangeHarness two(String... denied) {
    return ExchangeHarness.of(
            target(Entities.provider("one", Entities.key("a")), "m"),
            target(Entities.provider("two", Entities.key("b")), "m"))
        .deny(at -> denied(at.provider().name(), denied));
  }

  private static Failure.@Nullable Denied denied(String provider, String... denied) {
    for (String name : denied) {
      if (name.equals(provider)) {
        return SPENT;
      }
    }
    return null;
  }

  @Test
  void aTargetThatIsDeniedIsLeftOutAndTheNextAnswers() {
    ExchangeHarness h = two("one").start().reply("abc");

    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(h.receipt().attempts()).singleElement().returns("two", Receipt.Attempt::provider);
    assertThat(h.receipt().warnings())
        .containsExactly("one/m left out: The budget of key \"k\" is used up.");
  }

  @Test
  void whenAllAreDeniedTheClientIsToldWhy() {
    ExchangeHarness h = two("one", "two").start();

    assertThat(h.receipt())
        .returns(Outcome.REFUSED, Receipt::outcome)
        .returns(402, Receipt::status)
        .returns("budget_exceeded", Receipt::failureCode);
    assertThat(h.receipt().attempts()).isEmpty();
    assertThat(h.seen().permitReleased).isTrue();
  }

  @Test
  void aFallbackThatIsDeniedLeavesTheFirstAnswerStanding() {
    ExchangeHarness h = two("two").start().lost(FailureClass.CONNECT).lost(FailureClass.CONNECT);

    assertThat(h.receipt().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(h.receipt().warnings()).hasSize(1);
  }

  @Test
  void longStreamsAreToldOfNowAndThen() {
    ExchangeHarness h = ExchangeHarness.single().start().head();
    h.data("open r1\ntext abcd\n");
    assertThat(h.progress()).isEmpty();
    h.data("text " + "x".repeat(4_000) + "\n");
    assertThat(h.progress()).containsExactly(Usage.estimate(100, 1_001));
    h.advance(Duration.ofSeconds(3));
    h.data("text abcd\n");

    assertThat(h.progress()).hasSize(2);
    h.data("end\n").end();
  }
}
