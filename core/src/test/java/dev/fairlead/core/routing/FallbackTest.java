package dev.fairlead.core.routing;

import static dev.fairlead.core.routing.Planning.ANYBODY;
import static dev.fairlead.core.routing.Planning.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Operation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where a request goes when its own targets fail. */
class FallbackTest {
  private static Planning planning(ClientSettings client) {
    return new Planning(
        Entities.snapshot(
            client,
            Map.of(),
            Entities.provider("openai", Entities.key("o")),
            Entities.provider("anthropic", Entities.key("a")),
            Entities.provider("ollama"),
            Entities.provider(
                "embed",
                "embed",
                Entities.network(0),
                Set.of(Operation.EMBEDDING),
                Entities.key("e")),
            Entities.provider("off", Entities.disabledKey("x", "OFF_KEY is not set"))));
  }

  @Test
  void fallbacksOfTheRequestFollowInOrderEachOnce() {
    assertThat(
            planning(Entities.client())
                .targets(
                    ask(
                        "openai/x",
                        ANYBODY,
                        "ollama/l:1",
                        "anthropic/claude",
                        "openai/x",
                        "ollama/l:1")))
        .containsExactly("openai/x[o]", "ollama/l:1[]", "anthropic/claude[a]");
  }

  @Test
  void anAliasMayBeAFallback() {
    Planning planning =
        planning(Entities.client(Map.of(), Map.of("spare", Entities.even("ollama/l")), null));
    assertThat(planning.targets(ask("openai/x", ANYBODY, "spare")))
        .containsExactly("openai/x[o]", "ollama/l[]");
  }

  @Test
  void aFallbackThatDoesNotFitIsSkippedWithTheReason() {
    Plan plan =
        planning(Entities.client())
            .plan(ask("openai/x", ANYBODY, "embed/e", "off/y", "nobody/z", "ollama/l"));
    assertThat(plan.targets()).extracting(Target::toString).containsExactly("openai/x", "ollama/l");
    assertThat(plan.skipped()).hasSize(3);
    assertThat(plan.skipped().get(0))
        .startsWith("embed/e: ")
        .contains("does not serve chat_completion");
    assertThat(plan.skipped().get(1)).startsWith("off/y: ").contains("OFF_KEY is not set");
    assertThat(plan.skipped().get(2)).startsWith("nobody/z: ").contains("\"nobody\"");
  }

  @Test
  void aFallbackThatNamesNothingIsTheClientsFault() {
    Failure failure =
        planning(Entities.client()).refused(ask("openai/x", ANYBODY, "ollama/l", "gpt-4o"));
    assertThat(failure.status()).isEqualTo(400);
    assertThat(failure.message()).contains("fallbacks[1]", "\"gpt-4o\"", "openai, anthropic");
  }

  @Test
  void aFallbackTakesOverWhenTheFirstChoiceDoesNotFit() {
    Plan plan = planning(Entities.client()).plan(ask("off/y", ANYBODY, "ollama/l"));
    assertThat(plan.targets()).extracting(Target::toString).containsExactly("ollama/l");
    assertThat(plan.skipped().getFirst()).contains("OFF_KEY is not set");
  }

  @Test
  void whenNothingFitsTheFirstReasonIsTold() {
    assertThat(planning(Entities.client()).refused(ask("off/y", ANYBODY, "embed/e")).message())
        .contains("OFF_KEY is not set");
  }

  @Test
  void theConfigurationNamesFallbacksByModelAliasOrQualifiedName() {
    Planning planning =
        planning(
            Entities.client(
                Map.of(
                    "gpt-4o", List.of(Entities.ref("ollama/by-model")),
                    "fast", List.of(Entities.ref("ollama/by-alias")),
                    "anthropic/claude-x", List.of(Entities.ref("ollama/by-name"))),
                Map.of(
                    "fast",
                    Entities.even("openai/gpt-mini"),
                    "slow",
                    Entities.even("anthropic/claude-x")),
                null));
    assertThat(planning.targets("gpt-4o")).containsExactly("openai/gpt-4o[o]", "ollama/by-model[]");
    assertThat(planning.targets("fast")).containsExactly("openai/gpt-mini[o]", "ollama/by-alias[]");
    assertThat(planning.targets("anthropic/claude-x"))
        .containsExactly("anthropic/claude-x[a]", "ollama/by-name[]");
    assertThat(planning.targets("claude-x"))
        .containsExactly("anthropic/claude-x[a]", "ollama/by-name[]");
    assertThat(planning.targets("slow"))
        .containsExactly("anthropic/claude-x[a]", "ollama/by-name[]");
    assertThat(planning.targets(ask("gpt-4o", ANYBODY, "anthropic/y")))
        .as("the request's own win")
        .containsExactly("openai/gpt-4o[o]", "anthropic/y[a]");
  }

  @Test
  void aKeyMayNameFallbacks() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "openai",
                    Entities.key(
                        "o",
                        1,
                        Entities.names("gpt-4o"),
                        NameFilter.NONE,
                        Map.of(),
                        List.of(Entities.ref("ollama/l")))),
                Entities.provider("ollama")));
    assertThat(planning.targets("openai/gpt-4o")).containsExactly("openai/gpt-4o[o]", "ollama/l[]");
  }

  @Test
  void aPlanIsBounded() {
    String[] many = IntStream.range(0, 40).mapToObj(i -> "ollama/m" + i).toArray(String[]::new);
    Plan plan = planning(Entities.client()).plan(ask("openai/x", ANYBODY, many));
    assertThat(plan.targets()).hasSize(Planner.MOST_TARGETS);
    assertThat(plan.skipped()).hasSize(41 - Planner.MOST_TARGETS);
  }

  @Test
  void bareClaudeNamesGoToTheSmallModelWhenThereIsNoAnthropic() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.client(Map.of(), Map.of(), Entities.ref("ollama/small")),
                Map.of(),
                Entities.provider("openai", Entities.key("o")),
                Entities.provider("ollama")));
    assertThat(planning.targets("claude-haiku-4-5")).containsExactly("ollama/small[]");
    assertThat(planning.targets("claude-haiku-4-5[1m]")).containsExactly("ollama/small[]");
    assertThat(planning.targets("gpt-4o")).containsExactly("openai/gpt-4o[o]");
    assertThat(
            planning(Entities.client(Map.of(), Map.of(), Entities.ref("ollama/small")))
                .targets("claude-haiku-4-5"))
        .containsExactly("anthropic/claude-haiku-4-5[a]");
  }
}
