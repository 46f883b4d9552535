package dev.fairlead.core.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.PricingOverride;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer.Quote;
import dev.fairlead.core.port.Pricer.Sale;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Overrides by scope, and what an unknown price is taken for. */
class GovernedPricerTest {
  private static final ProviderConfig OPENAI = Entities.provider("openai", Entities.key("a"));
  private static final Usage MILLION = new Usage(1_000_000, 0, 0, 0, 1_000_000, 0, false);
  private static final Usage CACHED = new Usage(0, 1_000_000, 0, 0, 0, 0, false);
  private static final long USD = 1_000_000_000L;

  private static PricingOverride override(
      @Nullable String provider,
      @Nullable String providerKey,
      @Nullable String key,
      String model,
      Set<Operation> operations,
      @Nullable String input,
      @Nullable String output) {
    return new PricingOverride(
        "id",
        "name",
        provider,
        providerKey,
        key,
        NameFilter.of(List.of(model)),
        operations,
        input == null ? null : new BigDecimal(input),
        output == null ? null : new BigDecimal(output),
        null,
        null,
        null,
        null,
        new Origin(Origin.Source.FILE, "config.json"));
  }

  private static Quote quote(
      List<PricingOverride> overrides, String model, String key, Usage usage) {
    Governance governance =
        new Governance(
            Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), overrides, Set.of());
    Price known = new Price(new Rates(2_000_000, 1_000_000, 0, 0, 8_000_000), List.of(), 0);
    return new GovernedPricer(
            (_, name, _) -> name.equals("gpt-4o") ? known : null, () -> governance)
        .quote(new Sale(OPENAI, model, "pk-1", "main", key, Operation.CHAT_COMPLETION, 0), usage);
  }

  @Test
  void withoutOverridesTheCatalogueCounts() {
    assertThat(quote(List.of(), "gpt-4o", "k", MILLION)).isEqualTo(new Quote(10 * USD, false));
  }

  @Test
  void anUnknownPriceIsAssumedAndFlagged() {
    assertThat(quote(List.of(), "gpt-77", "k", MILLION)).isEqualTo(new Quote(30 * USD, true));
    assertThat(
            new GovernedPricer((_, _, _) -> null, () -> Governance.NONE)
                .nanoUsd(OPENAI, "gpt-77", MILLION, 0))
        .isEmpty();
  }

  @Test
  void anOverrideThatSaysAllIsAPrice() {
    PricingOverride all = override(null, null, null, "gpt-77", Set.of(), "1", "3");
    assertThat(quote(List.of(all), "gpt-77", "k", MILLION)).isEqualTo(new Quote(4 * USD, false));
    PricingOverride half = override(null, null, null, "gpt-77", Set.of(), "1", null);
    assertThat(quote(List.of(half), "gpt-77", "k", MILLION)).isEqualTo(new Quote(26 * USD, true));
  }

  @Test
  void theNarrowestCountsForEachFigure() {
    List<PricingOverride> overrides =
        List.of(
            override(null, null, null, "gpt-*", Set.of(), "5", "5"),
            override("openai", null, null, "gpt-4o", Set.of(), "4", null),
            override("openai", "main", "k", "openai/gpt-4o", Set.of(), null, "1"),
            override("openai", "other", "k", "gpt-4o", Set.of(), "100", "100"),
            override("openai", null, null, "gpt-4o", Set.of(Operation.EMBEDDING), "200", "200"));
    assertThat(quote(overrides, "gpt-4o", "k", MILLION)).isEqualTo(new Quote(5 * USD, false));
    assertThat(quote(overrides, "gpt-4o", "l", MILLION)).isEqualTo(new Quote(9 * USD, false));
  }

  @Test
  void cachesKeepTheirOwnPrice() {
    PricingOverride input = override(null, null, null, "gpt-4o", Set.of(), "7", null);
    assertThat(quote(List.of(input), "gpt-4o", "k", CACHED)).isEqualTo(new Quote(USD, false));
  }
}
