package dev.fairlead.core.routing;

import static dev.fairlead.core.routing.Rules.chained;
import static dev.fairlead.core.routing.Rules.fallingBack;
import static dev.fairlead.core.routing.Rules.governed;
import static dev.fairlead.core.routing.Rules.observed;
import static dev.fairlead.core.routing.Rules.require;
import static dev.fairlead.core.routing.Rules.rule;
import static dev.fairlead.core.routing.Rules.to;
import static dev.fairlead.core.routing.Rules.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Destination;
import dev.fairlead.core.governance.RoutingRule.OnUnknown;
import dev.fairlead.core.governance.RoutingRule.Scope;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.port.UsageView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RoutingRulesTest {
  private static final Principal ANYBODY = new Principal.Anonymous(null);

  private final Latencies latencies = new Latencies(() -> 1_000);
  private final SessionSeals seals = new SessionSeals();
  private final Planner planner =
      new Planner(
          new Health(() -> 1_000, (_, _) -> {}),
          ModelCatalogue.NONE,
          new LearnedWindows(() -> 1_000),
          new SessionModels(() -> 1_000),
          new RuleBook(Rules::compile, UsageView.NONE),
          seals,
          latencies);

  private static Snapshot vendors() {
    return Entities.snapshot(
        Entities.provider("openai", Entities.key("o1"), Entities.key("o2")),
        Entities.provider("anthropic", Entities.key("a")),
        Entities.provider("ollama"));
  }

  private static Question ask(String model, Revealed revealed) {
    return ask(model, ANYBODY, null, 1, revealed);
  }

  private static Question ask(
      String model, Principal who, @Nullable String session, long seed, Revealed revealed) {
    return new Question(
        Operation.CHAT_COMPLETION,
        model,
        List.of(),
        who,
        null,
        null,
        session,
        seed,
        PromptFloor.NONE,
        new RequestView(
            Headers.EMPTY, "", "cursor", "agent", true, true, 100, Attribution.NONE, revealed, 0));
  }

  private static Revealed in(@Nullable String repository) {
    return new Revealed(null, repository, null, List.of(), null);
  }

  private Plan plan(Question question, Snapshot snapshot) {
    if (planner.plan(question, snapshot) instanceof Planner.Outcome.Planned(Plan plan)) {
      return plan;
    }
    throw new AssertionError(planner.plan(question, snapshot).toString());
  }

  private List<String> targets(Question question, Snapshot snapshot) {
    return plan(question, snapshot).targets().stream().map(Target::toString).toList();
  }

  private Planner.Outcome.Refused refused(Question question, Snapshot snapshot) {
    if (planner.plan(question, snapshot) instanceof Planner.Outcome.Refused refused) {
      return refused;
    }
    throw new AssertionError("planned");
  }

  @Test
  void theFirstRuleThatMatchesIsTaken() {
    Snapshot ruled =
        governed(
            vendors(),
            rule("second", "client=cursor", to("anthropic", "claude-x"), new Scope.Global(), 2),
            rule("none", "client=codex", to("openai", "gpt-none"), new Scope.Global(), 0),
            rule("first", "client=cursor", to("ollama", "qwen"), new Scope.Global(), 1));
    Plan plan = plan(ask("gpt-4o", in(null)), ruled);
    assertThat(plan.targets()).map(Target::toString).containsExactly("ollama/qwen");
    assertThat(plan.rule()).isEqualTo(new Attribution.Named("id-of-first", "first"));
  }

  @Test
  void narrowScopesComeFirst() {
    VirtualKey plain = Entities.allPowerful("k");
    VirtualKey key = owned(plain, "blue", Set.of());
    RoutingRule global = rule("g", "", to("openai", "of-all"), new Scope.Global(), 0);
    RoutingRule customer =
        rule("c", "", to("openai", "of-customer"), new Scope.OfCustomer("acme"), 5);
    RoutingRule team = rule("t", "", to("openai", "of-team"), new Scope.OfTeam("blue"), 9);
    RoutingRule own = rule("k", "", to("openai", "of-key"), new Scope.OfKey(key.id()), 99);
    Principal holder = new Principal.KeyHolder(key, null);
    Question question = ask("gpt-4o", holder, null, 1, in(null));
    assertThat(targets(question, governed(vendors(), global, customer, team, own)))
        .containsExactly("openai/of-key");
    assertThat(targets(question, governed(vendors(), global, customer, team)))
        .containsExactly("openai/of-team");
    assertThat(targets(question, governed(vendors(), global, customer)))
        .containsExactly("openai/of-customer");
    assertThat(targets(ask("gpt-4o", in(null)), governed(vendors(), global, customer, team, own)))
        .containsExactly("openai/of-all");
  }

  private static VirtualKey owned(VirtualKey k, @Nullable String team, Set<String> tags) {
    return new VirtualKey(
        k.id(),
        k.name(),
        k.hash(),
        true,
        null,
        k.allowAllProviders(),
        k.providers(),
        "",
        null,
        team,
        null,
        null,
        AddressBlocks.NONE,
        tags,
        true,
        Rules.ORIGIN);
  }

  @Test
  void whatADestinationLeavesOutStaysAsItWas() {
    Snapshot ruled = governed(vendors(), rule("p", "", to("ollama", null)));
    assertThat(targets(ask("openai/gpt-4o", in(null)), ruled)).containsExactly("ollama/gpt-4o");
    ruled = governed(vendors(), rule("m", "", to(null, "gpt-mini")));
    assertThat(targets(ask("openai/gpt-4o", in(null)), ruled)).containsExactly("openai/gpt-mini");
  }

  @Test
  void aNameNobodyKnowsCanBeGivenATarget() {
    Snapshot ruled =
        governed(
            Entities.snapshot(Entities.provider("anthropic", Entities.key("a"))),
            rule("x", "model=gemini-house", to("anthropic", "claude-x")));
    assertThat(targets(ask("gemini-house", in(null)), ruled)).containsExactly("anthropic/claude-x");
    assertThat(refused(ask("gemini-other", in(null)), ruled).failure().code())
        .isEqualTo("model_not_found");
  }

  @Test
  void aRuleNamesTheKeyToUse() {
    Action second = new Action.Route(List.of(new Destination("openai", "gpt-5", "name-of-o2", 1)));
    Plan plan = plan(ask("gpt-4o", in(null)), governed(vendors(), rule("k", "", second)));
    assertThat(plan.targets().getFirst().keys()).map(k -> k.id()).containsExactly("o2");
  }

  @Test
  void aRulesFallbacksTakeThePlaceOfTheRequests() {
    Snapshot ruled =
        governed(
            vendors(),
            fallingBack(rule("f", "", to("ollama", "qwen")), Entities.ref("anthropic/claude-x")));
    Question asked =
        new Question(
            Operation.CHAT_COMPLETION,
            "gpt-4o",
            List.of("openai/gpt-mini"),
            ANYBODY,
            null,
            null,
            null,
            1);
    assertThat(targets(asked, ruled)).containsExactly("ollama/qwen", "anthropic/claude-x");
    assertThat(targets(asked, governed(vendors(), rule("f", "", to("ollama", "qwen")))))
        .containsExactly("ollama/qwen", "openai/gpt-mini");
  }

  @Test
  void weightsOfTargetsAreSharesAndASessionKeepsIts() {
    Action mixed =
        new Action.Route(
            List.of(
                new Destination("openai", "gpt-5", null, 0.7),
                new Destination("anthropic", "claude-x", null, 0.3)));
    Snapshot ruled = governed(vendors(), rule("mix", "", mixed));
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < 4_000; i++) {
      first.merge(
          targets(ask("gpt-4o", ANYBODY, null, i, in(null)), ruled).getFirst(), 1, Integer::sum);
    }
    assertThat(first.get("openai/gpt-5")).isBetween(2_650, 2_950);
    Set<String> ofSession = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ofSession.add(targets(ask("gpt-4o", ANYBODY, "s", i, in(null)), ruled).getFirst());
    }
    assertThat(ofSession).hasSize(1);
    assertThat(targets(ask("gpt-4o", ANYBODY, null, 1, in(null)), ruled)).hasSize(2);
  }

  @Test
  void aChainGoesOnWithTheNewModel() {
    Snapshot ruled =
        governed(
            vendors(),
            chained(rule("one", "model=gpt-4o", to("openai", "gpt-5"))),
            rule("two", "model=gpt-5", to("ollama", "qwen")));
    Plan plan = plan(ask("gpt-4o", in(null)), ruled);
    assertThat(plan.targets()).map(Target::toString).containsExactly("ollama/qwen");
    assertThat(plan.rule()).isEqualTo(new Attribution.Named("id-of-two", "two"));
  }

  @Test
  void aCycleEnds() {
    Snapshot ruled =
        governed(
            vendors(),
            chained(rule("one", "model=a", to("openai", "b"))),
            chained(rule("two", "model=b", to("openai", "a"))));
    assertThat(targets(ask("openai/a", in(null)), ruled)).containsExactly("openai/a");
  }

  @Test
  void aLongChainEnds() {
    RoutingRule[] rules = new RoutingRule[30];
    for (int i = 0; i < rules.length; i++) {
      rules[i] = chained(rule("r" + i, "model=m" + i, to("openai", "m" + (i + 1))));
    }
    assertThat(targets(ask("openai/m0", in(null)), governed(vendors(), rules)))
        .containsExactly("openai/m" + RuleWalk.MOST_CHAINED);
  }

  @Test
  void aRuleThatRestrictsHoldsWhenItsEvaluationFails() {
    assertThat(
            refused(
                    ask("gpt-4o", in(null)),
                    governed(vendors(), rule("d", "fails", new Action.Deny(""))))
                .failure()
                .message())
        .contains("\"d\"");
    assertThat(
            refused(
                    ask("gpt-4o", in(null)),
                    governed(vendors(), rule("t", "fails", require("local"))))
                .rule())
        .isEqualTo(new Attribution.Named("id-of-t", "t"));
    assertThat(
            targets(
                ask("gpt-4o", in(null)),
                governed(vendors(), rule("r", "fails", to("ollama", "qwen")))))
        .containsExactly("openai/gpt-4o");
  }

  @Test
  void aDenialSaysWhatTheRuleSays() {
    Snapshot ruled =
        governed(vendors(), rule("no", "repository=payments", new Action.Deny("Not here.")));
    Planner.Outcome.Refused refused = refused(ask("gpt-4o", in("payments")), ruled);
    assertThat(refused.failure())
        .isEqualTo(new Failure.Denied(403, "rule_denied", "Not here.", -1));
    assertThat(refused.rule()).isEqualTo(new Attribution.Named("id-of-no", "no"));
    assertThat(targets(ask("gpt-4o", in("shop")), ruled)).containsExactly("openai/gpt-4o");
  }

  @Test
  void whatIsNotRevealedFollowsTheRule() {
    RoutingRule rule = rule("u", "repository=payments", to("ollama", "qwen"));
    Question hidden = ask("gpt-4o", in(null));
    assertThat(targets(hidden, governed(vendors(), rule))).containsExactly("openai/gpt-4o");
    assertThat(targets(hidden, governed(vendors(), unknown(rule, OnUnknown.MATCH))))
        .containsExactly("ollama/qwen");
    Failure denied = refused(hidden, governed(vendors(), unknown(rule, OnUnknown.DENY))).failure();
    assertThat(denied.code()).isEqualTo("rule_undecided");
    assertThat(denied.message()).contains("\"u\"", "repository is not revealed");
  }

  @Test
  void anObservedRuleOnlyReports() {
    Snapshot ruled =
        governed(
            vendors(),
            observed(rule("no", "", new Action.Deny(""))),
            observed(rule("away", "", to("ollama", "qwen"))),
            observed(rule("stay", "", require("eu"))));
    Plan plan = plan(ask("gpt-4o", in(null)), ruled);
    assertThat(plan.targets()).map(Target::toString).containsExactly("openai/gpt-4o");
    assertThat(plan.rule()).isNull();
    assertThat(plan.required()).isEmpty();
    assertThat(plan.notes())
        .hasSize(3)
        .anyMatch(note -> note.contains("\"no\"") && note.contains("would have refused"))
        .anyMatch(note -> note.contains("ollama/qwen"))
        .anyMatch(note -> note.contains("eu"));
    planner.explain(ask("gpt-4o", in(null)), ruled);
    assertThat(planner.rules(ruled).observed())
        .extracting(
            one -> one.rule().name(),
            one -> one.denied(),
            one -> one.redirected(),
            one -> one.sealed())
        .containsExactly(
            Tuple.tuple("no", 1L, 0L, 0L),
            Tuple.tuple("away", 0L, 1L, 0L),
            Tuple.tuple("stay", 0L, 0L, 1L));
    Snapshot more =
        governed(
            vendors(),
            observed(rule("no", "", new Action.Deny(""))),
            rule("acts", "model=none", to("ollama", "qwen")));
    plan(ask("gpt-4o", in(null)), more);
    assertThat(planner.rules(more).observed())
        .singleElement()
        .satisfies(one -> assertThat(one.denied()).as("goes on").isEqualTo(2))
        .satisfies(one -> assertThat(one.at()).isPositive());
  }

  @Test
  void aRuleThatCannotBeAskedRefuses() {
    Snapshot ruled = governed(vendors(), rule("broken", "nonsense", to("ollama", "qwen")));
    assertThat(refused(ask("gpt-4o", in(null)), ruled).failure().code())
        .isEqualTo("rule_undecided");
  }

  @Test
  void guardsHoldWhateverElseIsTaken() {
    Snapshot ruled =
        governed(
            Sealed.vendors(),
            rule("away", "", to("openai", "gpt-5"), new Scope.Global(), 0),
            rule("guard", "repository=payments", require("local"), new Scope.Global(), 100));
    Failure denied = refused(ask("gpt-4o", in("payments")), ruled).failure();
    assertThat(denied.status()).isEqualTo(403);
    assertThat(denied.code()).isEqualTo("residency");
    assertThat(denied.message()).contains("local").contains("openai");
    assertThat(targets(ask("gpt-4o", in("shop")), ruled)).containsExactly("openai/gpt-5");
  }

  @Test
  void aGuardLooksAtTheModelARuleLeadsTo() {
    Snapshot ruled =
        governed(
            Sealed.vendors(),
            rule("away", "model=gpt-4o", to("openai", "gpt-5")),
            rule("guard", "model=gpt-5", require("local")));
    assertThat(refused(ask("openai/gpt-4o", in(null)), ruled).failure().code())
        .isEqualTo("residency");
  }

  @Test
  void aSessionOnceSealedStaysSealed() {
    Snapshot ruled =
        governed(Sealed.vendors(), rule("guard", "repository=payments", require("local")));
    assertThat(targets(ask("ollama/qwen", ANYBODY, "s", 1, in("payments")), ruled))
        .containsExactly("ollama/qwen");
    Failure denied = refused(ask("openai/gpt-4o", ANYBODY, "s", 1, in("shop")), ruled).failure();
    assertThat(denied.code()).isEqualTo("residency");
    assertThat(targets(ask("openai/gpt-4o", ANYBODY, "other", 1, in("shop")), ruled))
        .containsExactly("openai/gpt-4o");
  }

  @Test
  void whatIsOnlySupposedSealsTheRequestAlone() {
    Snapshot ruled =
        governed(
            Sealed.vendors(),
            unknown(rule("guard", "repository=payments", require("local")), OnUnknown.MATCH));
    assertThat(refused(ask("openai/gpt-4o", ANYBODY, "s", 1, in(null)), ruled).failure().code())
        .isEqualTo("residency");
    assertThat(targets(ask("openai/gpt-4o", ANYBODY, "s", 1, in("shop")), ruled))
        .containsExactly("openai/gpt-4o");
  }

  @Test
  void anExplanationLeavesNoTrace() {
    Snapshot ruled =
        governed(
            Sealed.vendors(),
            rule("other", "client=codex", to("openai", "x")),
            rule("guard", "repository=payments", require("local")));
    Planner.Explanation why =
        planner.explain(ask("ollama/qwen", ANYBODY, "s", 1, in("payments")), ruled);
    assertThat(why.required()).containsExactly("local");
    assertThat(why.rules())
        .extracting(seen -> seen.rule().name(), RuleSeen::acted)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("guard", true),
            org.assertj.core.api.Assertions.tuple("other", false));
    assertThat(targets(ask("openai/gpt-4o", ANYBODY, "s", 1, in("shop")), ruled))
        .containsExactly("openai/gpt-4o");
  }

  @Test
  void ofEqualTargetsTheFasterIsPreferredUnlessASessionIsWarm() {
    Snapshot even =
        Entities.snapshot(
            Entities.client(
                Map.of(),
                Map.of("house", Entities.even("openai/gpt-5", "anthropic/claude-x")),
                null),
            Map.of(),
            Entities.provider("openai", Entities.key("o")),
            Entities.provider("anthropic", Entities.key("a")));
    latencies.note("openai", "gpt-5", 900_000);
    latencies.note("anthropic", "claude-x", 200_000);
    for (int i = 0; i < 50; i++) {
      assertThat(targets(ask("house", ANYBODY, null, i, in(null)), even))
          .containsExactly("anthropic/claude-x", "openai/gpt-5");
    }
    Set<String> ofSessions = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      ofSessions.add(targets(ask("house", ANYBODY, "s" + i, 1, in(null)), even).getFirst());
    }
    assertThat(ofSessions).hasSize(2);
  }

  private static Question asking(String model, String... fallbacks) {
    Question plain = ask(model, in(null));
    return new Question(
        plain.operation(),
        model,
        List.of(fallbacks),
        plain.principal(),
        null,
        null,
        null,
        1,
        plain.prompt(),
        plain.view());
  }

  private static Snapshot aliased(RoutingRule rule, String... places) {
    return governed(
        Entities.snapshot(
            Entities.client(Map.of(), Map.of("pair", Entities.even(places)), null),
            Map.of(),
            Entities.provider("openai", Entities.key("o1")),
            Entities.provider("anthropic", Entities.key("a"))),
        rule);
  }

  private static Snapshot tagged() {
    return Entities.snapshot(
        Entities.provider("openai", Entities.key("o1")),
        Entities.provider("anthropic", Entities.key("a")),
        Sealed.tagged(Entities.provider("ollama"), Set.of("eu")));
  }

  @Test
  void whatARuleDeniesIsNoFallbackEither() {
    Snapshot ruled =
        governed(vendors(), rule("not there", "provider=anthropic", new Action.Deny("no")));

    Plan plan = plan(asking("openai/m", "anthropic/c", "ollama/l"), ruled);

    assertThat(plan.targets()).extracting(Target::toString).containsExactly("openai/m", "ollama/l");
    assertThat(plan.skipped()).containsExactly("anthropic/c: no");
    assertThat(refused(asking("anthropic/c", "openai/m"), ruled).failure().code())
        .isEqualTo("rule_denied");
  }

  @Test
  void whatARuleDeniesIsNoFallbackBehindARuleThatOnlyLeadsElsewhere() {
    Snapshot ruled =
        governed(
            vendors(),
            rule("all there", "client=cursor", to("ollama", "l"), new Scope.Global(), 0),
            rule("never", "provider=anthropic", new Action.Deny(""), new Scope.Global(), 1));

    assertThat(targets(asking("openai/m", "anthropic/c", "openai/n"), ruled))
        .containsExactly("ollama/l", "openai/n");
  }

  @Test
  void aRuleMayLeadWhereALaterOneDenies() {
    Snapshot ruled =
        governed(
            vendors(),
            fallingBack(
                rule("these may", "client=cursor", to("anthropic", "c"), new Scope.Global(), 0),
                new ModelRef("anthropic", "d")),
            rule("never", "provider=anthropic", new Action.Deny(""), new Scope.Global(), 1));

    assertThat(targets(asking("openai/m"), ruled)).containsExactly("anthropic/c", "anthropic/d");
  }

  @Test
  void aDrawDoesNotDecideWhetherARequestIsServed() {
    Snapshot ruled =
        aliased(
            rule("never", "provider=anthropic", new Action.Deny("no")), "anthropic/c", "openai/m");

    for (int seed = 0; seed < 50; seed++) {
      assertThat(targets(ask("pair", ANYBODY, null, seed, in(null)), ruled))
          .containsExactly("openai/m");
    }
    Snapshot none =
        aliased(rule("never", "client=cursor", new Action.Deny("no")), "anthropic/c", "openai/m");
    assertThat(refused(ask("pair", in(null)), none).failure().message()).isEqualTo("no");
  }

  @Test
  void whatARuleRequiresHoldsForEachTargetByItself() {
    Snapshot ruled = governed(tagged(), rule("sealed", "model=secret", require("eu")));

    Plan plan = plan(asking("openai/m", "anthropic/secret", "ollama/secret"), ruled);

    assertThat(plan.targets())
        .extracting(Target::toString)
        .containsExactly("openai/m", "ollama/secret");
    assertThat(plan.skipped()).singleElement().asString().startsWith("anthropic/secret: ");
  }

  @Test
  void aRulesOwnFallbackMustCarryWhatIsRequiredOfIt() {
    Snapshot ruled =
        governed(
            tagged(),
            fallingBack(
                rule("there", "client=cursor", to("openai", "m"), new Scope.Global(), 0),
                new ModelRef("anthropic", "secret"),
                new ModelRef("ollama", "secret")),
            rule("sealed", "model=secret", require("eu"), new Scope.Global(), 1));

    assertThat(targets(asking("openai/x"), ruled)).containsExactly("openai/m", "ollama/secret");
  }

  @Test
  void anObservedRuleTellsOfAFallback() {
    Snapshot ruled =
        governed(vendors(), observed(rule("soon", "provider=anthropic", new Action.Deny("no"))));

    Plan plan = plan(asking("openai/m", "anthropic/c"), ruled);

    assertThat(plan.targets()).hasSize(2);
    assertThat(plan.notes()).singleElement().asString().contains("would have refused anthropic/c");
  }

  @Test
  void anObservedRuleCountsARequestOnce() {
    Snapshot ruled =
        governed(
            vendors(),
            observed(rule("no", "", new Action.Deny(""))),
            observed(rule("stay", "", require("eu"))));

    plan(asking("openai/m", "anthropic/c", "ollama/qwen"), ruled);
    plan(asking("openai/m", "anthropic/c"), ruled);

    assertThat(planner.rules(ruled).observed())
        .extracting(one -> one.rule().name(), one -> one.denied(), one -> one.sealed())
        .containsExactly(Tuple.tuple("no", 2L, 0L), Tuple.tuple("stay", 0L, 2L));
  }
}
