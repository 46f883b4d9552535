package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.config.shape.ShapeCheck;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.port.Sealing;
import dev.fairlead.provider.Catalogue;
import dev.fairlead.provider.ProviderRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code config.json}: strict, so that a misspelt limit is never silently no limit, and
 * complete, so that all mistakes are told at once. Opens no file but those the configuration refers
 * to, and no connection.
 */
final class ConfigReader {
  /** What the file is called in messages. */
  static final String FILE = "config.json";

  /**
   * The first note when a start would serve nobody; a newcomer reads it with nothing configured.
   */
  static final String NOTHING_TO_SERVE =
      "No provider can serve requests yet. Set the key of one, for example with export"
          + " OPENAI_API_KEY=… (or ANTHROPIC_API_KEY, GEMINI_API_KEY) and start again; or start"
          + " Ollama; or add one to "
          + FILE
          + ", which is read again whenever it changes.";

  /** A file that says nothing. */
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

  /** Names under which other gateways switch on what is always here. */
  private static final Set<String> BUILT_IN =
      Set.of("governance", "logging", "telemetry", TelemetryReader.PLUGIN);

  private final Path directory;
  private final Map<String, String> environment;
  private final Supplier<KeyHasher> installed;
  private final Function<String, @Nullable String> expressionCheck;

  /**
   * Creates a reader.
   *
   * @param directory the app directory, which relative names of files start from
   * @param environment the process's environment
   * @param installed hasher of this installation, asked for when the configuration brings no {@code
   *     encryption_key}
   * @param expressionCheck what is wrong with the condition of a routing rule, or null
   */
  ConfigReader(
      Path directory,
      Map<String, String> environment,
      Supplier<KeyHasher> installed,
      Function<String, @Nullable String> expressionCheck) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.installed = installed;
    this.expressionCheck = expressionCheck;
  }

  /** What is read beside the file, and under which circumstances. */
  record Beside(
      Map<String, ProviderConfig> found, StoredEntities stored, Sealing sealing, boolean first) {}

  /** The scene of entities of the database, which have neither references nor values. */
  static Scene storedScene(Function<String, @Nullable String> expressionCheck) {
    Findings none = new Findings();
    return new Scene(
        none,
        new References(Path.of(""), Map.of(), none),
        KeyHasher.of(new byte[16]),
        expressionCheck,
        false,
        null,
        new Shared());
  }

  /** Reads as if the file were there and said nothing. */
  Draft readNothing(Beside beside) {
    return read(EMPTY, beside);
  }

  /**
   * Reads {@code bytes}, the content of the file.
   *
   * @param beside providers of the environment and detected ones, which count unless the file names
   *     providers; and the entities of the database
   */
  Draft read(byte[] bytes, Beside beside) {
    Findings findings = new Findings();
    Json tree = JsonReader.read(bytes, findings.problems());
    Json.Obj written = tree instanceof Json.Obj object ? object : new Json.Obj(Map.of(), 1, 1);
    ShapeCheck check =
        tree == null
            ? ShapeCheck.of(written, ConfigFields.ROOT, findings.problems())
            : ShapeCheck.of(tree, ConfigFields.ROOT, findings.problems());
    List<Flaw> flaws = new ArrayList<>();
    Json.Obj root = StoredClient.into(written, beside, findings, flaws);
    unenforced(root, check, findings);

    References references = new References(directory, environment, findings);
    Long version = Tree.whole(root, "version");
    boolean versionOne = version != null && version == 1;
    boolean versionTwo = version != null && version == 2;
    NetworkReader network =
        new NetworkReader(references, new ProxyReader(environment, references, findings), findings);
    KeyReader keys = new KeyReader(references, network, findings, !versionTwo);

    boolean named = !Tree.object(root, "providers").members().isEmpty();
    Map<String, ProviderConfig> others =
        named
            ? providers(root, new ProviderReader(network, keys, findings, ConfigReader::origin))
            : beside.found();
    if (named) {
      tellUnused(others, findings);
    }
    StoredProviders storedProviders =
        new StoredProviders(
            directory, environment, beside.sealing(), beside.first(), findings, others);
    Map<String, ProviderConfig> providers = storedProviders.read(beside.stored());
    flaws.addAll(storedProviders.flaws());
    ProviderNames names = new ProviderNames(providers, findings);
    checkKeyFallbacks(root, names);
    KeyHasher hasher = hasher(root, references, findings);
    Json.Obj governance = Tree.object(root, "governance");
    Scene scene =
        new Scene(findings, references, hasher, expressionCheck, versionOne, FILE, new Shared());
    List<FileEntity> items = new ArrayList<>();
    Linked linked =
        new Linker(names, findings, beside.first(), beside.stored().unread())
            .link(
                new EntityReader(scene).readAll(governance, items),
                beside.stored().parts(),
                Set.copyOf(Tree.texts(governance, "required_tags")),
                RuleReader.unknownPrice(root));
    new ToolServerCheck(references, findings).check(Tree.object(root, "mcp"));
    TelemetryReader.read(root, references, environment, findings);
    TelemetryReader.tagLabels(root, findings);
    plugins(root, findings);
    RuleReader.feed(root, findings);
    new StoreReader(directory, references, findings).read(root);
    ClientSettings client = new ClientReader(names, findings).read(root);
    List<Problem> problems = new ArrayList<>(new LinkedHashSet<>(findings.problems()));
    problems.sort(
        java.util.Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    List<String> notes = new ArrayList<>();
    if (providers.values().stream().noneMatch(ConfigReader::usable)) {
      notes.add(NOTHING_TO_SERVE);
    }
    notes.addAll(findings.notes());
    return new Draft(
        problems,
        named,
        providers,
        linked.keys(),
        linked.governance(),
        Stream.concat(flaws.stream(), linked.flaws().stream()).toList(),
        items,
        root,
        client,
        hasher,
        check.inert(),
        notes,
        references.files());
  }

  private static Origin origin(String path) {
    return new Origin(Origin.Source.FILE, FILE + " " + path);
  }

  /**
   * Sections that restrict and are not enforced must be accepted by name, in a line this tells in
   * full.
   */
  private static void unenforced(Json.Obj root, ShapeCheck check, Findings findings) {
    Map<String, ShapeCheck.Place> restricting = new LinkedHashMap<>(check.restricting());
    for (String place : List.of("governance.auth_config", "auth_config")) {
      Json.Obj parent = place.startsWith("governance") ? Tree.object(root, "governance") : root;
      Json.Obj auth = Tree.object(parent, "auth_config");
      if (Tree.flag(auth, "is_enabled", false)
          && !Tree.flag(auth, "disable_auth_on_inference", false)) {
        restricting.putIfAbsent(
            "governance.auth_config", new ShapeCheck.Place(place + ".is_enabled", auth));
      }
    }
    Set<String> accepted =
        new LinkedHashSet<>(Tree.texts(Tree.object(root, "fairlead"), "accept_unenforced"));
    Set<String> all = new LinkedHashSet<>(accepted);
    all.addAll(restricting.keySet());
    for (String section : accepted) {
      if (ConfigFields.ENFORCED_NOW.contains(section)) {
        findings.note(
            "fairlead.accept_unenforced names "
                + section
                + ", which this version enforces; remove it from the list");
      }
    }
    all.removeAll(ConfigFields.ENFORCED_NOW);
    String line = "\"accept_unenforced\": [\"" + String.join("\", \"", all) + "\"]";
    restricting.forEach((section, place) -> {
      if (accepted.contains(section)) {
        findings.note(place.path() + " is not enforced, as accepted by fairlead.accept_unenforced");
      } else {
        findings.problem(
            place.at(),
            place.path(),
            "limits what may be done, and this version does not enforce it. Remove it, or accept"
                + " that with this line in the section \"fairlead\": "
                + line);
      }
    });
  }

  private static Map<String, ProviderConfig> providers(Json.Obj root, ProviderReader reader) {
    Map<String, ProviderConfig> providers = new LinkedHashMap<>();
    Tree.object(root, "providers")
        .members()
        .forEach((name, at) -> {
          ProviderConfig read = at instanceof Json.Obj object ? reader.read(name, object) : null;
          if (read != null) {
            providers.put(name, read);
          }
        });
    return providers;
  }

  private static boolean usable(ProviderConfig provider) {
    return provider.enabled()
        && ((provider.keyless() && provider.keys().isEmpty())
            || provider.keys().stream().anyMatch(ProviderKey::enabled));
  }

  /** Somebody who exports a key and sees nothing happen should learn why. */
  private void tellUnused(Map<String, ProviderConfig> providers, Findings findings) {
    for (ProviderRow row : Catalogue.rows().values()) {
      for (String variable : row.environment()) {
        String value = environment.get(variable);
        if (value != null && !value.isBlank() && !providers.containsKey(row.name())) {
          findings.note(
              variable
                  + " is set but not used, because "
                  + FILE
                  + " names its providers; to use it add \""
                  + row.name()
                  + "\": {\"keys\": [{\"value\": \"env."
                  + variable
                  + "\"}]} to providers");
          break;
        }
      }
    }
  }

  private static void checkKeyFallbacks(Json.Obj root, ProviderNames names) {
    Tree.object(root, "providers")
        .members()
        .forEach((name, at) -> {
          List<Json> keys = at instanceof Json.Obj object ? Tree.items(object, "keys") : List.of();
          for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i) instanceof Json.Obj key) {
              names.refs(
                  Tree.items(key, "fallbacks"),
                  JsonReader.child("providers", name) + ".keys[" + i + "].fallbacks");
            }
          }
        });
  }

  private KeyHasher hasher(Json.Obj root, References references, Findings findings) {
    String secret = EncryptionKey.read(root, references, environment, findings);
    return secret == null ? installed.get() : KeyHasher.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  private static void plugins(Json.Obj root, Findings findings) {
    List<String> names = new ArrayList<>();
    for (Json item : Tree.items(root, "plugins")) {
      if (item instanceof Json.Obj plugin && Tree.flag(plugin, "enabled", true)) {
        String name = Tree.text(plugin, "name");
        if (name != null && !BUILT_IN.contains(name)) {
          names.add(name);
        }
      }
    }
    if (!names.isEmpty()) {
      findings.note(
          "plugins: configured and not loaded, because this version has no plug-ins: "
              + String.join(", ", names));
    }
  }
}
