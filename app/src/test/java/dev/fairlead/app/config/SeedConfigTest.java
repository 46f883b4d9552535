package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.governance.Budget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The two files a newcomer pastes from the instructions, unchanged. */
class SeedConfigTest {
  private static final Map<String, String> REAL_KEYS =
      Map.of(
          "OPENAI_API_KEY", "sk-proj-0a1b2c",
          "ANTHROPIC_API_KEY", "sk-ant-api03-0a1b2c",
          "GEMINI_API_KEY", "AIzaSy0a1b2c");

  @Test
  void theFileWithProvidersServesAllThree() {
    Draft draft = Reading.of(Reading.resource("seed-providers.json"), REAL_KEYS);
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(draft.providers().keySet()).containsExactly("openai", "anthropic", "gemini");
    for (ProviderConfig provider : draft.providers().values()) {
      ProviderKey key = provider.keys().getFirst();
      assertThat(key.name()).isEqualTo(provider.name() + "-primary");
      assertThat(key.enabled()).isTrue();
      assertThat(key.weight()).isEqualTo(1.0);
      assertThat(key.serves("any-model-at-all")).as("an empty list means all").isTrue();
    }
    assertThat(draft.notes()).isEmpty();
    assertThat(draft.inert()).containsExactly("client.initial_pool_size");
  }

  @Test
  void oneKeyOfThreeIsEnoughAndTheOthersAreNamed() {
    Draft draft =
        Reading.of(
            Reading.resource("seed-providers.json"), Map.of("ANTHROPIC_API_KEY", "sk-ant-api03-x"));
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(Reading.key(draft, "anthropic").enabled()).isTrue();
    assertThat(Reading.key(draft, "openai").enabled()).isFalse();
    assertThat(draft.notes())
        .containsExactly(
            "providers.openai.keys[0] (openai-primary) is switched off: environment variable"
                + " OPENAI_API_KEY is not set",
            "providers.gemini.keys[0] (gemini-primary) is switched off: environment variable"
                + " GEMINI_API_KEY is not set");
    assertThat(Reading.key(draft, "openai").disabledBecause())
        .isEqualTo("environment variable OPENAI_API_KEY is not set (providers.openai.keys[0])");
  }

  @Test
  void exportLinesPastedLiterallyAreToldApartFromKeys() {
    Draft draft =
        Reading.of(
            Reading.resource("seed-providers.json"),
            Map.of(
                "OPENAI_API_KEY", "your-openai-api-key",
                "ANTHROPIC_API_KEY", "dummy-key",
                "GEMINI_API_KEY", "your-gemini-api-key"));
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(draft.notes())
        .containsExactly(
            ConfigReader.NOTHING_TO_SERVE,
            "providers.openai.keys[0] (openai-primary) is switched off: its value is the"
                + " placeholder \"your-openai-api-key\", put your own key there",
            "providers.anthropic.keys[0] (anthropic-primary) is switched off: its value is the"
                + " placeholder \"dummy-key\", put your own key there",
            "providers.gemini.keys[0] (gemini-primary) is switched off: its value is the"
                + " placeholder \"your-gemini-api-key\", put your own key there");
  }

  @Test
  void theFileWithToolsNeedsNoProvidersAndStartsNoTools() {
    Draft draft = Reading.of(Reading.resource("seed-mcp.json"));
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(draft.providers()).isEmpty();
    assertThat(draft.notes())
        .containsExactly(
            ConfigReader.NOTHING_TO_SERVE,
            "mcp: 1 tool server is configured and not started, because this version does not run"
                + " tools yet: filesystem");
    assertThat(draft.inert()).containsExactly("client.initial_pool_size");
  }

  @Test
  void theVirtualKeyOfTheInstructionsWorksOnceItHasAValue() {
    String key =
        """
        {'governance': {'virtual_keys': [{
          'name': 'dev-routing', 'value': 'env.DEV_ROUTING',
          'budget': {'max_budget': 100, 'budget_duration': 'monthly'},
          'providers': [
            {'provider': 'openai', 'model': 'gpt-4o', 'weight': 0.7},
            {'provider': 'anthropic', 'model': 'claude-sonnet-4-20250514', 'weight': 0.3}]}]}%s}
        """;
    Map<String, String> environment = Map.of("DEV_ROUTING", "sk-bf-0123456789abcdef");
    Draft accepted = Reading.of(key.formatted(""), environment);
    assertThat(Reading.problems(accepted)).isEmpty();
    assertThat(accepted.notes()).noneMatch(note -> note.contains("budget"));
    Budget budget =
        accepted
            .governance()
            .budgetsByOwner()
            .getOrDefault("vk:" + accepted.virtualKeys().getFirst().id(), List.of())
            .getFirst();
    assertThat(budget.limitNanoUsd()).isEqualTo(100_000_000_000L);
    assertThat(budget.schedule().period()).hasToString("1M");
    assertThat(budget.schedule().aligned()).isTrue();
    assertThat(accepted.virtualKeys())
        .singleElement()
        .satisfies(vk -> {
          assertThat(vk.hash()).isEqualTo(Reading.HASHER.hash("sk-bf-0123456789abcdef"));
          assertThat(vk.providers())
              .extracting(g -> g.provider() + " " + g.model() + " " + g.weight())
              .containsExactly("openai gpt-4o 0.7", "anthropic claude-sonnet-4-20250514 0.3");
          assertThat(vk.providers().getFirst().allowed().matches("gpt-4o")).isTrue();
          assertThat(vk.providers().getFirst().allowed().matches("gpt-4")).isFalse();
        });
  }
}
