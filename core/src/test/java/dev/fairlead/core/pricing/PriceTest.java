package dev.fairlead.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Usage;
import dev.fairlead.core.pricing.ModelPrices.Change;
import dev.fairlead.core.pricing.ModelPrices.Condition;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTest {
  // 3 / 0.3 / 3.75 / 6 / 15 USD per million, above 200,000 input tokens 6 / 0.6 / 7.5 / 12 / 22.5
  private static final Price SONNET =
      new Price(
          new Rates(3_000_000, 300_000, 3_750_000, 6_000_000, 15_000_000),
          List.of(
              new Price.Tier(
                  200_000, new Rates(6_000_000, 600_000, 7_500_000, 12_000_000, 22_500_000))),
          0);

  private static Price flat(long rate) {
    return new Price(new Rates(rate, rate, rate, rate, rate), List.of(), 0);
  }

  @Test
  void everyKindOfTokenHasItsRate() {
    Usage usage = new Usage(1000, 2000, 300, 40, 500, 100, false);
    // 3,000,000 + 600,000 + 1,125,000 + 240,000 + 7,500,000 nano-USD
    assertThat(SONNET.nanoUsd(usage)).isEqualTo(12_465_000);
  }

  @Test
  void aLongPromptPaysItsTierForEveryToken() {
    assertThat(SONNET.nanoUsd(new Usage(200_000, 0, 0, 0, 10, 0, false)))
        .isEqualTo(600_000_000L + 150_000);
    assertThat(SONNET.nanoUsd(new Usage(1, 200_000, 0, 0, 10, 0, false)))
        .isEqualTo(6_000 + 120_000_000L + 225_000);
  }

  @Test
  void aCostIsRoundedUpOnce() {
    assertThat(flat(1).nanoUsd(new Usage(1, 1, 1, 1, 1, 0, false))).isEqualTo(1);
    assertThat(flat(1).nanoUsd(new Usage(1000, 1, 0, 0, 0, 0, false))).isEqualTo(2);
    assertThat(flat(0).nanoUsd(new Usage(1000, 1, 0, 0, 0, 0, false))).isZero();
    assertThat(new Price(new Rates(0, 0, 0, 0, 0), List.of(), 12_000_000_000L).nanoUsd(Usage.NONE))
        .isEqualTo(12_000_000);
  }

  @Test
  void absurdCountsCostTheMostAndNeverLess() {
    assertThat(SONNET.nanoUsd(new Usage(Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, 0, 0, false)))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(flat(2).nanoUsd(new Usage(Long.MAX_VALUE / 2 + 1, 0, 0, 0, 0, 0, false)))
        .isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-08-31T23:59:59Z, 1",
    "2026-09-01T00:00:00Z, 2",
    "2027-01-01T00:00:00Z, 2",
  })
  void aDatedPriceHoldsFromItsDay(Instant at, long rate) {
    ModelPrices model =
        model(new Change(new Condition.From(Instant.parse("2026-09-01T00:00:00Z")), flat(2)));
    assertThat(model.at(at).base().input()).isEqualTo(rate);
  }

  @ParameterizedTest
  @CsvSource({
    "00:30, 16:30, 2026-01-01T00:29:59Z, 1",
    "00:30, 16:30, 2026-01-01T00:30:00Z, 2",
    "00:30, 16:30, 2026-01-01T16:30:00Z, 1",
    "22:00, 06:00, 2026-01-01T23:00:00Z, 2",
    "22:00, 06:00, 2026-01-01T05:59:59Z, 2",
    "22:00, 06:00, 2026-01-01T06:00:00Z, 1",
  })
  void aDailyPriceHoldsBetweenItsTimes(LocalTime start, LocalTime end, Instant at, long rate) {
    assertThat(model(new Change(new Condition.Daily(start, end), flat(2))).at(at).base().input())
        .isEqualTo(rate);
  }

  private static ModelPrices model(Change change) {
    return new ModelPrices("m", null, null, flat(1), List.of(change));
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, gpt-4o",
    "GPT-4o, gpt-4o",
    "gpt-4o-2024-08-06, gpt-4o",
    "gpt-4o-20240806, gpt-4o",
    "gpt-4o@20240806, gpt-4o",
    "gpt-4o-latest, gpt-4o",
    "models/gpt-4o, gpt-4o",
    "nano-1, nano-",
    "nano-big-1, nano-big-",
    "nano-bi, nano-",
    "nano-a, nano-",
    "gpt-4o-mini, ''",
    "gpt-4, ''",
    "nan, ''",
    "zzz, ''",
    "'', ''",
  })
  void namesAreMatchedExactlyThenWithoutDateThenByLongestPrefix(String name, String expected) {
    PriceTable table =
        PriceTable.builder()
            .add("p", List.of("gpt-4o"), List.of(), named("gpt-4o"))
            .add("p", List.of(), List.of("nano-"), named("nano-"))
            .add("p", List.of(), List.of("nano-big-", "nano-b2"), named("nano-big-"))
            .build();
    ModelPrices found = table.find("p", name);
    assertThat(found == null ? "" : found.id()).isEqualTo(expected);
    assertThat(table.find("other", name)).isNull();
  }

  private static ModelPrices named(String id) {
    return new ModelPrices(id, null, null, flat(1), List.of());
  }

  @Test
  void nonsenseIsNoPrice() {
    assertThatThrownBy(() -> new Rates(-1, 0, 0, 0, 0)).hasMessage("prices are never negative");
    Price.Tier tier = Objects.requireNonNull(SONNET.tiers().getFirst());
    assertThatThrownBy(() -> new Price(SONNET.base(), List.of(tier, tier), 0))
        .hasMessage("tiers stand in rising order");
  }
}
