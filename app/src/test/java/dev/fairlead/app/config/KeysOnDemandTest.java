package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.UnreadKeys;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that does not wait for very many virtual keys treats each as one that does. */
class KeysOnDemandTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String FORMER = hash(1_000_000);
  private static final int KEYS = 6_000;

  @TempDir Path directory;

  private final MemoryDocuments documents = new MemoryDocuments();

  private static String hash(int i) {
    return HexFormat.of().toHexDigits(i).repeat(8);
  }

  private static String key(int i, String more) {
    return "{'id':'vk-%d','name':'developer %d','hash':'%s'%s}".formatted(i, i, hash(i), more);
  }

  @BeforeEach
  void fill() throws IOException {
    config("");
    documents.put(
        "team",
        "t1",
        "team 1",
        "{'name':'team 1','budgets':[{'id':'b-t','max_limit':5," + "'reset_duration':'1M'}]}");
    for (int i = 0; i < KEYS; i++) {
      String more =
          switch (i % 6) {
            case 0 -> ",'team_id':'t1','allow_all_providers':true";
            case 1 ->
                ",'provider_configs':[{'provider':'openai','allowed_models':['gpt-5.1'],"
                    + "'key_ids':['*'],'budgets':[{'id':'g-"
                    + i
                    + "','max_limit':2,'reset_duration':'1d'}]}]";
            case 2 ->
                ",'budgets':[{'id':'b-"
                    + i
                    + "','max_limit':3,'reset_duration':'1d'}],'rate_limits':[{'id':'l-"
                    + i
                    + "','request_max_limit':9,'request_reset_duration':'1h'}]";
            case 3 -> ",'description':'with a quote \\\" and more','is_active':false";
            case 4 -> ",'team_id':'gone','required_tags':['eu']";
            default -> ",'of_a_later_version':true";
          };
      documents.put("virtual_key", "vk-" + i, "developer " + i, key(i, more));
    }
    documents.put(
        "virtual_key",
        "vk-former",
        "rotated",
        "{'name':'rotated','hash':'%s','former':{'hash':'%s','until':'2030-01-01T00:00:00Z'}}"
            .formatted(hash(900_000), FORMER));
  }

  private void config(String more) throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        "{\"encryption_key\": \""
            + SECRET
            + "\", \"providers\": {\"openai\": {\"keys\": [{\"value\": \"sk-proj-0123456789\"}]}}"
            + more
            + "}");
  }

  private ConfigSource source() {
    ConfigSource source =
        new ConfigSource(
            directory,
            Map.of(),
            Clock.systemUTC(),
            () -> CompletableFuture.completedFuture(Optional.empty()));
    source.attach(documents, Sealed.SEALING);
    return source;
  }

  private static Snapshot snapshot(Loaded loaded) {
    assertThat(loaded).isInstanceOf(Loaded.Good.class);
    return ((Loaded.Good) loaded).snapshot();
  }

  private Snapshot soon() {
    return snapshot(source().loadToServe());
  }

  private static VirtualKey known(Snapshot snapshot, String hash) {
    return Objects.requireNonNull(snapshot.virtualKey(hash), hash);
  }

  private static String text(VirtualKey key, Snapshot of) {
    List<Object> told = new ArrayList<>(List.of(key));
    for (String owner :
        List.of(new Owner.OfKey(key.id()).id(), new Owner.OfGrant(key.id(), "openai").id())) {
      told.add(of.governance().budgetsByOwner().getOrDefault(owner, of.unread().budgets(owner)));
      told.add(of.governance().limitsByOwner().getOrDefault(owner, of.unread().limits(owner)));
    }
    return told.toString();
  }

  @Test
  void eachKeyIsWhatItIsWhenAllAreRead() {
    Snapshot soon = soon();
    Snapshot all = snapshot(source().load());

    assertThat(soon.unread().size()).isEqualTo(KEYS - KEYS / 6 + 1);
    assertThat(soon.virtualKeysByHash()).hasSize(KEYS / 6);
    assertThat(soon.virtualKeys()).isEqualTo(KEYS + 1);
    assertThat(all.unread()).isSameAs(UnreadKeys.NONE);
    all.virtualKeysByHash()
        .forEach((hash, key) -> {
          assertThat(text(known(soon, hash), soon)).isEqualTo(text(key, all));
        });
    assertThat(soon.virtualKey(FORMER)).isEqualTo(soon.virtualKey(hash(900_000))).isNotNull();
    assertThat(soon.virtualKey(hash(KEYS))).isNull();
  }

  @Test
  void aKeyIsFoundByItsIdAndItsName() {
    Snapshot soon = soon();

    assertThat(soon.virtualKeyNamed("vk-4")).isNotNull().isEqualTo(soon.virtualKey(hash(4)));
    assertThat(soon.virtualKeyNamed("developer 4")).isEqualTo(soon.virtualKey(hash(4)));
    assertThat(soon.virtualKeyNamed("developer 3")).isEqualTo(soon.virtualKey(hash(3)));
    assertThat(soon.virtualKeyNamed("nobody")).isNull();
  }

  @Test
  void whoIsNotThereAnyMoreIsRefusedAtOnce() {
    Snapshot soon = soon();

    assertThat(soon.governance().refusal(known(soon, hash(4)))).contains("\"gone\"");
  }

  @Test
  void theFirstLookReadsAllAndTellsWhatIsWrong() {
    ConfigSource source = source();
    Loaded first = source.loadToServe();
    AtomicReference<Snapshot> inForce = new AtomicReference<>(snapshot(first));
    try (ConfigWatcher watcher =
        new ConfigWatcher(source, (Loaded.Good) first, Clock.systemUTC(), inForce::set)) {
      assertThat(inForce.get().notes()).noneMatch(note -> note.contains("of_a_later_version"));
      assertThat(watcher.poll()).isInstanceOf(ConfigWatcher.Outcome.Published.class);
      assertThat(inForce.get().unread()).isSameAs(UnreadKeys.NONE);
      assertThat(inForce.get().virtualKeysByHash()).hasSize(KEYS + 2);
      assertThat(inForce.get().notes()).anyMatch(note -> note.contains("of_a_later_version"));
    }
  }

  @Test
  void aChangeMadeBeforeThatCounts() {
    ConfigSource source = source();
    Loaded first = source.loadToServe();
    AtomicReference<Snapshot> inForce = new AtomicReference<>(snapshot(first));
    try (ConfigWatcher watcher =
        new ConfigWatcher(source, (Loaded.Good) first, Clock.systemUTC(), inForce::set)) {
      ConfigEditor editor =
          new ConfigEditor(source, documents, Sealed.SEALING, Clock.systemUTC(), watcher::poll);
      assertThat(
              editor.merge(
                  "virtual_key", "vk-6", "{\"is_active\": false}".getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(Outcome.Done.class);
      assertThat(known(inForce.get(), hash(6)).active()).isFalse();
    }
  }

  @Test
  void nothingIsLeftWhereABudgetMayBeAKeys() {
    documents.put(
        "budget",
        "b-loose",
        "b-loose",
        "{'id':'b-loose','max_limit':1,'reset_duration':'1d','virtual_key_id':'vk-0'}");

    Snapshot soon = soon();

    assertThat(soon.unread()).isSameAs(UnreadKeys.NONE);
    assertThat(soon.governance().budgetsByOwner()).containsKey("vk:vk-0");
  }

  @Test
  void aKeyOfTheFileWithTheNameOrValueOfAnotherIsAMistakeAllTheSame() throws IOException {
    String value = "vk-of-the-file-0123456789";
    config(
        ", \"governance\": {\"virtual_keys\": [{\"name\": \"developer 0\", \"value\": \""
            + value
            + "\"}]}");
    assertThat(source().loadToServe()).isInstanceOf(Loaded.Bad.class);

    config(
        ", \"governance\": {\"virtual_keys\": [{\"name\": \"another\", \"value\": \""
            + value
            + "\"}]}");
    Snapshot beside = soon();
    String hash = KeyHasher.of(SECRET.getBytes(StandardCharsets.UTF_8)).hash(value);
    assertThat(beside.unread().size()).isPositive();
    assertThat(beside.virtualKey(hash)).isNotNull();

    documents.put("virtual_key", "vk-same", "same", "{'name':'same','hash':'" + hash + "'}");
    assertThat(source().loadToServe()).isInstanceOf(Loaded.Bad.class);
  }

  @Test
  void rulesAndLimitsMayNameAKeyThatIsNotRead() {
    documents.put(
        "routing_rule",
        "r1",
        "rule 1",
        "{'name':'rule 1','cel_expression':'true','scope':'virtual_key','scope_id':'vk-0',"
            + "'targets':[{'provider':'openai','weight':1}]}");
    documents.put(
        "model_config",
        "m1",
        "m1",
        "{'model_name':'gpt-5.1','scope':'virtual_key','scope_id':'vk-0','budgets':[{'id':'b-m',"
            + "'max_limit':1,'reset_duration':'1d'}]}");

    Snapshot soon = soon();
    Snapshot all = snapshot(source().load());

    assertThat(soon.unread().size()).isPositive();
    assertThat(soon.governance().rules()).isEqualTo(all.governance().rules()).hasSize(1);
    assertThat(soon.governance().budgetsByOwner().get("vk:vk-0"))
        .isEqualTo(all.governance().budgetsByOwner().get("vk:vk-0"))
        .hasSize(1);
  }
}
