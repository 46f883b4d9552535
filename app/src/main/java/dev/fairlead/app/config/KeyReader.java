package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Secret;
import dev.fairlead.provider.ProviderRow;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads {@code providers.NAME.keys[]}. */
final class KeyReader {
  /** Objects that hold the address of a server of the operator's own, and the field in it. */
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "ollama_key_config", "url",
          "vllm_key_config", "url",
          "sgl_key_config", "url",
          "azure_key_config", "endpoint");

  private final References references;
  private final NetworkReader network;
  private final Findings findings;
  private final boolean emptyMeansAll;

  KeyReader(
      References references, NetworkReader network, Findings findings, boolean emptyMeansAll) {
    this.references = references;
    this.network = network;
    this.findings = findings;
    this.emptyMeansAll = emptyMeansAll;
  }

  /** The keys of {@code provider}; an address of a key's own is normalised as {@code row} asks. */
  List<ProviderKey> read(
      Json.Obj provider, String path, String name, ProviderRow row, boolean keyless) {
    List<ProviderKey> keys = new ArrayList<>();
    Map<String, Integer> names = new HashMap<>();
    List<Json> items = Tree.items(provider, "keys");
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Json.Obj item) {
        String own = path + ".keys[" + i + "]";
        ProviderKey key = key(item, own, name, i, row, keyless);
        Integer earlier = names.putIfAbsent(key.name(), i);
        if (earlier != null) {
          findings.problem(
              item,
              own + ".name",
              "\""
                  + key.name()
                  + "\" is also the name of keys["
                  + earlier
                  + "]; give each its own");
        }
        keys.add(key);
      }
    }
    return keys;
  }

  private ProviderKey key(
      Json.Obj item, String own, String provider, int index, ProviderRow row, boolean keyless) {
    String given = Tree.text(item, "name");
    String name = given == null ? provider + "-" + (index + 1) : given;
    String id = Tree.text(item, "id");
    String off = null;
    Secret value = null;
    References.Value resolved = references.resolve(item.get("value"), own + ".value");
    switch (resolved) {
      case References.Value.Given(String text) -> {
        off = unusable(text, row);
        value = off == null ? Secret.of(text) : null;
      }
      case References.Value.Absent(String why) -> {
        if (!keyless && Tree.flag(item, "required", false)) {
          findings.problem(item, own + ".value", "is required, but " + why);
        }
        off = keyless ? null : why;
      }
    }
    if (off != null) {
      findings.note(own + " (" + name + ") is switched off: " + off);
      off = off + " (" + own + ")";
    }
    boolean enabled = Tree.flag(item, "enabled", true);
    if (!enabled && off == null) {
      off = "it is disabled by " + own + ".enabled";
    }
    Double weight = Tree.decimal(item, "weight");
    return new ProviderKey(
        id == null ? StableId.of("pk", provider, name) : id,
        name,
        value,
        models(item, own),
        filter(item, "blacklisted_models", own, NameFilter.NONE),
        weight == null ? 1.0 : Math.max(0, weight),
        enabled && off == null,
        off,
        aliases(item, own),
        fallbacks(item),
        address(item, own, row));
  }

  /**
   * Why {@code text} cannot be a credential, or null. Servers of one's own take any word for a key.
   */
  static @Nullable String unusable(String text, ProviderRow row) {
    if (!NetworkReader.isHeaderValue(text)) {
      return "its value holds a line break or control character";
    }
    if (row.local()) {
      return null;
    }
    if (Placeholders.masked(text)) {
      return "its value is a masked one, copied from a display";
    }
    if (Placeholders.matches(text)) {
      String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
      return "its value is the placeholder \"" + shown + "\", put your own key there";
    }
    return null;
  }

  private NameFilter models(Json.Obj item, String own) {
    Json.Obj vllm = Tree.object(item, "vllm_key_config");
    String only = Tree.text(vllm, "model_name");
    if (!Tree.items(item, "models").isEmpty()) {
      return filter(item, "models", own, NameFilter.ALL);
    }
    if (only != null) {
      return NameFilter.of(List.of(only));
    }
    if (!emptyMeansAll) {
      findings.note(
          own
              + ".models is empty, which with \"version\": 2 means that this key serves nothing;"
              + " write [\"*\"] for all models");
      return NameFilter.NONE;
    }
    return NameFilter.ALL;
  }

  /** The list called {@code name} as a filter; {@code otherwise} when it is empty or absent. */
  NameFilter filter(Json.Obj item, String name, String own, NameFilter otherwise) {
    List<String> entries = Tree.texts(item, name);
    if (entries.isEmpty()) {
      return otherwise;
    }
    try {
      return NameFilter.of(entries);
    } catch (PatternSyntaxException e) {
      findings.problem(
          item,
          own + "." + name,
          "holds a regular expression that does not compile: " + e.getDescription());
      return NameFilter.NONE;
    }
  }

  private Map<String, String> aliases(Json.Obj item, String own) {
    Map<String, String> aliases = new LinkedHashMap<>();
    Tree.object(Tree.object(item, "azure_key_config"), "deployments")
        .members()
        .forEach((alias, at) -> putText(aliases, alias, at));
    Tree.object(item, "aliases")
        .members()
        .forEach((alias, at) -> {
          if (at instanceof Json.Obj object) {
            String target = Tree.text(object, "model_id");
            target = target == null ? Tree.text(object, "model_name") : target;
            if (target == null) {
              findings.problem(
                  at,
                  JsonReader.child(own + ".aliases", alias) + ".model_id",
                  "is missing; write the provider's name of the model");
            } else {
              aliases.put(alias, target);
            }
          } else {
            putText(aliases, alias, at);
          }
        });
    return aliases;
  }

  private static void putText(Map<String, String> aliases, String alias, Json at) {
    if (at instanceof Json.Text(String target, int _, int _) && !target.isBlank()) {
      aliases.put(alias, target);
    }
  }

  private static List<ModelRef> fallbacks(Json.Obj item) {
    return ModelRefs.read(Tree.items(item, "fallbacks"));
  }

  private @Nullable URI address(Json.Obj item, String own, ProviderRow row) {
    for (Map.Entry<String, String> entry : ADDRESSES.entrySet()) {
      if (Tree.has(item, entry.getKey())) {
        URI url =
            network.url(
                Tree.object(item, entry.getKey()),
                entry.getValue(),
                own + "." + entry.getKey() + "." + entry.getValue());
        if (url != null) {
          return row.normalise(url);
        }
      }
    }
    return null;
  }
}
