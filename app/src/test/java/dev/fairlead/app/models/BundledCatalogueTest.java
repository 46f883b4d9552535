package dev.fairlead.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.models.Successor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures that ship with the product, and providers' own lists laid over them. */
class BundledCatalogueTest {
  private static final ModelCatalogue CATALOGUE = at("2026-11-21T00:00:00Z");

  private static BundledCatalogue at(String instant) {
    return BundledCatalogue.load(Runnable::run, InstantSource.fixed(Instant.parse(instant)));
  }

  private static ProviderConfig provider(String name, boolean local) {
    Duration second = Duration.ofSeconds(1);
    return new ProviderConfig(
        name,
        name,
        local,
        true,
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

  private static ModelInfo known(String provider, String model) {
    return Objects.requireNonNull(
        CATALOGUE.find(provider(provider, false), model), provider + "/" + model);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o, 128000, 16384",
    "openai, gpt-4o-2024-08-06, 128000, 16384",
    "openai, gpt-4o-2024-05-13, 128000, 4096",
    "openai, GPT-4o-mini-2024-07-18, 128000, 16384",
    "openai, gpt-5.6-sol, 1050000, 128000",
    "anthropic, claude-haiku-4-5-20251001, 200000, 64000",
    "anthropic, claude-opus-4-5-20251101, 200000, 64000",
    "anthropic, claude-opus-4.5, 200000, 64000",
    "anthropic, claude-opus-5-5, 1000000, 128000",
    "anthropic, claude-opus-5, 1000000, 128000",
    "anthropic, claude-sonnet-4-20250514, 1000000, 64000",
    "gemini, models/gemini-3.5-flash, 1048576, 65536",
    "gemini, gemini-2.5-pro, 1048576, 65536"
  })
  void figures(String provider, String model, long window, long output) {
    ModelInfo info = known(provider, model);
    assertThat(info.window()).isEqualTo(window);
    assertThat(info.maxOutput()).isEqualTo(output);
    assertThat(info.own()).isTrue();
    assertThat(info.tools()).isTrue();
  }

  @Test
  void whatIsNotKnownStaysSo() {
    assertThat(CATALOGUE.find(provider("openai", false), "mine")).isNull();
    assertThat(CATALOGUE.find(provider("house", false), "mine")).isNull();
    assertThat(known("openai", "gpt-6-luna").maxOutput()).isNull();
  }

  @Test
  void aModelElsewhereIsKnownByNameButNotSworn() {
    ModelInfo routed = known("house", "anthropic/claude-opus-5:thinking");
    assertThat(routed.window()).isEqualTo(1_000_000);
    assertThat(routed.own()).isFalse();
    assertThat(routed.prices()).isNull();
    assertThat(known("vllm", "Qwen/Qwen3-8B").tools()).isTrue();
    assertThat(known("vllm", "Qwen/Qwen3-8B").own()).isFalse();
    assertThat(known("ollama", "qwen3:8b").window()).isEqualTo(40_960);
  }

  @Test
  void modelsRetireOnTheirDay() {
    assertThat(known("anthropic", "claude-2.1").retired()).isNotNull();
    assertThat(known("anthropic", "claude-3-5-sonnet-20241022").retired()).isNotNull();
    assertThat(known("anthropic", "claude-opus-5").retired()).isNull();
    assertThat(known("openai", "gpt-4o").retired()).isNull();
    assertThat(at("2027-02-01T00:00:00Z").find(provider("openai", false), "gpt-4o"))
        .extracting(ModelInfo::retired)
        .isNotNull();
    assertThat(CATALOGUE.models(provider("anthropic", false)))
        .extracting(ModelInfo::id)
        .contains("claude-opus-5", "claude-haiku-4-5")
        .doesNotContain("claude-2");
    assertThat(CATALOGUE.models(provider("ollama", true))).isEmpty();
  }

  /** Every successor is itself known and alive when it is needed. */
  @Test
  void successorsLive() {
    for (String name : List.of("anthropic", "openai", "gemini")) {
      ProviderConfig provider = provider(name, false);
      for (String model :
          List.of(
              "claude-2.1",
              "claude-3-opus-20240229",
              "claude-3-haiku",
              "gpt-4",
              "o1",
              "o4-mini",
              "gpt-4.1-nano",
              "gemini-1.5-pro",
              "gemini-pro")) {
        ModelInfo info = CATALOGUE.find(provider, model);
        Successor successor = info == null ? null : info.retired();
        if (successor != null) {
          assertThat(known(name, successor.model()).retired()).as(successor.model()).isNull();
        }
      }
    }
  }

  @Test
  void aProvidersOwnWordCountsMost() {
    List<String> asked = new ArrayList<>();
    long[] now = {0};
    @Nullable String[] body = {
      "{\"data\":[{\"id\":\"Qwen/Qwen3-8B\",\"max_model_len\":131072},{\"id\":\"bad\\u0007\"},{}]}"
    };
    LiveLists live =
        new LiveLists(
            CATALOGUE,
            (provider, key) -> {
              asked.add(provider.name());
              return body[0] == null
                  ? CompletableFuture.failedFuture(new java.io.IOException("HTTP 404"))
                  : CompletableFuture.completedFuture(Bytes.utf8(body[0]));
            },
            Runnable::run,
            () -> now[0]);
    ProviderConfig vllm = provider("vllm", true);
    live.refresh(List.of(vllm)).join();
    live.refresh(List.of(vllm)).join();
    assertThat(asked).hasSize(1);
    assertThat(live.models(vllm)).extracting(ModelInfo::id).containsExactly("Qwen/Qwen3-8B");
    ModelInfo qwen = Objects.requireNonNull(live.find(vllm, "Qwen/Qwen3-8B"));
    assertThat(qwen.window()).isEqualTo(131_072);
    assertThat(qwen.own()).isTrue();
    assertThat(qwen.tools()).isTrue();

    now[0] = LiveLists.KEPT.toMillis();
    body[0] = null;
    live.refresh(List.of(vllm)).join();
    assertThat(asked).hasSize(2);
    assertThat(live.problem("vllm")).isEqualTo("HTTP 404");
    // What was known stays until something newer is.
    assertThat(live.models(vllm)).hasSize(1);
    now[0] += LiveLists.LEFT_ALONE.toMillis();
    body[0] = "<html>";
    live.refresh(List.of(vllm)).join();
    assertThat(live.problem("vllm")).isEqualTo("what it answered is no JSON");
  }
}
