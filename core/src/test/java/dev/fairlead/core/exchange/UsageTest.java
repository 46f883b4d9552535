package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.FailureClass;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was used and what it costs: the provider's word where there is one, a marked estimate where
 * not.
 */
class UsageTest {
  private static final String BEGUN = "open r1\ntext abcdefgh\n";

  private static Usage told(long input, long output) {
    return new Usage(input, 0, 0, 0, output, 0, false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theProvidersLastWordCounts(boolean stream) {
    ExchangeHarness h = ExchangeHarness.single().stream(stream).start().reply("abc");
    assertThat(h.receipt().usage()).isEqualTo(told(10, 5));
    assertThat(h.receipt().costNanoUsd()).hasValue(60);
    assertThat(h.receipt().finishReason()).isEqualTo("stop");
  }

  @Test
  void aReplyThatSaysNothingOfUsageIsEstimated() {
    ExchangeHarness h = ExchangeHarness.single().start().head().data(BEGUN + "end\n").end();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(h.receipt().usage()).isEqualTo(Usage.estimate(100, 2));
    assertThat(h.receipt().costNanoUsd()).hasValue(120);
  }

  @Test
  void usageToldEarlyIsNoLastWordWhenTheStreamIsCut() {
    ExchangeHarness h = ExchangeHarness.single().start().head();
    h.data("open r1\nusage 70 1\ntext " + "x".repeat(40) + "\n").lost(FailureClass.CUT);
    assertThat(h.receipt().usage()).isEqualTo(new Usage(70, 0, 0, 0, 10, 0, true));
  }

  @Test
  void usageToldWithTheFinishReasonStandsThoughTheEndIsMissing() {
    ExchangeHarness h = ExchangeHarness.single().start().head();
    h.data("open r1\ntext " + "x".repeat(40) + "\nfinish stop\nusage 70 8\n")
        .lost(FailureClass.CUT);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.CUT);
    assertThat(h.receipt().usage()).isEqualTo(told(70, 8));
  }

  @Test
  void allAttemptsThatBeganToReplyAreSummedEachOnce() {
    List<Usage> priced = new ArrayList<>();
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a")), "m"),
                target(Entities.provider("two", Entities.key("b")), "m"),
                target(Entities.provider("three", Entities.key("c")), "m"))
            .pricer((provider, model, usage, at) -> {
              priced.add(usage);
              assertThat(at).isEqualTo(ExchangeHarness.STARTED_MILLIS);
              return ExchangeHarness.PRICER.nanoUsd(provider, model, usage, at);
            })
            .start();
    h.head().data("open r1\nusage 70 1\nerror overloaded 529 busy\n");
    h.advance(Entities.FIRST_BYTE);
    h.reply("abc");
    assertThat(priced)
        .containsExactly(new Usage(70, 0, 0, 0, 1, 0, true), Usage.estimate(100, 0), told(10, 5));
    assertThat(h.receipt().usage()).isEqualTo(new Usage(180, 0, 0, 0, 6, 0, true));
    assertThat(h.receipt().costNanoUsd()).hasValue(240);
  }

  @Test
  void refusalsOfAProviderAreNotCharged() {
    ExchangeHarness h = ExchangeHarness.single().start().error(500, "error x 0 y");
    assertThat(h.receipt().usage()).isEqualTo(Usage.NONE);
    assertThat(h.receipt().costNanoUsd()).hasValue(0);
    assertThat(h.seen().settled).isEqualTo(Usage.NONE);
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"COUNT_TOKENS", "EMBEDDING", "RESPONSES_INPUT_TOKENS"})
  void whatGeneratesNothingIsNotEstimated(Operation operation) {
    ExchangeHarness silent =
        ExchangeHarness.single().operation(operation).stream(false).start().head();
    silent.data("body\nopen r1\n").end();
    assertThat(silent.receipt().outcome())
        .as("nothing generated is no failure")
        .isEqualTo(Outcome.COMPLETED);
    assertThat(silent.receipt().usage()).isEqualTo(Usage.NONE);
    assertThat(silent.receipt().costNanoUsd()).hasValue(0);

    ExchangeHarness told = ExchangeHarness.single().operation(operation).stream(false).start();
    told.head().data("body\nusage 30 0\n").end();
    assertThat(told.receipt().usage()).isEqualTo(told(30, 0));

    ExchangeHarness gone =
        ExchangeHarness.single().operation(operation).stream(false).start().gone();
    assertThat(gone.receipt().usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void anUnknownPriceIsNotZero() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a")), "m"),
                target(Entities.provider("unpriced", Entities.key("b")), "m"))
            .start()
            .head();
    h.data("open r1\nerror overloaded 529 busy\n").reply("abc");
    assertThat(h.receipt().usage().estimated()).isTrue();
    assertThat(h.receipt().costNanoUsd()).isEqualTo(OptionalLong.empty());
  }

  @Test
  void nothingUsedAtAnUnknownPriceIsStillZero() {
    ExchangeHarness h =
        ExchangeHarness.of(target(Entities.provider("unpriced", Entities.key("b")), "m"))
            .start()
            .error(400, "error x 0 y");
    assertThat(h.receipt().costNanoUsd()).hasValue(0);
  }

  // ---- empty replies
  // ----------------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"finish stop", "finish end_turn", "finish completed", "usage 10 0"})
  void aReplyWithoutContentIsTriedAgainAndPassedOnWhenNothingElseIsLeft(String line) {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a")), "m"),
                target(Entities.provider("two", Entities.key("b")), "m"))
            .start();
    String empty = "open r1\n" + line + "\nend\n";
    h.head().data(empty).end().head().data(empty).end();
    assertThat(h.failures()).containsExactly(FailureClass.EMPTY, null);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(h.seen().text()).isEqualTo(empty);
  }

  @Test
  void anEmptyReplyIsPassedOnWhenTheRetryBudgetIsSpent() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(2), Entities.key("a")), "m"))
            .start();
    assertThat(h.retriesTaken("one")).isZero();
    h.head().data("open r1\nfinish stop\nend\n").end();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void anEmptyStreamThatIsNotClosedIsNotWaitedForLong() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a")), "m"),
                target(Entities.provider("two", Entities.key("b")), "m"))
            .start();
    h.head().data("open r1\nfinish stop\nend\n").advance(Exchange.LINGER);
    assertThat(h.attempt()).isEqualTo(2);
    h.reply("abc");
    assertThat(h.failures()).containsExactly(FailureClass.EMPTY, null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "finish tool_use",
        "finish function_call",
        "finish length",
        "finish max_tokens",
        "finish content_filter",
        "finish refusal",
        "usage 10 3"
      })
  void aReplyThatMeansToBeEmptyIsNot(String line) {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(2), Entities.key("a")), "m"),
                target(Entities.provider("two", Entities.key("b")), "m"))
            .start();
    h.head().data("open r1\n" + line + "\nend\n").end();
    assertThat(h.failures()).containsOnlyNulls();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }
}
