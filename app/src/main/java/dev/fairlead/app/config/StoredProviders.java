package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.StoredEntities.Entry;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.app.config.shape.ShapeCheck;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.port.Sealing;
import dev.fairlead.provider.Catalogue;
import dev.fairlead.provider.ProviderRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds the providers and provider keys of the database to those of the file and the environment.
 * They are few, and their secrets are best opened anew, so they are read each time. Used once.
 */
final class StoredProviders {
  /** Kinds of documents read here. */
  static final String PROVIDER = "provider";

  static final String KEY = "provider_key";

  private static final Origin DATABASE = new Origin(Origin.Source.DATABASE, "the database");

  private final Path directory;
  private final Map<String, String> environment;
  private final Sealing sealing;
  private final boolean first;
  private final Findings findings;
  private final List<Flaw> flaws = new ArrayList<>();
  private final Map<String, ProviderConfig> providers;

  StoredProviders(
      Path directory,
      Map<String, String> environment,
      Sealing sealing,
      boolean first,
      Findings findings,
      Map<String, ProviderConfig> others) {
    this.directory = directory;
    this.environment = environment;
    this.sealing = sealing;
    this.first = first;
    this.findings = findings;
    this.providers = new LinkedHashMap<>(others);
  }

  /** What is wrong with documents. */
  List<Flaw> flaws() {
    return flaws;
  }

  /** A key's document, read and opened. */
  private record KeyItem(Site site, String name, Json.Obj item) {}

  /** All providers, those of the database last. */
  Map<String, ProviderConfig> read(StoredEntities stored) {
    Map<String, List<KeyItem>> keys = keys(stored);
    Set<String> own = new HashSet<>();
    for (Entry entry : stored.of(PROVIDER)) {
      own.add(entry.document().id());
    }
    for (Entry entry : stored.of(PROVIDER)) {
      provider(entry, keys.getOrDefault(entry.document().id(), List.of()));
    }
    keys.forEach((name, items) -> {
      ProviderConfig other = providers.get(name);
      if (other != null && (!own.contains(name) || other.origin().source() == Origin.Source.FILE)) {
        more(other, items);
      }
    });
    return providers;
  }

  private Map<String, List<KeyItem>> keys(StoredEntities stored) {
    Map<String, List<KeyItem>> keys = new LinkedHashMap<>();
    for (Entry entry : stored.of(KEY)) {
      Site site = site(entry);
      Json.Obj item = item(entry, ProviderFields.STORED_KEY, site);
      String provider = item == null ? null : Tree.text(item, "provider");
      if (item != null && provider != null) {
        Map<String, Json> members = new LinkedHashMap<>(item.members());
        members.put("id", new Json.Text(entry.document().id(), 0, 0));
        String name = Tree.text(item, "name");
        keys.computeIfAbsent(provider, _ -> new ArrayList<>())
            .add(
                new KeyItem(
                    site,
                    name == null ? entry.document().name() : name,
                    new Json.Obj(members, 0, 0)));
      }
    }
    return keys;
  }

  private Json.@Nullable Obj item(Entry entry, Shape.Struct shape, Site site) {
    List<Problem> problems = new ArrayList<>();
    Json tree = JsonReader.read(entry.document().json().getBytes(StandardCharsets.UTF_8), problems);
    if (tree instanceof Json.Obj item) {
      Json.Obj opened =
          SecretFields.open(
              item,
              entry.document().kind() + "/" + entry.document().id(),
              sealing,
              why -> flaws.add(new Flaw(site, "", why, false)));
      ShapeCheck.of(opened, shape, problems);
      if (problems.isEmpty()) {
        return opened;
      }
    }
    String why = problems.isEmpty() ? "is no object" : problems.getFirst().text();
    flaws.add(new Flaw(site, "", why, true));
    return null;
  }

  private static Site site(Entry entry) {
    return new Site(entry.document().kind(), entry.document().id(), "", 0, 0, true);
  }

  private void provider(Entry entry, List<KeyItem> keys) {
    Site site = site(entry);
    String name = entry.document().id();
    ProviderConfig other = providers.get(name);
    if (other != null && other.origin().source() == Origin.Source.FILE) {
      String message = "the name \"" + name + "\" is also that of " + other.origin().place();
      if (first) {
        findings
            .problems()
            .add(
                new Problem(
                    JsonReader.child("providers", name),
                    0,
                    0,
                    "stands in the database too; remove one of them, because each entity stands in"
                        + " one place"));
      } else {
        flaws.add(new Flaw(site, "name", message, true));
      }
      return;
    }
    Json.Obj item = item(entry, ProviderFields.STORED_PROVIDER, site);
    if (item == null) {
      return;
    }
    Map<String, Json> members = new LinkedHashMap<>(item.members());
    members.put(
        "keys",
        new Json.Arr(keys.stream().map(KeyItem::item).map(Json.class::cast).toList(), 0, 0));
    Findings own = new Findings();
    ProviderConfig read =
        new ProviderReader(network(own), keyReader(own), own, _ -> DATABASE)
            .read(name, new Json.Obj(members, 0, 0), "the database's provider " + name);
    if (!own.problems().isEmpty()) {
      Problem problem = own.problems().getFirst();
      flaws.add(new Flaw(site, "", problem.text(), true));
    } else if (read != null) {
      if (other != null) {
        findings.note(
            "The provider "
                + name
                + " of the database counts, and not that of "
                + other.origin().place());
      }
      providers.put(name, read);
      own.notes().forEach(findings::note);
    }
  }

  private NetworkReader network(Findings own) {
    References references = new References(directory, environment, own);
    return new NetworkReader(references, new ProxyReader(environment, references, own), own);
  }

  private KeyReader keyReader(Findings own) {
    return new KeyReader(new References(directory, environment, own), network(own), own, true);
  }

  /** Keys of the database at a provider that stands elsewhere. */
  private void more(ProviderConfig provider, List<KeyItem> items) {
    ProviderRow row = Catalogue.row(provider.kind());
    if (row == null) {
      return;
    }
    List<ProviderKey> keys = new ArrayList<>(provider.keys());
    Set<String> names = new HashSet<>();
    keys.forEach(key -> names.add(key.name()));
    for (KeyItem item : items) {
      if (!names.add(item.name())) {
        flaws.add(
            new Flaw(
                item.site(),
                "name",
                "the name \""
                    + item.name()
                    + "\" is also that of a key of "
                    + provider.origin().place(),
                true));
        continue;
      }
      Findings own = new Findings();
      Map<String, Json> wrapper = new LinkedHashMap<>();
      wrapper.put("keys", new Json.Arr(List.of(item.item()), 0, 0));
      keys.addAll(
          keyReader(own)
              .read(
                  new Json.Obj(wrapper, 0, 0),
                  "the database's provider " + provider.name(),
                  provider.name(),
                  row,
                  provider.keyless()));
      own.notes().forEach(findings::note);
      own.problems()
          .forEach(problem -> flaws.add(new Flaw(item.site(), "", problem.text(), false)));
    }
    providers.put(provider.name(), withKeys(provider, keys));
  }

  private static ProviderConfig withKeys(ProviderConfig provider, List<ProviderKey> keys) {
    return new ProviderConfig(
        provider.name(),
        provider.kind(),
        provider.local(),
        provider.keyless(),
        provider.auth(),
        keys,
        provider.network(),
        provider.concurrency(),
        provider.queue(),
        provider.operations(),
        provider.paths(),
        provider.sendsDoneMarker(),
        provider.tags(),
        provider.enabled(),
        provider.origin());
  }
}
