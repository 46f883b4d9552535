package dev.fairlead.app.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.pricing.Cost;
import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.PriceTable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceFileTest {
  private static final PriceTable TABLE = PriceFile.builtIn();

  private static ProviderConfig provider(String name, String kind, boolean local) {
    Duration second = Duration.ofSeconds(1);
    return new ProviderConfig(
        name,
        kind,
        local,
        false,
        ProviderConfig.Auth.BEARER,
        List.of(),
        new NetworkConfig(
            URI.create("https://x.example"),
            Map.of(),
            second,
            second,
            second,
            second,
            0,
            second,
            second,
            false,
            false,
            null,
            false,
            1,
            second,
            null),
        1,
        1,
        Set.of(),
        Map.of(),
        true,
        new Origin(Origin.Source.FILE, "test"));
  }

  /**
   * Input, cache read, five-minute write, one-hour write, output; then what they cost by hand, in
   * nano-USD.
   */
  @ParameterizedTest
  @CsvSource({
    // 2.5 in, 10 out, 1.25 cached
    "openai, gpt-4o, 2026-01-01T00:00:00Z, 1000, 1000, 0, 0, 100, 4750000",
    "openai, gpt-4o-2024-08-06, 2026-01-01T00:00:00Z, 1000, 0, 0, 0, 0, 2500000",
    // 0.05 in, 0.4 out
    "openai, gpt-5-nano-2025-08-07, 2026-01-01T00:00:00Z, 7, 0, 0, 0, 1, 750",
    // 2.5 / 15, above 272,000 tokens 5 / 22.5, cached 0.25 / 0.5
    "openai, gpt-5.4, 2026-06-01T00:00:00Z, 272000, 0, 0, 0, 10, 680150000",
    "openai, gpt-5.4, 2026-06-01T00:00:00Z, 1, 272000, 0, 0, 10, 136230000",
    // 3 / 15, 0.3 read, 3.75 write, twice the input for an hour
    "anthropic, claude-sonnet-4-20250514, 2026-01-01T00:00:00Z, 1000, 2000, 300, 40, 500, 12465000",
    "anthropic, claude-sonnet-4-5-20250929, 2026-01-01T00:00:00Z, 200001, 0, 0, 0, 0, 1200006000",
    // 2 / 10 to the end of August 2026, then 3 / 15
    "anthropic, claude-sonnet-5, 2026-08-31T23:59:59Z, 1000, 0, 0, 0, 1000, 12000000",
    "anthropic, claude-sonnet-5, 2026-09-01T00:00:00Z, 1000, 0, 0, 0, 1000, 18000000",
    // 1.25 / 10, above 200,000 tokens 2.5 / 15
    "gemini, gemini-2.5-pro, 2026-01-01T00:00:00Z, 200001, 0, 0, 0, 1000, 515002500",
    "gemini, models/gemini-2.5-pro, 2026-01-01T00:00:00Z, 1000, 0, 0, 0, 0, 1250000",
    // 0.135 / 0.55 at night, 0.27 / 1.1 from 00:30 to 16:30 UTC
    "deepseek, deepseek-chat, 2026-01-01T00:00:00Z, 1000, 0, 0, 0, 1000, 685000",
    "deepseek, deepseek-chat, 2026-01-01T12:00:00Z, 1000, 0, 0, 0, 1000, 1370000",
    // 1 / 1 and 12 USD per thousand requests
    "perplexity, sonar, 2026-01-01T00:00:00Z, 1000, 0, 0, 0, 0, 13000000",
    // free by the provider's own word
    "openrouter, deepseek/deepseek-r1:free, 2026-01-01T00:00:00Z, 1000, 0, 0, 0, 1000, 0",
  })
  void costsAreThoseComputedByHand(
      String name,
      String model,
      Instant at,
      long input,
      long read,
      long write5m,
      long write1h,
      long output,
      long expected) {
    ProviderConfig provider = provider(name, name, false);
    Usage usage = new Usage(input, read, write5m, write1h, output, 0, false);
    assertThat(TABLE.cost(provider, model, usage, at)).isEqualTo(new Cost.Known(expected));
    assertThat(TABLE.nanoUsd(provider, model, usage, at.toEpochMilli())).hasValue(expected);
  }

  @Test
  void anUnknownPriceIsNotZero() {
    Usage usage = Usage.estimate(1, 1);
    assertThat(TABLE.cost(provider("openai", "openai", false), "gpt-77", usage, Instant.EPOCH))
        .isEqualTo(new Cost.Unpriced("openai", "gpt-77"));
    assertThat(TABLE.nanoUsd(provider("openai", "openai", false), "gpt-77", usage, 0)).isEmpty();
    assertThat(TABLE.cost(provider("mine", "openai", false), "gpt-4o", usage, Instant.EPOCH))
        .as("a compatible server of somebody else has prices of its own")
        .isEqualTo(new Cost.Unpriced("mine", "gpt-4o"));
  }

  @Test
  void serversOfOnesOwnCostNothing() {
    assertThat(
            TABLE.cost(
                provider("ollama", "ollama", true), "llama3", Usage.estimate(1, 1), Instant.EPOCH))
        .isEqualTo(new Cost.Known(0));
  }

  @Test
  void windowsAndLimitsAreKnown() {
    ModelPrices gpt4o = Objects.requireNonNull(TABLE.find("openai", "gpt-4o"));
    assertThat(gpt4o.contextWindow()).isEqualTo(128_000);
    assertThat(gpt4o.maxOutput()).isEqualTo(16_384);
    assertThat(Objects.requireNonNull(TABLE.find("mistral", "mistral-large-latest"))).isNotNull();
    assertThat(Objects.requireNonNull(TABLE.find("openai", "davinci")).contextWindow()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|the price file has START_ARRAY where START_OBJECT belongs in line 1",
        "{'version':2}|the price file has a version this build does not know in line 1",
        "{'prices':{}}|the price file has an unknown field prices in line 1",
        "{'providers':{'p':[{'n':['a']}]}}|the price file has a price without rates in line 1",
        "{'providers':{'p':[{'r':[1,2]}]}}|the price file has a model without a name in line 1",
        "{'providers':{'p':[{'n':['a'],'r':[1]}]}}|the price file has 1 rates where two to five"
            + " belong in line 1",
        "{'providers':{'p':[{'n':['a'],'x':1}]}}|the price file has an unknown field x in line 1",
        "{'providers':{'p':[{'n':['a'],'r':[1,2],'d':[{'r':[1,2]}]}]}}|the price file has a price"
            + " without a condition in line 1",
        "{'providers':{'p':[{'n':['a'],'r':[-1,2]}]}}|prices are never negative",
      })
  void aFileThatIsNoneIsRefused(String json, String expected) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> PriceFile.read(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(expected);
  }
}
