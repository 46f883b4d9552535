package dev.fairlead.app.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Usage;
import dev.fairlead.core.pricing.ModelPrices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Newer prices in the public form: read, kept, and never worse than before. */
@Timeout(30)
class PriceUpdatesTest {
  private static final String LIST =
      """
      [{'id': 'google', 'name': 'Google', 'models': [
         {'id': 'gemini-2.5-pro', 'match': {'or': [{'equals': 'gemini-2.5-pro'},
            {'starts_with': 'gemini-2.5-pro-'}]}, 'context_window': 1000000,
          'prices': {'input_mtok': {'base': 1.25, 'tiers': [{'start': 200000, 'price': 2.5}]},
            'output_mtok': {'base': 10, 'tiers': [{'start': 200000, 'price': 15}]},
            'cache_read_mtok': 0.31}}]},
       {'id': 'anthropic', 'models': [
         {'id': 'dated', 'match': {'contains': 'dated'}, 'prices': [
            {'prices': {'input_mtok': 3, 'output_mtok': 15, 'cache_write_mtok': 3.75}},
            {'constraint': {'start_date': '2026-09-01'},
             'prices': {'input_mtok': 2, 'output_mtok': 10}}]},
         {'id': 'nightly', 'match': {'regex': '^night-[0-9]+$'}, 'prices': [
            {'prices': {'input_mtok': 4, 'output_mtok': 4}},
            {'constraint': {'start_time': '16:30:00Z', 'end_time': '00:30:00Z'},
             'prices': {'input_mtok': 1, 'output_mtok': 1}}]},
         {'id': 'search', 'match': {'ends_with': 'search'},
          'prices': {'requests_kcount': 5}},
         {'id': 'audio', 'match': {'equals': 'audio'}, 'prices': {'input_audio_mtok': 5}}]}]
      """;

  @TempDir Path directory;

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "gemini, gemini-2.5-pro, 100000, 0, 100000, 2026-10-01T00:00:00Z, 1125000000",
    "gemini, GEMINI-2.5-pro-002, 200001, 0, 0, 2026-10-01T00:00:00Z, 500002500",
    "gemini, gemini-2.5-pro, 0, 100000, 0, 2026-10-01T00:00:00Z, 31000000",
    "anthropic, some-dated-model, 1000000, 0, 0, 2026-08-31T23:59:59Z, 3000000000",
    "anthropic, some-dated-model, 1000000, 0, 0, 2026-09-01T00:00:00Z, 2000000000",
    "anthropic, night-7, 1000000, 0, 0, 2026-09-01T12:00:00Z, 4000000000",
    "anthropic, night-7, 1000000, 0, 0, 2026-09-01T23:00:00Z, 1000000000",
    "anthropic, web-search, 10, 0, 10, 2026-09-01T23:00:00Z, 5000000",
  })
  void pricesAreThoseOfTheList(
      String provider, String model, long input, long cached, long output, Instant at, long nano) {
    ModelPrices prices = PublicPrices.read(json(LIST)).find(provider, model);
    assertThat(
            Objects.requireNonNull(prices)
                .at(at)
                .nanoUsd(new Usage(input, cached, 0, 0, output, 0, false)))
        .isEqualTo(nano);
  }

  @Test
  void whatIsNotInTheListIsNotKnown() {
    PublicPrices prices = PublicPrices.read(json(LIST));
    assertThat(prices.find("gemini", "gemini-3")).isNull();
    assertThat(prices.find("anthropic", "audio")).isNull();
    assertThat(prices.find("openai", "dated")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "[{'models': []}]",
        "[{'id': 'x', 'models': []}]",
        "[{'id': 'x', 'models': [{'id': 'm', 'match': {'equals': 'm'}, 'prices': {'input_mtok':"
            + " -1}}]}]",
        "[{'id': 'x', 'models': [{'id': 'm', 'match': {'like': 'm'}, 'prices': {'input_mtok':"
            + " 1}}]}]",
        "[{'id': 'x', 'models': [{'id': 'm', 'match': {'regex': '('}, 'prices': {'input_mtok':"
            + " 1}}]}]",
      })
  void whatIsNoListIsRefused(String text) {
    assertThatThrownBy(() -> PublicPrices.read(json(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLastGoodListSurvivesABadOneAndARestart() throws IOException {
    Path list = directory.resolve("list.json");
    Files.write(list, json(LIST));
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T12:00:00Z"));
    PriceUpdates.Feed feed = new PriceUpdates.Feed("list.json", Duration.ofHours(1));
    try (PriceUpdates updates =
        new PriceUpdates((_, _, _) -> null, directory, () -> feed, now::get)) {
      assertThat(updates.look()).isTrue();
      assertThat(updates.look()).isFalse();
      Files.writeString(list, "<html>sign in</html>");
      now.set(now.get().plus(Duration.ofHours(2)));
      assertThat(updates.look()).isFalse();
      assertThat(knows(updates, now.get())).isTrue();
    }
    try (PriceUpdates restarted =
        new PriceUpdates((_, _, _) -> null, directory, () -> feed, now::get)) {
      assertThat(restarted.look()).isFalse();
      assertThat(knows(restarted, now.get())).isTrue();
    }
  }

  private static boolean knows(PriceUpdates updates, Instant at) {
    return updates.known("gemini", "gemini-2.5-pro", at) != null;
  }
}
