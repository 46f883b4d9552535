package dev.fairlead.core.routing;

import static dev.fairlead.core.routing.Planning.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a principal may use, and whose credential goes where. */
class GrantTest {
  private static final DirectCredential CLAUDE =
      new DirectCredential("anthropic", Secret.of("sk-ant-oat01-own"), true);

  private final Planning planning =
      new Planning(
          Entities.snapshot(
              Entities.provider(
                  "openai",
                  Entities.key("o1", 1, NameFilter.ALL, Map.of("nick", "gpt-secret")),
                  Entities.key("o2", 0)),
              Entities.provider("anthropic", Entities.key("a")),
              Entities.provider(
                  "relay",
                  "anthropic",
                  Entities.network(0),
                  Set.of(Operation.values()),
                  Entities.key("r")),
              Entities.provider("ollama")));

  private static Principal holder(ProviderGrant... grants) {
    return new Principal.KeyHolder(Entities.virtualKey("team", grants), null);
  }

  private static ProviderGrant grant(
      String provider,
      NameFilter allowed,
      NameFilter denied,
      NameFilter keyIds,
      @Nullable Double weight) {
    return new ProviderGrant(provider, allowed, denied, keyIds, weight);
  }

  // ---- virtual keys
  // -----------------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "*, , gpt-4o, true",
    "gpt-4o, , gpt-4o, true",
    "gpt-4o, , gpt-4o-mini, false",
    "gpt-4*, , gpt-4o-mini, true",
    "*, gpt-4*, gpt-4o, false",
    "*, regex:.*-mini, gpt-4o-mini, false",
    "*, regex:.*-mini, gpt-4o, true",
    "regex:gpt-[45].*, , gpt-5, true",
    "regex:gpt, , gpt-5, false",
    "openai/gpt-4o, , gpt-4o, true",
    "openai/*, , gpt-4o, true",
    "*, openai/gpt-4o, gpt-4o, false",
    "*, openai/*, gpt-4o, false",
    "*, regex:openai/.*, gpt-4o, false",
    "*, anthropic/*, gpt-4o, true",
    ", , gpt-4o, false"
  })
  void modelsAreAllowedAndDenied(String allowed, String denied, String model, boolean ok) {
    Principal who =
        holder(
            grant(
                "openai",
                allowed == null ? NameFilter.NONE : Entities.names(allowed),
                denied == null ? NameFilter.NONE : Entities.names(denied),
                NameFilter.ALL,
                1.0));
    if (ok) {
      assertThat(planning.targets(ask("openai/" + model, who))).hasSize(1);
    } else {
      Failure failure = planning.refused(ask("openai/" + model, who));
      assertThat(failure.status()).isEqualTo(403);
      assertThat(failure.code()).isEqualTo("model_blocked");
      assertThat(failure.message()).contains("\"team\"", model, "openai");
    }
  }

  @Test
  void aProviderWithoutAGrantIsBlocked() {
    Failure failure =
        planning.refused(ask("anthropic/claude-x", holder(Entities.grant("openai", "*"))));
    assertThat(failure.code()).isEqualTo("provider_blocked");
    assertThat(planning.refused(ask("openai/x", holder())).code()).isEqualTo("provider_blocked");
    assertThat(
            planning.targets(
                ask("openai/x", new Principal.KeyHolder(Entities.allPowerful("root"), null))))
        .containsExactly("openai/x[o1, o2]");
  }

  @Test
  void aDeniedModelStaysDeniedUnderTheNameAKeyGivesIt() {
    Principal who =
        holder(grant("openai", NameFilter.ALL, Entities.names("gpt-secret"), NameFilter.ALL, 1.0));
    assertThat(planning.targets(ask("openai/nick", who)))
        .as("o2 has no such alias")
        .containsExactly("openai/nick[o2]");
    Principal only =
        holder(
            grant(
                "openai", NameFilter.ALL, Entities.names("gpt-secret"), Entities.names("o1"), 1.0));
    assertThat(planning.refused(ask("openai/nick", only)).status()).isEqualTo(403);
    Principal allowedByOwnName = holder(Entities.grant("openai", "gpt-secret"));
    assertThat(planning.targets(ask("openai/nick", allowedByOwnName)))
        .containsExactly("openai/nick[o1]");
  }

  @ParameterizedTest
  @CsvSource({"o2, openai/x[o2]", "name-of-o1, openai/x[o1]", "*, 'openai/x[o1, o2]'"})
  void keysAreAllowedByIdOrName(String keyIds, String target) {
    Principal who =
        holder(grant("openai", NameFilter.ALL, NameFilter.NONE, Entities.names(keyIds), 1.0));
    assertThat(planning.targets(ask("openai/x", who))).containsExactly(target);
  }

  @Test
  void withoutAnAllowedKeyNothingIsServed() {
    Principal who = holder(grant("openai", NameFilter.ALL, NameFilter.NONE, NameFilter.NONE, 1.0));
    Failure failure = planning.refused(ask("openai/x", who));
    assertThat(failure.status()).isEqualTo(403);
    assertThat(failure.message()).contains("\"team\"", "any key of provider openai");
  }

  @Test
  void aBareNameIsDrawnAmongTheGrantsThatTakePart() {
    Principal who =
        holder(
            grant("openai", Entities.names("shared"), NameFilter.NONE, NameFilter.ALL, 0.7),
            grant("anthropic", Entities.names("shared"), NameFilter.NONE, NameFilter.ALL, 0.3),
            grant("ollama", Entities.names("shared"), NameFilter.NONE, NameFilter.ALL, null));
    Map<String, Integer> first = new HashMap<>();
    for (long seed = 0; seed < 5_000; seed++) {
      List<String> targets =
          planning.targets(ask(Operation.CHAT_COMPLETION, "shared", who, null, seed));
      assertThat(targets).hasSize(2).noneMatch(t -> t.startsWith("ollama"));
      first.merge(targets.getFirst().substring(0, 4), 1, Integer::sum);
    }
    assertThat(first.get("open")).isBetween(3_350, 3_650);
    assertThat(planning.targets(ask("ollama/shared", who))).containsExactly("ollama/shared[]");
  }

  @Test
  void aGrantWithAModelOfItsOwnTakesWhateverBareNameIsAskedFor() {
    Principal who =
        holder(
            new ProviderGrant(
                "openai", Entities.names("gpt-4o"), NameFilter.NONE, NameFilter.ALL, 0.7, "gpt-4o"),
            new ProviderGrant(
                "anthropic",
                Entities.names("claude-s"),
                NameFilter.NONE,
                NameFilter.ALL,
                0.3,
                "claude-s"));
    Map<String, Integer> first = new HashMap<>();
    for (long seed = 0; seed < 5_000; seed++) {
      List<String> targets =
          planning.targets(ask(Operation.CHAT_COMPLETION, "anything", who, null, seed));
      assertThat(targets).hasSize(2);
      first.merge(targets.getFirst(), 1, Integer::sum);
    }
    assertThat(first).containsOnlyKeys("openai/gpt-4o[o1, o2]", "anthropic/claude-s[a]");
    assertThat(first.get("openai/gpt-4o[o1, o2]")).isBetween(3_350, 3_650);
    assertThat(planning.refused(ask("openai/gpt-5", who)).code()).isEqualTo("model_blocked");
  }

  @Test
  void fallbacksAreHeldToTheGrantsToo() {
    Plan plan =
        planning.plan(ask("openai/x", holder(Entities.grant("openai", "*")), "anthropic/claude-x"));
    assertThat(plan.targets()).hasSize(1);
    assertThat(plan.skipped().getFirst())
        .startsWith("anthropic/claude-x: ")
        .contains("may not use");
  }

  // ---- provider keys as credentials
  // -------------------------------------------------------------------------------

  @Test
  void theOwnerOfAProviderKeyGetsThatKeyOnly() {
    Principal owner = new Principal.KeyOwner("openai", "o2");
    assertThat(planning.targets(ask("openai/x", owner, "anthropic/claude-x")))
        .containsExactly("openai/x[o2]");
    assertThat(planning.refused(ask("anthropic/claude-x", owner)).code())
        .isEqualTo("provider_blocked");
    assertThat(planning.refused(ask("ollama/l", owner)).code()).isEqualTo("provider_blocked");
  }

  @Test
  void aDirectCredentialGoesToItsOwnProviderAndNeverAcrossAFallback() {
    VirtualKey root = Entities.allPowerful("root");
    for (Principal who :
        new Principal[] {new Principal.Anonymous(CLAUDE), new Principal.KeyHolder(root, CLAUDE)}) {
      Plan plan =
          planning.plan(ask("anthropic/claude-x", who, "openai/y", "relay/claude-x", "ollama/l"));
      assertThat(
              planning.targets(
                  ask("anthropic/claude-x", who, "openai/y", "relay/claude-x", "ollama/l")))
          .containsExactly(
              "anthropic/claude-x[direct]", "openai/y[o1, o2]", "relay/claude-x[r]", "ollama/l[]");
      assertThat(plan.targets().getFirst().keys()).isEmpty();
      assertThat(plan.targets().subList(1, 4)).allMatch(target -> target.direct() == null);
    }
  }

  @Test
  void whoBringsNothingButACredentialOfItsOwnGetsNothingOfTheGateways() {
    Principal stranger = new Principal.DirectOnly(CLAUDE);
    Plan plan =
        planning.plan(
            ask("anthropic/claude-x", stranger, "openai/y", "relay/claude-x", "ollama/l"));
    assertThat(plan.targets()).hasSize(1);
    assertThat(plan.targets().getFirst().direct()).isEqualTo(CLAUDE);
    assertThat(plan.skipped())
        .hasSize(3)
        .allMatch(reason -> reason.contains("is only ever sent there"));
    for (String model : List.of("openai/y", "relay/claude-x", "ollama/l", "gpt-4o")) {
      assertThat(planning.refused(ask(model, stranger)).status()).as(model).isEqualTo(403);
    }
    assertThat(planning.targets(ask("claude-x", stranger)))
        .containsExactly("anthropic/claude-x[direct]");
  }

  @Test
  void aDirectCredentialIsBoundByTheGrantsOfTheKeyBesideIt() {
    Principal who =
        new Principal.KeyHolder(Entities.virtualKey("team", Entities.grant("openai", "*")), CLAUDE);
    assertThat(planning.refused(ask("anthropic/claude-x", who)).code())
        .isEqualTo("provider_blocked");
  }
}
