package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.config.Outcome.Conflict;
import dev.fairlead.app.config.Outcome.Done;
import dev.fairlead.app.config.Outcome.Fault;
import dev.fairlead.app.config.Outcome.Invalid;
import dev.fairlead.app.config.Outcome.Missing;
import dev.fairlead.app.config.Outcome.ReadOnly;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Changes of entities of the database: checked, in force at once, never against the file. */
@Timeout(30)
class ConfigEditorTest {
  private static final String FILE =
      """
      {'encryption_key': '0123456789abcdef0123456789abcdef',
       'providers': {'openai': {'keys': [{'name': 'main', 'value': 'sk-proj-0123456789'}],
         'network_config': {'extra_headers': {'x-secret': 'hush'}}}},
       'governance': {'teams': [{'id': 'filed', 'name': 'Filed'}],
         'virtual_keys': [{'name': 'filekey', 'value': 'sk-bf-0123456789abcdef',
           'allow_all_providers': true}]}}
      """;

  @TempDir Path directory;

  private final MemoryDocuments documents = new MemoryDocuments();
  private final AtomicReference<Snapshot> snapshot = new AtomicReference<>();
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private ConfigSource source;
  private ConfigWatcher watcher;
  private ConfigEditor editor;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @BeforeEach
  void start() throws IOException {
    write(FILE);
    source =
        new ConfigSource(
            directory, Map.of(), clock, () -> CompletableFuture.completedFuture(Optional.empty()));
    source.attach(documents, Sealed.SEALING);
    source.checkConditions(Reading::expression);
    Loaded.Good first = (Loaded.Good) source.load();
    snapshot.set(first.snapshot());
    watcher = new ConfigWatcher(source, first, clock, snapshot::set);
    editor = new ConfigEditor(source, documents, Sealed.SEALING, clock, watcher::poll);
  }

  @AfterEach
  void stop() {
    watcher.close();
  }

  private void write(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private Done done(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Done.class);
    return (Done) outcome;
  }

  private Entity created(String kind, String json) {
    return Objects.requireNonNull(done(editor.create(kind, json(json))).after());
  }

  private static JsonNode tree(Entity entity) {
    return JsonMapper.shared().readTree(entity.json());
  }

  private VirtualKey key(String value) {
    KeyHasher hasher = Objects.requireNonNull(source.inForce()).hasher();
    return Objects.requireNonNull(snapshot.get().virtualKeysByHash().get(hasher.hash(value)));
  }

  private Budget onlyBudget(String owner) {
    return Objects.requireNonNull(snapshot.get().governance().budgetsByOwner().get(owner))
        .getFirst();
  }

  @Test
  void aNewKeyIsInForceAtOnceAndItsValueIsToldOnce() {
    Done made =
        done(
            editor.create(
                "virtual_key",
                json(
                    "{'name': 'alice', 'team_id': 'filed', 'providers': [{'provider': 'openai',"
                        + " 'model': 'gpt-4o', 'weight': 0.7}], 'budget': {'max_budget': 100,"
                        + " 'budget_duration': 'monthly'}}")));
    String value = Objects.requireNonNull(made.secretShownOnce());
    assertThat(value).startsWith("sk-fl-");
    assertThat(KeyHasher.checksumOk(value)).isTrue();
    assertThat(made.toString()).doesNotContain(value);
    VirtualKey key = key(value);
    assertThat(key.name()).isEqualTo("alice");
    assertThat(key.origin().source()).isEqualTo(Origin.Source.DATABASE);
    assertThat(onlyBudget("vk:" + key.id()).limitNanoUsd()).isEqualTo(100_000_000_000L);
    String stored = documents.stored("virtual_key", key.id());
    assertThat(stored).doesNotContain(value).contains(key.hash());
    Entity shown = Objects.requireNonNull(editor.find("virtual_key", key.id()));
    assertThat(shown.json())
        .doesNotContain(key.hash())
        .doesNotContain("\"value\"")
        .contains("…" + value.substring(value.length() - 4));
  }

  @Test
  void whatIsShownCanBeSentBackAndNoCounterIsReset() {
    Entity team =
        created(
            "team",
            "{'name': 'Core', 'budgets': [{'max_limit': 10, 'reset_duration': '1d'},"
                + " {'max_limit': 100, 'reset_duration': '1M'}]}");
    String daily = tree(team).at("/budgets/0/id").asString();
    String monthly = tree(team).at("/budgets/1/id").asString();
    Entity again =
        Objects.requireNonNull(done(editor.replace("team", team.id(), json(team.json()))).after());
    assertThat(tree(again).at("/budgets/0/id").asString()).isEqualTo(daily);
    Entity swapped =
        Objects.requireNonNull(
            done(editor.replace(
                    "team",
                    team.id(),
                    json(
                        "{'name': 'Core', 'budgets': [{'max_limit': 7, 'reset_duration':"
                            + " 'monthly'}, {'max_limit': 1, 'reset_duration': '1d'}]}")))
                .after());
    assertThat(tree(swapped).at("/budgets/0/id").asString()).isEqualTo(monthly);
    assertThat(tree(swapped).at("/budgets/1/id").asString()).isEqualTo(daily);
    Entity renamed =
        Objects.requireNonNull(
            done(editor.merge("team", team.id(), json("{'name': 'Kernel', 'customer_id': null}")))
                .after());
    assertThat(tree(renamed).at("/name").asString()).isEqualTo("Kernel");
    assertThat(tree(renamed).at("/budgets/0/id").asString()).isEqualTo(monthly);
    Entity longer =
        Objects.requireNonNull(
            done(editor.merge(
                    "team",
                    team.id(),
                    json("{'budgets': [{'max_limit': 7, 'reset_duration': '1w'}]}")))
                .after());
    assertThat(tree(longer).at("/budgets/0/id").asString()).isEqualTo(monthly);
    assertThat(tree(longer).at("/created_at").asString())
        .isEqualTo(tree(team).at("/created_at").asString());
  }

  @Test
  void aRotatedKeysFormerValueCountsUntilItsGraceIsOver() {
    Done made =
        done(editor.create("virtual_key", json("{'name': 'k', 'allow_all_providers': true}")));
    String old = Objects.requireNonNull(made.secretShownOnce());
    String id = Objects.requireNonNull(made.after()).id();
    Done rotated = done(editor.rotate(id, Duration.ofHours(2)));
    String fresh = Objects.requireNonNull(rotated.secretShownOnce());
    assertThat(key(fresh).id()).isEqualTo(id);
    assertThat(key(old)).isSameAs(key(fresh));
    assertThat(Objects.requireNonNull(key(old).former()).until())
        .isEqualTo(now.plus(Duration.ofHours(2)));
    assertThat(tree(Objects.requireNonNull(rotated.after())).at("/former_value_until").asString())
        .isEqualTo("2026-11-21T14:00:00Z");
    String last = Objects.requireNonNull(done(editor.rotate(id, Duration.ZERO)).secretShownOnce());
    assertThat(key(last).former()).isNull();
    KeyHasher hasher = Objects.requireNonNull(source.inForce()).hasher();
    assertThat(snapshot.get().virtualKeysByHash()).doesNotContainKey(hasher.hash(fresh));
    assertThat(editor.rotate("none", Duration.ZERO)).isInstanceOf(Missing.class);
    assertThat(editor.rotate(id, Duration.ofDays(1000))).isInstanceOf(Invalid.class);
  }

  @Test
  void importedValuesWorkAndATakenOneIsRefused() {
    Done made =
        done(
            editor.create(
                "virtual_key",
                json("{'name': 'k', 'value': 'sk-bf-in-use-elsewhere', 'description': 'x'}")));
    assertThat(made.secretShownOnce()).isEqualTo("sk-bf-in-use-elsewhere");
    assertThat(key("sk-bf-in-use-elsewhere").name()).isEqualTo("k");
    assertThat(
            editor.create("virtual_key", json("{'name': 'l', 'value': 'sk-bf-in-use-elsewhere'}")))
        .isInstanceOf(Conflict.class);
    assertThat(
            editor.create("virtual_key", json("{'name': 'l', 'value': 'sk-bf-0123456789abcdef'}")))
        .isInstanceOf(Conflict.class);
    assertThat(editor.create("virtual_key", json("{'name': 'l', 'value': 'sk-bf-********'}")))
        .isEqualTo(
            new Invalid(
                List.of(
                    new Fault(
                        "value",
                        "is a masked value, copied from a display; leave the field out to keep the"
                            + " key"))));
  }

  @Test
  void secretsOfProvidersAreSealedShownMaskedAndKept() {
    created(
        "provider",
        "{'provider': 'anthropic', 'network_config': {'extra_headers': {'x-token': 'hush-hush'}},"
            + " 'tags': ['eu']}");
    Entity key =
        created(
            "provider_key",
            "{'provider': 'anthropic', 'name': 'first', 'value': 'sk-ant-api03-secret',"
                + " 'models': ['*']}");
    assertThat(Objects.requireNonNull(snapshot.get().provider("anthropic")).keys())
        .singleElement()
        .satisfies(inForce -> {
          assertThat(inForce.id()).isEqualTo(key.id());
          assertThat(Objects.requireNonNull(inForce.value()).matches("sk-ant-api03-secret"))
              .isTrue();
        });
    assertThat(Objects.requireNonNull(snapshot.get().provider("anthropic")).tags())
        .containsExactly("eu");
    assertThat(documents.stored("provider", "anthropic")).doesNotContain("hush-hush");
    assertThat(documents.stored("provider_key", key.id())).doesNotContain("sk-ant-api03-secret");
    assertThat(tree(key).at("/value").asString()).isEqualTo("********");
    assertThat(Objects.requireNonNull(editor.find("provider", "anthropic")).json())
        .doesNotContain("hush");
    done(editor.replace("provider_key", key.id(), json(key.json())));
    done(editor.merge("provider", "anthropic", json(shown("provider", "anthropic"))));
    done(editor.replace("provider", "anthropic", json(shown("provider", "anthropic"))));
    assertThat(Objects.requireNonNull(snapshot.get().provider("anthropic")).keys())
        .singleElement()
        .satisfies(inForce ->
            assertThat(Objects.requireNonNull(inForce.value()).matches("sk-ant-api03-secret"))
                .as("what is shown can be sent back")
                .isTrue());
    assertThat(shown("provider", "anthropic")).contains("\"x-token\":\"********\"");
    assertThat(
            editor.create("provider_key", json("{'provider': 'anthropic', 'value': '********'}")))
        .isInstanceOf(Invalid.class);
    assertThat(
            editor.merge(
                "provider",
                "anthropic",
                json("{'network_config': {'extra_headers': {'x-other': '********'}}}")))
        .isInstanceOf(Invalid.class);
    assertThat(
            editor.replace(
                "provider_key", key.id(), json("{'provider': 'anthropic', 'value': 'sk-****'}")))
        .isEqualTo(
            new Invalid(
                List.of(
                    new Fault(
                        "value",
                        "is a masked value, copied from a display; leave the field out to keep the"
                            + " secret"))));
    done(
        editor.replace(
            "provider_key", key.id(), json("{'provider': 'anthropic', 'name': 'second'}")));
    assertThat(Objects.requireNonNull(snapshot.get().provider("anthropic")).keys())
        .singleElement()
        .satisfies(inForce -> {
          assertThat(inForce.name()).isEqualTo("second");
          assertThat(Objects.requireNonNull(inForce.value()).matches("sk-ant-api03-secret"))
              .isTrue();
        });
    assertThat(
            editor.create(
                "provider_key", json("{'provider': 'openai', 'value': 'file./etc/passwd'}")))
        .isInstanceOf(Invalid.class);
    done(editor.remove("provider", "anthropic"));
    assertThat(snapshot.get().provider("anthropic")).isNull();
    assertThat(editor.find("provider_key", key.id())).isNull();
  }

  private String shown(String kind, String id) {
    return Objects.requireNonNull(editor.find(kind, id)).json();
  }

  @Test
  void aTopUpStaysUntilItIsTakenAway() {
    String team = "{'id': 't', 'name': 'T', 'budget': {'max_limit': %s, 'reset_duration': '1d'%s}}";
    created("team", team.formatted(1, ", 'override': {'amount': 5, 'cycles': 3}"));
    String given = shown("team", "t");
    assertThat(given).contains("\"override\"", "\"started_at\"");
    done(editor.merge("team", "t", json("{'budget': {'max_limit': 2}}")));
    assertThat(shown("team", "t")).contains("\"amount\":5", "\"max_limit\":2");
    done(editor.replace("team", "t", json(team.formatted(3, ""))));
    assertThat(shown("team", "t")).contains("\"amount\":5", "\"max_limit\":3");
    done(editor.merge("team", "t", json("{'budget': {'override': null}}")));
    assertThat(shown("team", "t")).doesNotContain("override");
    done(editor.replace("team", "t", json(team.formatted(3, ", 'override': {'amount': 5}"))));
    done(editor.replace("team", "t", json(team.formatted(3, ", 'override': null"))));
    assertThat(shown("team", "t")).doesNotContain("override");
  }

  @Test
  void aProviderOfTheFileTakesKeysOfTheDatabase() {
    created(
        "provider_key", "{'provider': 'openai', 'name': 'more', 'value': 'sk-proj-more-12345'}");
    assertThat(Objects.requireNonNull(snapshot.get().provider("openai")).keys())
        .extracting(key -> key.name())
        .containsExactly("main", "more");
    assertThat(editor.list("provider_key"))
        .extracting(Entity::name)
        .containsExactly("main", "more");
    assertThat(editor.list("provider").getFirst().json()).doesNotContain("hush");
    assertThat(
            editor.create(
                "provider_key",
                json("{'provider': 'openai', 'name': 'main', 'value': 'sk-proj-more-12345'}")))
        .isInstanceOf(Conflict.class);
    assertThat(editor.create("provider", json("{'name': 'openai'}"))).isInstanceOf(Conflict.class);
  }

  @Test
  void whatStandsInTheFileIsChangedThere() {
    assertThat(editor.merge("team", "filed", json("{'name': 'x'}")))
        .isEqualTo(
            new ReadOnly(
                "The team \"Filed\" belongs to config.json governance.teams[0]; change it there."));
    assertThat(editor.remove("team", "filed")).isInstanceOf(ReadOnly.class);
    assertThat(editor.create("team", json("{'name': 'Filed'}")))
        .isEqualTo(
            new Conflict(
                "name",
                "The name \"Filed\" is also that of governance.teams[0]; give each its own."));
    Entity filed =
        editor.list("virtual_key").stream()
            .filter(entity -> entity.name().equals("filekey"))
            .findFirst()
            .orElseThrow();
    assertThat(filed.json()).doesNotContain("sk-bf-0123456789abcdef");
    assertThat(editor.rotate(filed.id(), Duration.ZERO)).isInstanceOf(ReadOnly.class);
  }

  @Test
  void mistakesAreNamedAndNothingIsWritten() {
    assertThat(editor.create("team", json("{'name': 'x', 'budgts': []}")))
        .isEqualTo(
            new Invalid(List.of(new Fault("budgts", "unknown field, did you mean budgets?"))));
    assertThat(
            editor.create(
                "team", json("{'name': 'x', 'budget': {'max_limit': -3, 'reset_duration': '1d'}}")))
        .isEqualTo(
            new Invalid(List.of(new Fault("budget.max_limit", "must be 0 or more, found -3"))));
    assertThat(
            editor.create(
                "routing_rule",
                json("{'name': 'x', 'cel_expression': 'wrong'," + " 'targets': [{'model': 'y'}]}")))
        .isEqualTo(new Invalid(List.of(new Fault("cel_expression", "cannot be compiled: wrong"))));
    assertThat(editor.create("virtual_key", json("{'name': 'x', 'team_id': 'gone'}")))
        .isEqualTo(
            new Invalid(
                List.of(new Fault("team_id", "names the team \"gone\", which is not there"))));
    assertThat(editor.create("team", json("{'name': 'x'"))).isInstanceOf(Invalid.class);
    assertThat(editor.create("nothing", json("{}"))).isInstanceOf(Missing.class);
    assertThat(editor.replace("team", "none", json("{'name': 'x'}"))).isInstanceOf(Missing.class);
    assertThat(editor.list("routing_rule")).isEmpty();
    assertThat(editor.list("team")).extracting(Entity::id).containsExactly("filed");
  }

  @Test
  void nothingIsRemovedThatOthersReferTo() {
    Entity team = created("team", "{'name': 'Core'}");
    Entity user = created("user", "{'name': 'Ann', 'team_id': '" + team.id() + "'}");
    Outcome refused = editor.remove("team", team.id());
    assertThat(refused).isInstanceOf(Conflict.class);
    assertThat(((Conflict) refused).message()).contains("user " + user.id());
    done(editor.remove("user", user.id()));
    done(editor.remove("team", team.id()));
    assertThat(snapshot.get().governance().teams()).doesNotContainKey(team.id());
  }

  @Test
  void aChangeMadeMeanwhileIsNotOverwritten() {
    Entity team = created("team", "{'name': 'Core'}");
    MemoryDocuments others = documents;
    others.put("team", team.id(), "Theirs", "{'id': '" + team.id() + "', 'name': 'Theirs'}");
    done(editor.merge("team", team.id(), json("{'description': 'ours'}")));
    assertThat(Objects.requireNonNull(snapshot.get().governance().teams().get(team.id())).name())
        .isEqualTo("Theirs");
  }

  @Test
  void aBrokenDocumentRefusesItsOwnersKeysAndNothingElse() {
    Entity team = created("team", "{'name': 'Core'}");
    String value =
        Objects.requireNonNull(
            done(editor.create(
                    "virtual_key",
                    json(
                        "{'name': 'k', 'allow_all_providers': true, 'team_id': '"
                            + team.id()
                            + "'}")))
                .secretShownOnce());
    documents.put(
        "team", team.id(), "Core", "{'name': 'Core', 'invented_by_a_newer_version': {'cap': 3}}");
    documents.put("pricing_override", "p", "p", "{'name': 'p', 'newer': 1}");
    documents.put(
        "routing_rule",
        "r",
        "seal",
        "{'name': 'seal', 'require_tags': ['eu'], 'scope': 'team', 'scope_id': 'filed', 'newer':"
            + " 1}");
    watcher.poll();
    Snapshot broken = snapshot.get();
    assertThat(broken.governance().refusal(key(value)))
        .isEqualTo(
            "the settings of the database's team "
                + team.id()
                + " cannot be understood by this version of the gateway");
    assertThat(broken.governance().refusal(key("sk-bf-0123456789abcdef"))).isNull();
    assertThat(broken.governance().rules())
        .singleElement()
        .satisfies(rule ->
            assertThat(rule.action())
                .isInstanceOf(dev.fairlead.core.governance.RoutingRule.Action.Deny.class));
    assertThat(broken.notes())
        .anyMatch(note ->
            note.startsWith("the database's team " + team.id() + ": invented_by_a_newer_version"));
    created("team", "{'name': 'Another'}");
  }

  @Test
  void aFileThatIsBrokenMeanwhileDoesNotHoldUpTheDatabase() throws IOException {
    write("{'providers': {'openai': {'keyz': []}}}");
    Entity team = created("team", "{'name': 'Core'}");
    assertThat(snapshot.get().governance().teams()).containsKey(team.id());
    assertThat(snapshot.get().provider("openai")).isNotNull();
  }

  @Test
  void anEntityThatAppearsInTheFileSwitchesOffTheOneOfTheDatabase() throws IOException {
    Entity team =
        created("team", "{'name': 'Core', 'budget': {'max_limit': 1, 'reset_duration': '1d'}}");
    write(FILE.replace("{'id': 'filed', 'name': 'Filed'}", "{'id': 'filed', 'name': 'Core'}"));
    watcher.poll();
    assertThat(snapshot.get().governance().teams()).containsOnlyKeys("filed");
    assertThat(snapshot.get().governance().budgetsByOwner()).isEmpty();
    assertThat(snapshot.get().notes())
        .contains(
            "the database's team "
                + team.id()
                + ", name: the name \"Core\" is also that of governance.teams[0]; give each its"
                + " own. It is switched off");
    ConfigSource restarted =
        new ConfigSource(
            directory, Map.of(), clock, () -> CompletableFuture.completedFuture(Optional.empty()));
    restarted.attach(documents, Sealed.SEALING);
    assertThat(((Loaded.Bad) restarted.load()).problems())
        .singleElement()
        .asString()
        .contains(
            "governance.teams[0].name: the name \"Core\" is also that of the database's team "
                + team.id());
  }

  @Test
  void keysThatWereToBeRemovedAfterTheirEndAre() {
    created(
        "virtual_key",
        "{'id': 'gone', 'name': 'gone', 'expires_at': '2026-11-21T13:00:00Z',"
            + " 'delete_after_expire': true}");
    created("virtual_key", "{'id': 'kept', 'name': 'kept', 'expires_at': '2026-11-21T13:00:00Z'}");
    assertThat(editor.removeExpired()).isZero();
    now = Instant.parse("2026-11-21T13:00:01Z");
    assertThat(editor.removeExpired()).isEqualTo(1);
    assertThat(editor.list("virtual_key"))
        .extracting(Entity::id)
        .contains("kept")
        .doesNotContain("gone");
  }

  @Test
  void expiredKeysGoByThemselvesAlsoAfterTheDatabaseWasAway() {
    created(
        "virtual_key",
        "{'id': 'gone', 'name': 'gone', 'expires_at': '2026-11-21T13:00:00Z',"
            + " 'delete_after_expire': true}");
    now = Instant.parse("2026-11-21T13:00:01Z");
    documents.reachable(false);
    try (KeyExpiry expiry = new KeyExpiry().start(editor, Duration.ofMillis(1))) {
      assertThat(expiry).isNotNull();
      Await.until(() -> documents.refused() > 0, Duration.ofSeconds(10), "a look in vain");
      documents.reachable(true);
      Await.until(
          () -> documents.stored("virtual_key", "gone").isEmpty(),
          Duration.ofSeconds(10),
          "the key to go");
    }
    assertThat(editor.find("virtual_key", "gone")).isNull();
  }

  @Test
  void theClientSectionCanBeWrittenUnlessTheFileHasIt() throws IOException {
    done(editor.merge("client_config", "client", json("{'allow_direct_keys': true}")));
    assertThat(snapshot.get().client().allowDirectKeys()).isTrue();
    done(editor.merge("client_config", "client", json("{'max_request_body_size_mb': 7}")));
    assertThat(snapshot.get().client().allowDirectKeys()).isTrue();
    assertThat(snapshot.get().client().maxRequestBodyBytes()).isEqualTo(7L << 20);
    write(FILE.replaceFirst("\\{", "{'client': {'allow_direct_keys': false},"));
    watcher.poll();
    assertThat(snapshot.get().client().allowDirectKeys()).isFalse();
    assertThat(snapshot.get().notes())
        .anyMatch(note -> note.contains("client config client: config.json has this section too"));
  }

  @Test
  void aTopUpBeginsWhenItIsGiven() {
    Entity team =
        created(
            "team",
            "{'name': 'Core', 'budget': {'max_limit': 1, 'reset_duration': 'daily',"
                + " 'override': {'amount': 2.5}}}");
    Budget.TopUp topUp = Objects.requireNonNull(onlyBudget("team:" + team.id()).topUp());
    assertThat(topUp)
        .isEqualTo(new Budget.TopUp(2_500_000_000L, Instant.parse("2026-11-22T00:00:00Z")));
  }

  @Test
  void aDatabaseThatIsAwayChangesNothingAndIsToldAtTheStart() {
    Entity team = created("team", "{'name': 'Core'}");
    documents.reachable(false);
    assertThat(watcher.poll()).isInstanceOf(ConfigWatcher.Outcome.Unchanged.class);
    assertThat(snapshot.get().governance().teams()).containsKey(team.id());
    ConfigSource restarted =
        new ConfigSource(
            directory, Map.of(), clock, () -> CompletableFuture.completedFuture(Optional.empty()));
    restarted.attach(documents, Sealed.SEALING);
    assertThat(((Loaded.Bad) restarted.load()).problems())
        .containsExactly("The entities of the database cannot be read: connection refused");
  }
}
