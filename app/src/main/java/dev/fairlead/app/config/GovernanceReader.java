package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.identity.KeyHasher;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code governance.virtual_keys[]}; values are hashed here and go no further. */
final class GovernanceReader {
  /** Shortest value accepted for a virtual key; below it can be guessed. */
  static final int SHORTEST_VALUE = 16;

  private final References references;
  private final KeyReader keys;
  private final ProviderNames providers;
  private final Findings findings;
  private final KeyHasher hasher;
  private final String file;
  private final boolean emptyMeansAll;
  private final Map<String, String> seen = new HashMap<>();

  GovernanceReader(
      References references,
      KeyReader keys,
      ProviderNames providers,
      Findings findings,
      KeyHasher hasher,
      String file,
      boolean emptyMeansAll) {
    this.references = references;
    this.keys = keys;
    this.providers = providers;
    this.findings = findings;
    this.hasher = hasher;
    this.file = file;
    this.emptyMeansAll = emptyMeansAll;
  }

  /** The virtual keys of the file, without those that have no value now. */
  List<VirtualKey> read(Json.Obj governance) {
    List<VirtualKey> read = new ArrayList<>();
    List<Json> items = Tree.items(governance, "virtual_keys");
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Json.Obj item) {
        VirtualKey key = key(item, "governance.virtual_keys[" + i + "]");
        if (key != null) {
          read.add(key);
        }
      }
    }
    return read;
  }

  private @Nullable VirtualKey key(Json.Obj item, String path) {
    String name = Tree.text(item, "name");
    if (name == null) {
      return null;
    }
    unique("name " + name, "the name \"" + name + "\"", item, path + ".name", path);
    String given = Tree.text(item, "id");
    String id = given == null ? StableId.of("vk", name) : given;
    if (given != null) {
      unique("id " + id, "the id \"" + id + "\"", item, path + ".id", path);
    }
    List<ProviderGrant> grants = grants(item, path);
    boolean all = Tree.flag(item, "allow_all_providers", false);
    String hash = hash(item, name, path);
    if (hash == null) {
      return null;
    }
    if (!all && grants.isEmpty()) {
      if (emptyMeansAll && !Tree.has(item, "providers")) {
        all = true;
      } else {
        findings.note(
            path
                + " ("
                + name
                + ") may use nothing: it has no provider_configs; add some, or"
                + " \"allow_all_providers\": true");
      }
    }
    return new VirtualKey(
        id,
        name,
        hash,
        Tree.flag(item, "is_active", true),
        expiry(item),
        all,
        grants,
        new Origin(Origin.Source.FILE, file + " " + path));
  }

  private @Nullable String hash(Json.Obj item, String name, String path) {
    Json at = item.get("value");
    if (at == null) {
      findings.problem(
          item,
          path + ".value",
          "is missing; keys of the file bring their value, best as \"env.NAME\" or \"file.PATH\"."
              + " Or remove this key and run: fairlead keys create "
              + name);
      return null;
    }
    switch (references.resolve(at, path + ".value")) {
      case References.Value.Absent(String why) -> {
        findings.note(path + " (" + name + ") is switched off: " + why);
        return null;
      }
      case References.Value.Given(String value) -> {
        if (Placeholders.matches(value) || Placeholders.masked(value)) {
          findings.note(path + " (" + name + ") is switched off: its value is a placeholder");
          return null;
        }
        if (value.length() < SHORTEST_VALUE || !NetworkReader.isHeaderValue(value)) {
          findings.problem(
              at,
              path + ".value",
              "is no safe key: it needs at least "
                  + SHORTEST_VALUE
                  + " characters without line breaks; make one with: openssl rand -hex 24");
          return null;
        }
        if (!KeyHasher.checksumOk(value)) {
          findings.problem(
              at,
              path + ".value",
              "starts with sk-fl- but its checksum does not fit; copy the whole key again");
          return null;
        }
        String hash = hasher.hash(value);
        unique("hash " + hash, "the value", item, path + ".value", path);
        return hash;
      }
    }
  }

  private void unique(String what, String words, Json.Obj item, String path, String owner) {
    String earlier = seen.putIfAbsent(what, owner);
    if (earlier != null) {
      findings.problem(
          item, path, words + " is also that of " + earlier + "; give each key its own");
    }
  }

  private static @Nullable Instant expiry(Json.Obj item) {
    String text = Tree.text(item, "expires_at");
    return text == null || Format.INSTANT.complaint(text) != null
        ? null
        : OffsetDateTime.parse(text).toInstant();
  }

  private List<ProviderGrant> grants(Json.Obj item, String path) {
    List<ProviderGrant> grants = new ArrayList<>();
    if (Tree.has(item, "providers") && Tree.has(item, "provider_configs")) {
      findings.problem(
          item, path + ".providers", "says the same as provider_configs; keep one of them");
    }
    List<Json> configs = Tree.items(item, "provider_configs");
    for (int i = 0; i < configs.size(); i++) {
      if (configs.get(i) instanceof Json.Obj config) {
        String own = path + ".provider_configs[" + i + "]";
        String provider = Tree.text(config, "provider");
        if (provider != null && providers.check(provider, config, own + ".provider")) {
          deniesAll(config, own, provider, String.valueOf(Tree.text(item, "name")));
          grants.add(
              new ProviderGrant(
                  provider,
                  allowed(config, "allowed_models", own),
                  keys.filter(config, "blacklisted_models", own, NameFilter.NONE),
                  keyIds(config, own, provider),
                  Tree.decimal(config, "weight")));
        }
      }
    }
    List<Json> shares = Tree.items(item, "providers");
    for (int i = 0; i < shares.size(); i++) {
      if (shares.get(i) instanceof Json.Obj share) {
        String own = path + ".providers[" + i + "]";
        String provider = Tree.text(share, "provider");
        String model = Tree.text(share, "model");
        Double weight = Tree.decimal(share, "weight");
        if (provider != null && providers.check(provider, share, own + ".provider")) {
          grants.add(
              new ProviderGrant(
                  provider,
                  model == null ? NameFilter.ALL : NameFilter.of(List.of(model)),
                  NameFilter.NONE,
                  NameFilter.ALL,
                  weight == null ? Double.valueOf(1) : weight,
                  model));
        }
      }
    }
    return grants;
  }

  /**
   * An empty list denies; so does an absent one, which is how other gateways read their own files.
   */
  private NameFilter allowed(Json.Obj config, String name, String own) {
    return keys.filter(config, name, own, emptyMeansAll ? NameFilter.ALL : NameFilter.NONE);
  }

  /** One note for a provider of a key that has nothing of it, whichever lists are missing. */
  private void deniesAll(Json.Obj config, String own, String provider, String name) {
    List<String> missing = new ArrayList<>();
    for (String list : List.of("allowed_models", "key_ids")) {
      if (!emptyMeansAll && Tree.texts(config, list).isEmpty()) {
        missing.add(list);
      }
    }
    if (!missing.isEmpty()) {
      findings.note(
          own
              + ": the virtual key "
              + name
              + " may use nothing of "
              + provider
              + ", because "
              + String.join(" and ", missing)
              + (missing.size() == 1 ? " is" : " are")
              + " empty; write "
              + String.join(
                  ", ", missing.stream().map(list -> "\"" + list + "\": [\"*\"]").toList())
              + " for all");
    }
  }

  private NameFilter keyIds(Json.Obj config, String own, String provider) {
    NameFilter filter = allowed(config, "key_ids", own);
    ProviderConfig configured = providers.configured(provider);
    if (configured != null) {
      for (String entry : filter.entries()) {
        boolean pattern = entry.indexOf('*') >= 0 || entry.startsWith("regex:");
        if (!pattern && configured.keys().stream().noneMatch(key -> named(key, entry))) {
          findings.note(own + ".key_ids names \"" + entry + "\", which is no key of " + provider);
        }
      }
    }
    return filter;
  }

  private static boolean named(ProviderKey key, String entry) {
    return key.id().equals(entry) || key.name().equals(entry);
  }
}
