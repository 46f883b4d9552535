package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.identity.KeyHasher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads virtual keys; values are hashed here and go no further. */
final class VirtualKeyReader {
  /** Shortest value accepted for a virtual key; below it can be guessed. */
  static final int SHORTEST_VALUE = 16;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Scene scene;
  private final LimitReader limits;

  VirtualKeyReader(Scene scene, LimitReader limits) {
    this.scene = scene;
    this.limits = limits;
  }

  /** Adds the key at {@code item}, unless it has no value now. */
  void read(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    if (name == null) {
      return;
    }
    String id = EntityReader.id(item, "vk", name);
    Site site = scene.site("virtual_key", id, path, item);
    List<Part> own = new ArrayList<>();
    List<ProviderGrant> grants = grants(item, path, id, site, own);
    limits.read(item, path, EntityReader.holder(new Owner.OfKey(id), site), own);
    boolean all = Tree.flag(item, "allow_all_providers", false);
    if (Tree.has(item, "team_id") && Tree.has(item, "customer_id")) {
      problem(
          item,
          Scene.below(path, "customer_id"),
          "is given beside team_id; a key belongs to a team or to a customer, and a team to its"
              + " customer");
    }
    AddressBlocks addresses = addresses(item, path);
    String hash = scene.stored() ? stored(item) : hash(item, name, path);
    if (hash == null) {
      return;
    }
    if (!all && grants.isEmpty() && !scene.stored()) {
      if (scene.emptyMeansAll() && !Tree.has(item, "providers")) {
        all = true;
      } else {
        scene
            .findings()
            .note(
                path
                    + " ("
                    + name
                    + ") may use nothing: it has no provider_configs; add some, or"
                    + " \"allow_all_providers\": true");
      }
    }
    String description = Tree.text(item, "description");
    VirtualKey key =
        new VirtualKey(
            id,
            name,
            hash,
            Tree.flag(item, "is_active", true),
            Tree.instant(item, "expires_at"),
            all,
            grants,
            description == null ? "" : description,
            Tree.text(item, "user_id"),
            Tree.text(item, "team_id"),
            Tree.text(item, "customer_id"),
            former(item),
            addresses,
            Set.copyOf(new HashSet<>(Tree.texts(item, "required_tags"))),
            !Tree.flag(item, "disable_content_logging", false),
            scene.origin(path));
    parts.add(new Part.OfKey(key, Tree.has(item, "providers"), site));
    parts.addAll(own);
  }

  private static VirtualKey.@Nullable Former former(Json.Obj item) {
    Json.Obj former = Tree.object(item, "former");
    String hash = Tree.text(former, "hash");
    Instant until = Tree.instant(former, "until");
    return hash == null || until == null ? null : new VirtualKey.Former(hash, until);
  }

  private @Nullable String stored(Json.Obj item) {
    String hash = Tree.text(item, "hash");
    if (hash != null && !HASH.matcher(hash).matches()) {
      problem(item, "hash", "is not the hash of a key");
      return null;
    }
    return hash;
  }

  private AddressBlocks addresses(Json.Obj item, String path) {
    List<String> blocks = new ArrayList<>();
    List<String> written = Tree.texts(item, "allowed_ips");
    for (int i = 0; i < written.size(); i++) {
      String text = written.get(i);
      if (Format.CIDR.complaint(text) != null) {
        // Told with the shape.
        continue;
      }
      String block =
          text.indexOf('/') >= 0 ? text : text + (text.indexOf(':') < 0 ? "/32" : "/128");
      try {
        AddressBlocks.of(List.of(block));
        blocks.add(block);
      } catch (IllegalArgumentException notABlock) {
        problem(
            item,
            Scene.below(path, "allowed_ips") + "[" + i + "]",
            "is not an address block; write it like 10.0.0.0/8 or 192.0.2.7");
      }
    }
    return AddressBlocks.of(blocks);
  }

  private @Nullable String hash(Json.Obj item, String name, String path) {
    Json at = item.get("value");
    String place = Scene.below(path, "value");
    if (at == null) {
      problem(
          item,
          place,
          "is missing; keys of the file bring their value, best as \"env.NAME\" or \"file.PATH\"."
              + " Or remove this key and run: fairlead keys create "
              + name);
      return null;
    }
    switch (scene.references().resolve(at, place)) {
      case References.Value.Absent(String why) -> {
        scene.findings().note(path + " (" + name + ") is switched off: " + why);
        return null;
      }
      case References.Value.Given(String value) -> {
        if (Placeholders.matches(value) || Placeholders.masked(value)) {
          scene
              .findings()
              .note(path + " (" + name + ") is switched off: its value is a placeholder");
          return null;
        }
        String complaint = complaint(value);
        if (complaint != null) {
          problem(at, place, complaint);
          return null;
        }
        return scene.hasher().hash(value);
      }
    }
  }

  /** Why {@code value} cannot be the value of a virtual key, or null. */
  static @Nullable String complaint(String value) {
    if (value.length() < SHORTEST_VALUE || !NetworkReader.isHeaderValue(value)) {
      return "is no safe key: it needs at least "
          + SHORTEST_VALUE
          + " characters without line breaks; make one with: openssl rand -hex 24";
    }
    return KeyHasher.checksumOk(value)
        ? null
        : "starts with sk-fl- but its checksum does not fit; copy the whole key again";
  }

  private List<ProviderGrant> grants(
      Json.Obj item, String path, String keyId, Site site, List<Part> parts) {
    if (Tree.has(item, "providers") && Tree.has(item, "provider_configs")) {
      problem(
          item,
          Scene.below(path, "providers"),
          "says the same as provider_configs; keep one of them");
    }
    List<ProviderGrant> grants = new ArrayList<>();
    List<Json> configs = Tree.items(item, "provider_configs");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < configs.size(); i++) {
      if (configs.get(i) instanceof Json.Obj config) {
        String own = Scene.item(path, "provider_configs", i);
        String provider = Tree.text(config, "provider");
        if (provider != null) {
          deniesAll(config, own, provider, String.valueOf(Tree.text(item, "name")));
          grants.add(scene.shared().same(grant(config, own, provider)));
          governed(
              item,
              config,
              own,
              new Owner.OfGrant(keyId, provider),
              seen.add(provider),
              site,
              parts);
        }
      }
    }
    for (Json at : Tree.items(item, "providers")) {
      String provider = at instanceof Json.Obj named ? Tree.text(named, "provider") : null;
      if (at instanceof Json.Obj share && provider != null) {
        String model = Tree.text(share, "model");
        Double weight = Tree.decimal(share, "weight");
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
    return grants;
  }

  /** Budgets and limits of one provider of the key; two entries of one provider share them. */
  private void governed(
      Json.Obj key,
      Json.Obj config,
      String path,
      Owner.OfGrant owner,
      boolean first,
      Site site,
      List<Part> parts) {
    String id = LimitReader.idText(config, "id");
    if (id != null) {
      parts.add(
          new Part.OfPlace(
              new Part.Foreign("provider_config_id", id), owner, Applies.TO_ALL, site));
    }
    String seed = first ? owner.id() : owner.id() + " " + path;
    limits.read(
        config, path, new LimitReader.Holder(owner, seed, Applies.TO_ALL, site, key), parts);
  }

  private ProviderGrant grant(Json.Obj config, String own, String provider) {
    return new ProviderGrant(
        provider,
        allowed(config, "allowed_models", own),
        scene.filter(config, "blacklisted_models", own, NameFilter.NONE),
        Tree.flag(config, "allow_all_keys", false)
            ? NameFilter.ALL
            : allowed(config, "key_ids", own),
        Tree.decimal(config, "weight"));
  }

  /**
   * An empty list denies; so does an absent one, which is how other gateways read their own files.
   */
  private NameFilter allowed(Json.Obj config, String name, String own) {
    return scene.filter(
        config, name, own, scene.emptyMeansAll() ? NameFilter.ALL : NameFilter.NONE);
  }

  /** One note for a provider of a key that has nothing of it, whichever lists are missing. */
  private void deniesAll(Json.Obj config, String own, String provider, String name) {
    if (scene.emptyMeansAll() || scene.stored()) {
      return;
    }
    List<String> missing = new ArrayList<>();
    if (Tree.texts(config, "allowed_models").isEmpty()) {
      missing.add("allowed_models");
    }
    if (Tree.texts(config, "key_ids").isEmpty() && !Tree.flag(config, "allow_all_keys", false)) {
      missing.add("key_ids");
    }
    if (!missing.isEmpty()) {
      scene
          .findings()
          .note(
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

  private void problem(Json at, String path, String message) {
    scene.findings().problem(at, path, message);
  }
}
