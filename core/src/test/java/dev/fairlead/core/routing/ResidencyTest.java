package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ClientSettings.Weighted;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidencyTest {
  private static final String[] NAMES = {"openai", "anthropic", "groq", "ollama", "vllm"};
  private static final String[] TAGS = {"eu", "local", "hipaa"};
  private static final String[] MODELS = {"m1", "m2", "m3", "gpt-5", "claude-x"};
  private static final Operation[] OPERATIONS = {
    Operation.CHAT_COMPLETION,
    Operation.MESSAGES,
    Operation.RESPONSES,
    Operation.COUNT_TOKENS,
    Operation.EMBEDDING
  };

  @ParameterizedTest
  @CsvSource({
    "http://localhost:11434, , true",
    "http://127.0.0.1:11434, , true",
    "http://[::1]:11434, , true",
    "http://10.1.2.3:11434, , true",
    "http://ollama:11434, , true",
    "http://gpu.lan:11434, , true",
    "https://ollama.example.com, , false",
    "http://172.32.0.1:11434, , false",
    "http://1.10.0.1:11434, , false",
    "http://localhost:11434, http://gpu.local:1, true",
    "http://localhost:11434, https://gpu.example.com, false",
    "http://localhost.example.com, , false",
  })
  void aLocalProviderIsLocalWhenAllItsAddressesAre(String url, String keyUrl, boolean local) {
    assertThat(Residency.allows(Sealed.local("ollama", url, keyUrl), Set.of("local")))
        .isEqualTo(local);
  }

  @Test
  void allTagsAreWanted() {
    ProviderConfig eu = Sealed.tagged(Entities.provider("p"), Set.of("eu", "hipaa"));
    assertThat(Residency.allows(eu, Set.of())).isTrue();
    assertThat(Residency.allows(eu, Set.of("eu"))).isTrue();
    assertThat(Residency.allows(eu, Set.of("eu", "hipaa"))).isTrue();
    assertThat(Residency.allows(eu, Set.of("eu", "local"))).isFalse();
  }

  @Test
  void aSealIsNeverForgottenThoughSessionsAre() {
    SessionSeals seals = new SessionSeals(100);
    for (int i = 0; i < 5_000; i++) {
      seals.seal("p", "s" + i, Set.of(TAGS[i % 3]));
    }
    for (int i = 0; i < 5_000; i++) {
      assertThat(seals.of("p", "s" + i)).contains(TAGS[i % 3]);
    }
    int innocent = 0;
    for (int i = 0; i < 5_000; i++) {
      innocent += seals.of("q", "s" + i).isEmpty() ? 0 : 1;
    }
    assertThat(innocent).isLessThan(50);
  }

  @Test
  void moreSetsOfTagsThanAnybodyWritesStillHold() {
    SessionSeals seals = new SessionSeals(1);
    for (int i = 0; i < 3 * SessionSeals.MOST_SETS; i++) {
      seals.seal("p", "s" + i, Set.of("tag" + i));
    }
    for (int i = 0; i < 3 * SessionSeals.MOST_SETS; i++) {
      assertThat(seals.of("p", "s" + i)).contains("tag" + i);
    }
  }

  /** Whatever is configured and asked: a plan that requires tags holds only targets that carry. */
  @Test
  void noPlanUnderASealHoldsAnUntaggedTarget() {
    Random random = new Random(20_261_121);
    int planned = 0;
    int sealed = 0;
    for (int round = 0; round < 400; round++) {
      Snapshot snapshot = configuration(random);
      Planner planner =
          new Planner(
              new Health(() -> 1, (_, _) -> {}),
              ModelCatalogue.NONE,
              new LearnedWindows(() -> 1),
              new SessionModels(() -> 1),
              new RuleBook(Rules::compile, UsageView.NONE),
              new SessionSeals(),
              new Latencies(() -> 1));
      Map<String, Set<String>> sealsOfSessions = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        Question question = question(random, snapshot);
        Set<String> expected = expected(question, snapshot, sealsOfSessions);
        if (planner.plan(question, snapshot) instanceof Planner.Outcome.Planned(Plan plan)) {
          planned++;
          assertThat(plan.required()).containsAll(expected);
          for (Target target : plan.targets()) {
            assertThat(carries(target.provider(), expected))
                .as("%s under %s", target, expected)
                .isTrue();
          }
          sealed += expected.isEmpty() ? 0 : 1;
        }
      }
    }
    assertThat(planned).isGreaterThan(3_000);
    assertThat(sealed).isGreaterThan(1_000);
  }

  /** Worked out apart from what is tested: only unconditional and repository guards are made. */
  private static Set<String> expected(
      Question question, Snapshot snapshot, Map<String, Set<String>> sealsOfSessions) {
    Set<String> all = new HashSet<>(snapshot.governance().requiredTags());
    if (question.principal() instanceof Principal.KeyHolder(VirtualKey key, var _)) {
      all.addAll(key.requiredTags());
    }
    Set<String> ofSession =
        question.session() == null
            ? new HashSet<>()
            : sealsOfSessions.computeIfAbsent(
                question.principal().id() + question.session(), _ -> new HashSet<>());
    all.addAll(ofSession);
    for (RoutingRule rule : snapshot.governance().rules()) {
      if (rule.action() instanceof Action.Require(Set<String> tags)) {
        String repository = question.view().revealed().repository();
        boolean sure =
            rule.expression().isEmpty() || rule.expression().equals("repository=" + repository);
        if (sure || (repository == null && rule.onUnknown() == OnUnknown.MATCH)) {
          all.addAll(tags);
        }
        if (sure) {
          ofSession.addAll(tags);
        }
      }
    }
    return all;
  }

  private static boolean carries(ProviderConfig provider, Set<String> required) {
    Set<String> has = new HashSet<>(provider.tags());
    if (provider.local()) {
      has.add("local");
    }
    return has.containsAll(required);
  }

  private static <T> T any(Random random, T[] all) {
    return all[random.nextInt(all.length)];
  }

  private static String anyRef(Random random) {
    return any(random, NAMES) + "/" + any(random, MODELS);
  }

  private static Set<String> tags(Random random, double chance) {
    Set<String> tags = new HashSet<>();
    for (String tag : TAGS) {
      if (random.nextDouble() < chance) {
        tags.add(tag);
      }
    }
    return tags;
  }

  private static Snapshot configuration(Random random) {
    List<ProviderConfig> providers = new ArrayList<>();
    for (String name : NAMES) {
      if (name.equals("ollama")) {
        providers.add(Sealed.local(name, "http://localhost:11434", null));
        continue;
      }
      List<ProviderKey> keys = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(2); i++) {
        keys.add(
            Entities.key(
                name + i,
                random.nextInt(3),
                random.nextBoolean() ? NameFilter.ALL : Entities.names("m1", "m2"),
                NameFilter.NONE,
                random.nextBoolean() ? Map.of() : Map.of("m3", "m1"),
                random.nextBoolean() ? List.of() : List.of(Entities.ref(anyRef(random)))));
      }
      providers.add(
          Sealed.tagged(
              Entities.provider(name, keys.toArray(ProviderKey[]::new)), tags(random, 0.4)));
    }
    Map<String, List<Weighted>> aliases =
        Map.of("house", Entities.even(anyRef(random), anyRef(random)));
    Map<String, List<ModelRef>> fallbacks =
        Map.of(
            "house",
            List.of(Entities.ref(anyRef(random))),
            "m1",
            List.of(Entities.ref(anyRef(random))));
    List<RoutingRule> rules = new ArrayList<>();
    for (int i = 0; i < random.nextInt(5); i++) {
      rules.add(anyRule(random, i));
    }
    return Rules.governed(
        Entities.snapshot(
            Entities.client(fallbacks, aliases, null),
            Map.of(),
            providers.toArray(ProviderConfig[]::new)),
        tags(random, 0.05),
        rules.toArray(RoutingRule[]::new));
  }

  private static RoutingRule anyRule(Random random, int i) {
    String repository = random.nextBoolean() ? "repository=r1" : "repository=r2";
    RoutingRule rule =
        random.nextBoolean()
            ? Rules.rule(
                "guard" + i,
                random.nextInt(4) == 0 ? "" : repository,
                new Action.Require(Set.of(any(random, TAGS))),
                new Scope.Global(),
                random.nextInt(5))
            : Rules.rule(
                "route" + i,
                random.nextBoolean() ? repository : "model=" + any(random, MODELS),
                new Action.Route(
                    List.of(
                        new Destination(any(random, NAMES), any(random, MODELS), null, 1),
                        new Destination(any(random, NAMES), null, null, 2))),
                new Scope.Global(),
                random.nextInt(5));
    rule = random.nextBoolean() ? rule : Rules.fallingBack(rule, Entities.ref(anyRef(random)));
    rule = random.nextBoolean() ? rule : Rules.unknown(rule, OnUnknown.MATCH);
    return random.nextBoolean() ? rule : Rules.chained(rule);
  }

  private static Question question(Random random, Snapshot snapshot) {
    VirtualKey k = Entities.allPowerful("k");
    List<ProviderGrant> grants = new ArrayList<>();
    for (String name : NAMES) {
      grants.add(Entities.grant(name, "*"));
    }
    VirtualKey key =
        new VirtualKey(
            k.id(),
            k.name(),
            k.hash(),
            true,
            null,
            random.nextBoolean(),
            grants,
            "",
            null,
            null,
            null,
            null,
            AddressBlocks.NONE,
            tags(random, 0.15),
            true,
            Rules.ORIGIN);
    Principal who =
        random.nextBoolean() ? new Principal.Anonymous(null) : new Principal.KeyHolder(key, null);
    String model =
        switch (random.nextInt(3)) {
          case 0 -> "house";
          case 1 -> any(random, MODELS);
          default -> anyRef(random);
        };
    List<String> fallbacks =
        random.nextBoolean() ? List.of() : List.of(anyRef(random), "house", anyRef(random));
    String[] repositories = {"r1", "r2", "r3", null};
    Revealed revealed = new Revealed(null, any(random, repositories), null, List.of(), null);
    assertThat(snapshot.providers()).isNotEmpty();
    return new Question(
        any(random, OPERATIONS),
        model,
        fallbacks,
        who,
        null,
        null,
        random.nextBoolean() ? null : "s" + random.nextInt(5),
        random.nextLong(),
        PromptFloor.NONE,
        new RequestView(
            Headers.EMPTY, "", "x", "", false, false, 1, Attribution.NONE, revealed, 0));
  }
}
