package dev.fairlead.core.routing;

import static dev.fairlead.core.routing.Planning.ANYBODY;
import static dev.fairlead.core.routing.Planning.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Destination;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.UsageView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever leads to a disabled provider, no target is made there. */
class DisabledTest {
  private static final ProviderConfig OPENAI =
      Entities.disabled(Entities.provider("openai", Entities.key("o")));
  private static final ProviderConfig ANTHROPIC = Entities.provider("anthropic", Entities.key("a"));
  private static final ProviderConfig GROQ =
      Entities.provider("groq", Entities.key("g", 1, Entities.names("llama", "mine"), Map.of()));

  private static Planning planning(ProviderConfig... providers) {
    return new Planning(Entities.snapshot(providers));
  }

  private static void assertDisabled(Failure failure, String provider, String model) {
    assertThat(failure).isInstanceOf(Failure.Denied.class);
    assertThat(failure.status()).isEqualTo(403);
    assertThat(failure.code()).isEqualTo("provider_disabled");
    assertThat(failure.message())
        .contains(
            "Provider " + provider + " is disabled",
            "model " + model,
            "providers." + provider + ".enabled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai/gpt-5", "OpenAI/gpt-5", "gpt-5"})
  void aModelOfADisabledProviderIsDenied(String name) {
    assertDisabled(planning(OPENAI, ANTHROPIC, GROQ).refused(ask(name)), "openai", "gpt-5");
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void everyOperationIsDenied(Operation operation) {
    Question question = ask(operation, "anthropic/claude-opus-5", ANYBODY, null, 1);
    Planning planning =
        planning(
            Entities.disabled(
                Entities.provider(
                    "anthropic",
                    "anthropic",
                    Entities.network(0),
                    Set.of(Operation.values()),
                    Entities.key("a"))));
    assertDisabled(planning.refused(question), "anthropic", "claude-opus-5");
  }

  @Test
  void aClientsOwnCredentialDoesNotEnableIt() {
    Principal direct =
        new Principal.DirectOnly(new DirectCredential("openai", Secret.of("x"), false));
    assertDisabled(planning(OPENAI).refused(ask("openai/gpt-5", direct)), "openai", "gpt-5");
    assertDisabled(
        planning(OPENAI).refused(ask("openai/gpt-5", new Principal.KeyOwner("openai", "o"))),
        "openai",
        "gpt-5");
  }

  @Test
  void whoMayNotUseItLearnsThatFirst() {
    Principal holder =
        new Principal.KeyHolder(Entities.virtualKey("k", Entities.grant("groq", "*")), null);
    assertThat(planning(OPENAI, GROQ).refused(ask("openai/gpt-5", holder)).code())
        .isEqualTo("provider_blocked");
  }

  @Test
  void aNameOnlyItsKeysListIsDeniedAndOneOthersHaveGoesThere() {
    ProviderConfig off = Entities.disabled(GROQ);
    ProviderConfig relay =
        Entities.provider("relay", Entities.key("r", 1, Entities.names("llama"), Map.of()));
    Planning planning = planning(ANTHROPIC, off, relay);
    assertThat(planning.targets("llama")).containsExactly("relay/llama[r]");
    assertDisabled(planning.refused(ask("mine")), "groq", "mine");
  }

  @Test
  void aNameOfNobodyGoesToTheOnlyProviderLeft() {
    assertThat(planning(OPENAI, ANTHROPIC).targets("my-own-model"))
        .containsExactly("anthropic/my-own-model[a]");
    assertDisabled(
        planning(OPENAI, ANTHROPIC, GROQ).refused(ask("my-own-model")), "openai", "my-own-model");
  }

  @Test
  void aBareClaudeNameGoesWhereItGoesWithoutAnthropic() {
    ProviderConfig off = Entities.disabled(ANTHROPIC);
    assertDisabled(
        planning(off, GROQ).refused(ask("claude-haiku-4-5")), "anthropic", "claude-haiku-4-5");
    Planning small =
        new Planning(
            Entities.snapshot(
                Entities.client(Map.of(), Map.of(), Entities.ref("groq/llama")),
                Map.of(),
                off,
                GROQ));
    assertThat(small.targets("claude-haiku-4-5")).containsExactly("groq/llama[g]");
  }

  @Test
  void fallbacksAreTakenAndPassOverIt() {
    Planning planning = planning(OPENAI, ANTHROPIC, GROQ);
    Plan plan = planning.plan(ask("openai/gpt-5", ANYBODY, "anthropic/claude-opus-5"));
    assertThat(plan.targets())
        .extracting(Target::toString)
        .containsExactly("anthropic/claude-opus-5");
    assertThat(plan.skipped()).singleElement().asString().contains("openai is disabled");
    assertThat(planning.targets(ask("groq/llama", ANYBODY, "openai/gpt-5")))
        .containsExactly("groq/llama[g]");
    assertThat(planning.refused(ask("groq/llama", ANYBODY, "nowhere")).message())
        .contains("openai (disabled), anthropic, groq");
    Planning configured =
        new Planning(
            Entities.snapshot(
                Entities.client(
                    Map.of(
                        "openai/gpt-5",
                        List.of(Entities.ref("openai/gpt-4"), Entities.ref("groq/llama"))),
                    Map.of(),
                    null),
                Map.of(),
                OPENAI,
                GROQ));
    assertThat(configured.targets("openai/gpt-5")).containsExactly("groq/llama[g]");
  }

  @Test
  void weightsOfKeysAndAliasesNeverDrawIt() {
    Principal holder =
        new Principal.KeyHolder(
            Entities.virtualKey(
                "k", Entities.grant("openai", "llama"), Entities.grant("groq", "*")),
            null);
    Planning planning =
        new Planning(
            Entities.snapshot(
                Entities.client(
                    Map.of(), Map.of("fast", Entities.even("openai/m", "groq/llama")), null),
                Map.of(),
                OPENAI,
                GROQ));
    for (long seed = 0; seed < 50; seed++) {
      Operation chat = Operation.CHAT_COMPLETION;
      assertThat(planning.targets(ask(chat, "llama", holder, null, seed)))
          .containsExactly("groq/llama[g]");
      assertThat(planning.targets(ask(chat, "fast", ANYBODY, null, seed)))
          .containsExactly("groq/llama[g]");
    }
    assertThat(planning.plan(ask("fast")).skipped())
        .singleElement()
        .asString()
        .startsWith("openai/m: Provider openai is disabled");
  }

  @Test
  void aRuleNeverLeadsThere() {
    Planner planner =
        new Planner(
            new Health(() -> 1_000, (_, _) -> {}),
            ModelCatalogue.NONE,
            new LearnedWindows(() -> 1_000),
            new SessionModels(() -> 1_000),
            new RuleBook(Rules::compile, UsageView.NONE),
            new SessionSeals(),
            new Latencies(() -> 1_000));
    Snapshot vendors = Entities.snapshot(OPENAI, ANTHROPIC, GROQ);
    Snapshot shared =
        Rules.governed(
            vendors,
            Rules.rule(
                "spread",
                "model=llama",
                new Action.Route(
                    List.of(
                        new Destination("openai", "gpt-5", null, 9),
                        new Destination("anthropic", "claude-opus-5", null, 1)))));
    for (long seed = 0; seed < 20; seed++) {
      Planner.Explanation why =
          planner.explain(
              ask(Operation.CHAT_COMPLETION, "groq/llama", ANYBODY, null, seed), shared);
      assertThat(why.outcome()).isInstanceOf(Planner.Outcome.Planned.class);
      Plan plan = ((Planner.Outcome.Planned) why.outcome()).plan();
      assertThat(plan.targets())
          .extracting(Target::toString)
          .containsExactly("anthropic/claude-opus-5");
      assertThat(plan.skipped()).singleElement().asString().contains("openai is disabled");
    }
    Snapshot only =
        Rules.governed(vendors, Rules.rule("all", "model=llama", Rules.to("openai", "gpt-5")));
    Planner.Outcome outcome = planner.plan(ask("groq/llama"), only);
    assertThat(outcome).isInstanceOf(Planner.Outcome.Refused.class);
    assertDisabled(((Planner.Outcome.Refused) outcome).failure(), "openai", "gpt-5");
  }

  @Test
  void orderIsKeptWhereNothingIsDisabled() {
    List<ModelRef> refs = List.of(Entities.ref("openai/m"), Entities.ref("groq/m"));
    Snapshot all = Entities.snapshot(Entities.provider("openai"), GROQ);
    assertThat(Disabled.last(refs, all)).isSameAs(refs);
    assertThat(Disabled.last(refs, Entities.snapshot(OPENAI, GROQ)))
        .containsExactly(Entities.ref("groq/m"), Entities.ref("openai/m"));
  }
}
