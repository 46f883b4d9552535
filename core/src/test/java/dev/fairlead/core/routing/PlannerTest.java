package dev.fairlead.core.routing;

import static dev.fairlead.core.routing.Planning.ANYBODY;
import static dev.fairlead.core.routing.Planning.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ClientSettings.Weighted;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.Health.Subject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a model's name to the targets that serve it. */
class PlannerTest {
  private static Planning threeVendors() {
    return new Planning(
        Entities.snapshot(
            Entities.provider("openai", Entities.key("o")),
            Entities.provider("anthropic", Entities.key("a")),
            Entities.provider("ollama")));
  }

  @ParameterizedTest
  @CsvSource({
    "openai/gpt-4o, openai/gpt-4o[o]",
    "OpenAI/gpt-4o, openai/gpt-4o[o]",
    "openai/meta-llama/Llama-3.3:free, openai/meta-llama/Llama-3.3:free[o]",
    "ollama/llama3.2:3b, ollama/llama3.2:3b[]",
    "anthropic/claude-sonnet-4-5[1m], anthropic/claude-sonnet-4-5[a]",
    "claude-sonnet-4-5[1M], anthropic/claude-sonnet-4-5[a]",
    "claude-haiku-4-5, anthropic/claude-haiku-4-5[a]",
    "gpt-4o, openai/gpt-4o[o]",
    "o3-mini, openai/o3-mini[o]",
    "my-own-model, openai/my-own-model[o]",
    "qwen-14b-1m, openai/qwen-14b-1m[o]"
  })
  void names(String written, String target) {
    assertThat(threeVendors().targets(written)).containsExactly(target);
  }

  @Test
  void aBareNameOfNobodyGoesToTheHomeOfItsDialect() {
    assertThat(threeVendors().targets(ask(Operation.MESSAGES, "mine", ANYBODY, null, 1)))
        .containsExactly("anthropic/mine[a]");
  }

  @Test
  void aNameAKeyListsGoesThere() {
    Planning listed =
        new Planning(
            Entities.snapshot(
                Entities.provider("openai", Entities.key("o")),
                Entities.provider(
                    "vllm",
                    Entities.key(
                        "v",
                        1,
                        Entities.names("meta-llama/Llama-3", "qwen*", "regex:glm-\\d"),
                        Map.of("small", "phi-4")))));
    assertThat(listed.targets("meta-llama/Llama-3")).containsExactly("vllm/meta-llama/Llama-3[v]");
    assertThat(listed.targets("qwen3-coder")).containsExactly("vllm/qwen3-coder[v]");
    assertThat(listed.targets("glm-5")).containsExactly("vllm/glm-5[v]");
    assertThat(listed.targets("small")).containsExactly("vllm/small[v]");
    assertThat(listed.plan(ask("small")).targets().getFirst().modelFor(0)).isEqualTo("phi-4");
    assertThat(listed.targets("gpt-4o")).containsExactly("openai/gpt-4o[o]");
  }

  @Test
  void aNameListedWithItsWindowMarkKeepsIt() {
    Planning listed =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "openai",
                    Entities.key("o", 1, NameFilter.ALL, Map.of("claude-x[1m]", "big-one")))));
    assertThat(listed.targets("claude-x[1m]")).containsExactly("openai/claude-x[1m][o]");
    assertThat(listed.targets("openai/claude-x[1m]")).containsExactly("openai/claude-x[1m][o]");
  }

  @Test
  void aVendorsOwnProviderComesBeforeOneThatOnlySpeaksItsLanguage() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "relay",
                    "anthropic",
                    Entities.network(0),
                    Set.of(Operation.values()),
                    Entities.key("r")),
                Entities.provider("anthropic", Entities.key("a"))));
    assertThat(planning.targets("claude-haiku-4-5"))
        .containsExactly("anthropic/claude-haiku-4-5[a]");
  }

  // ---- unknown
  // ----------------------------------------------------------------------------------------------------

  @Test
  void unknownNamesAreToldByNameWithWhatThereIs() {
    Failure provider = threeVendors().refused(ask("nobody/gpt-4o"));
    assertThat(provider.status()).isEqualTo(400);
    assertThat(provider.code()).isEqualTo("unknown_provider");
    assertThat(provider.message())
        .contains("\"nobody\"", "nobody/gpt-4o", "openai, anthropic, ollama");
    Failure model = threeVendors().refused(ask("gemini-2.5-pro"));
    assertThat(model.status()).isEqualTo(404);
    assertThat(model.message())
        .contains("gemini-2.5-pro", "provider/model", "openai, anthropic, ollama");
    Failure nothing = new Planning(Entities.snapshot()).refused(ask("gpt-4o"));
    assertThat(nothing.message()).contains("No provider is configured", "OPENAI_API_KEY");
    Failure unnamed = threeVendors().refused(ask("openai/"));
    assertThat(unnamed.status()).isEqualTo(400);
    assertThat(unnamed.message()).contains("\"openai/\"", "missing after the slash");
    assertThat(threeVendors().refused(ask("nobody/")).code()).isEqualTo("unknown_provider");
    assertThat(threeVendors().refused(ask("/gpt-4o")).status()).isEqualTo(404);
  }

  @Test
  void aHintNamesTheProviderOfABareName() {
    Question hinted =
        new Question(
            Operation.CHAT_COMPLETION, "gpt-4o", List.of(), ANYBODY, "ollama", null, null, 1);
    assertThat(threeVendors().targets(hinted)).containsExactly("ollama/gpt-4o[]");
    Question wrong =
        new Question(
            Operation.CHAT_COMPLETION, "gpt-4o", List.of(), ANYBODY, "nobody", null, null, 1);
    assertThat(threeVendors().refused(wrong).code()).isEqualTo("unknown_provider");
  }

  @Test
  void anOperationAProviderDoesNotServeIsRefusedBeforeTheCall() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "openai",
                    "openai",
                    Entities.network(0),
                    Set.of(Operation.CHAT_COMPLETION),
                    Entities.key("o"))));
    Failure failure = planning.refused(ask(Operation.EMBEDDING, "openai/gpt-4o", ANYBODY, null, 1));
    assertThat(failure.code()).isEqualTo("unsupported_operation");
    assertThat(failure.message()).contains("openai", "embedding", "gpt-4o");
  }

  // ---- keys
  // -------------------------------------------------------------------------------------------------------

  @Test
  void keysThatDoNotServeAModelAreLeftOut() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "openai",
                    Entities.key("only-mini", 1, Entities.names("gpt-mini"), Map.of()),
                    Entities.key(
                        "no-mini",
                        1,
                        NameFilter.ALL,
                        Entities.names("gpt-mini"),
                        Map.of(),
                        List.of()),
                    Entities.disabledKey("off", "OPENAI_API_KEY is not set"))));
    assertThat(planning.targets("openai/gpt-mini")).containsExactly("openai/gpt-mini[only-mini]");
    assertThat(planning.targets("openai/gpt-big")).containsExactly("openai/gpt-big[no-mini]");
  }

  @Test
  void whyThereIsNoKeyIsTold() {
    Planning off =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "openai", Entities.disabledKey("off", "OPENAI_API_KEY is not set"))));
    assertThat(off.refused(ask("openai/x")).message()).contains("OPENAI_API_KEY is not set");
    Planning partly =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "openai",
                    Entities.disabledKey("off", "OPENAI_API_KEY is not set"),
                    Entities.key("mini", 1, Entities.names("gpt-mini"), Map.of()))));
    assertThat(partly.refused(ask("openai/x")).status()).isEqualTo(404);
    assertThat(partly.refused(ask("openai/x")).message())
        .contains("No key of provider openai serves model x", "providers.openai.keys[].models")
        .doesNotContain("OPENAI_API_KEY");
    Planning none = new Planning(Entities.snapshot(Entities.withoutKeys("openai")));
    assertThat(none.refused(ask("openai/x")).message())
        .contains("none is configured", "providers.openai.keys");
    Question hinted =
        new Question(
            Operation.CHAT_COMPLETION,
            "openai/gpt-mini",
            List.of(),
            ANYBODY,
            null,
            "gone",
            null,
            1);
    assertThat(partly.refused(hinted).code()).isEqualTo("key_not_found");
  }

  @ParameterizedTest
  @CsvSource({"b", "name-of-b"})
  void aKeyCanBeAskedForByIdOrName(String hint) {
    Planning planning =
        new Planning(
            Entities.snapshot(Entities.provider("openai", Entities.key("a"), Entities.key("b"))));
    Question hinted =
        new Question(
            Operation.CHAT_COMPLETION, "openai/x", List.of(), ANYBODY, null, hint, null, 1);
    assertThat(planning.targets(hinted)).containsExactly("openai/x[b]");
  }

  @Test
  void coolingKeysAndTargetsComeLastAndAreNotDropped() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.client(
                    Map.of(),
                    Map.of(
                        "fast",
                        List.of(
                            new Weighted(Entities.ref("one/m"), 1),
                            new Weighted(Entities.ref("two/m"), 0))),
                    null),
                Map.of(),
                Entities.provider("one", Entities.key("a", 1), Entities.key("b", 0)),
                Entities.provider("two", Entities.key("z"))));
    assertThat(planning.targets("fast")).containsExactly("one/m[a, b]", "two/m[z]");
    planning.health.cool(
        new Subject.KeyModel("one", "a", "m", Operation.CHAT_COMPLETION),
        Duration.ofMillis(50),
        "rate_limited");
    assertThat(planning.targets("fast")).containsExactly("one/m[b, a]", "two/m[z]");
    assertThat(planning.targets("one/other")).containsExactly("one/other[a, b]");
    planning.health.cool(new Subject.Key("one", "b"), Duration.ofMillis(50), "unauthorized");
    assertThat(planning.targets("fast")).containsExactly("two/m[z]", "one/m[a, b]");
    planning.health.cool(new Subject.Provider("two"), Duration.ofMillis(90), "connect");
    assertThat(planning.targets("fast")).containsExactly("one/m[a, b]", "two/m[z]");
    planning.pass(60);
    assertThat(planning.targets("fast")).containsExactly("one/m[a, b]", "two/m[z]");
  }

  @Test
  void aModelCoolsUnderAllItsNames() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.provider(
                    "one",
                    Entities.key("a", 1, NameFilter.ALL, Map.of("fast", "gpt-mini")),
                    Entities.key("b", 0))));
    planning.health.cool(
        new Subject.KeyModel("one", "a", "gpt-mini", Operation.CHAT_COMPLETION),
        Duration.ofSeconds(9),
        "x");
    assertThat(planning.targets("one/fast")).containsExactly("one/fast[b, a]");
    assertThat(planning.targets("one/gpt-mini")).containsExactly("one/gpt-mini[b, a]");
  }

  // ---- weights
  // ----------------------------------------------------------------------------------------------------

  private static Planning weighted(ProviderKey... keys) {
    return new Planning(Entities.snapshot(Entities.provider("one", keys)));
  }

  private static String firstKey(Planning planning, @Nullable String session, long seed) {
    return planning
        .plan(ask(Operation.CHAT_COMPLETION, "one/m", ANYBODY, session, seed))
        .targets()
        .getFirst()
        .keys()
        .getFirst()
        .id();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void weightsAreShares(boolean sessions) {
    Planning planning =
        weighted(Entities.key("a", 0.7), Entities.key("b", 0.3), Entities.key("never", 0));
    Map<String, Integer> drawn = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      drawn.merge(firstKey(planning, sessions ? "session-" + i : null, i), 1, Integer::sum);
    }
    assertThat(drawn).containsOnlyKeys("a", "b");
    assertThat(drawn.get("a")).isBetween(6_800, 7_200);
  }

  @Test
  void aSessionKeepsItsOrderWhateverTheSeed() {
    Planning planning = weighted(Entities.key("a"), Entities.key("b"), Entities.key("c"));
    for (int s = 0; s < 50; s++) {
      List<String> first =
          planning.targets(ask(Operation.CHAT_COMPLETION, "one/m", ANYBODY, "s" + s, 1));
      for (long seed = 2; seed < 10; seed++) {
        assertThat(
                planning.targets(ask(Operation.CHAT_COMPLETION, "one/m", ANYBODY, "s" + s, seed)))
            .isEqualTo(first);
      }
    }
  }

  @Test
  void onlyTheSessionsOfAKeyThatGoesMove() {
    Planning all =
        weighted(Entities.key("a"), Entities.key("b"), Entities.key("c"), Entities.key("d"));
    Planning fewer = weighted(Entities.key("a"), Entities.key("b"), Entities.key("c"));
    int moved = 0;
    for (int s = 0; s < 1_000; s++) {
      String before = firstKey(all, "s" + s, 1);
      String after = firstKey(fewer, "s" + s, 1);
      if (before.equals("d")) {
        moved++;
      } else {
        assertThat(after).isEqualTo(before);
      }
    }
    assertThat(moved).isBetween(180, 320);
  }

  @Test
  void anAliasIsDrawnByWeightTheOthersFollow() {
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.client(
                    Map.of(),
                    Map.of(
                        "mix",
                        List.of(
                            new Weighted(Entities.ref("one/x"), 0.7),
                            new Weighted(Entities.ref("two/y"), 0.3))),
                    null),
                Map.of(),
                Entities.provider("one", Entities.key("a")),
                Entities.provider("two", Entities.key("b"))));
    int first = 0;
    for (long seed = 0; seed < 5_000; seed++) {
      List<String> targets =
          planning.targets(ask(Operation.CHAT_COMPLETION, "mix", ANYBODY, null, seed));
      assertThat(targets).containsExactlyInAnyOrder("one/x[a]", "two/y[b]");
      first += targets.getFirst().startsWith("one") ? 1 : 0;
    }
    assertThat(first).isBetween(3_350, 3_650);
    assertThat(planning.targets("mix[1m]")).hasSize(2);
    assertThat(planning.targets("mix-1m")).hasSize(2);
  }
}
