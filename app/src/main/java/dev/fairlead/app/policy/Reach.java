package dev.fairlead.app.policy;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.NetworkConfig.Proxy;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.routing.Residency;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every host a request of a virtual key could ever be sent to. Aliases, rules, weights and
 * fallbacks lead to providers only, and every target has to pass the key's grants and the required
 * tags; so what those let through, with every address of each provider and its keys, is all there
 * is, whatever model is asked for.
 */
public final class Reach {
  private Reach() {}

  /**
   * The proof as a JSON document.
   *
   * @throws IllegalArgumentException when there is no such key; the message begins with {@code key}
   */
  public static String prove(Snapshot snapshot, String nameOrId) {
    VirtualKey key = Explainer.keyNamed(snapshot, nameOrId);
    Set<String> required = new HashSet<>(snapshot.governance().requiredTags());
    required.addAll(key.requiredTags());
    JsonWriter json = new JsonWriter().beginObject();
    json.name("key").beginObject().field("id", key.id()).field("name", key.name()).endObject();
    texts(json, "required_tags", new TreeSet<>(required));
    TreeMap<String, String> excluded = new TreeMap<>();
    Set<String> hosts = new TreeSet<>();
    json.name("providers").beginArray();
    for (ProviderConfig provider : snapshot.providers().values()) {
      String why = excluded(key, provider, required);
      if (why == null) {
        hosts.addAll(write(json, key, provider));
      } else {
        excluded.put(provider.name(), why);
      }
    }
    json.endArray();
    texts(json, "hosts", hosts);
    json.name("excluded").beginArray();
    excluded.forEach(
        (name, why) -> json.beginObject().field("provider", name).field("why", why).endObject());
    return json.endArray().endObject().text();
  }

  private static @Nullable String excluded(
      VirtualKey key, ProviderConfig provider, Set<String> required) {
    if (!provider.enabled()) {
      return "it is disabled";
    }
    if (!Residency.allows(provider, required)) {
      return "it does not carry the tags " + String.join(", ", new TreeSet<>(required));
    }
    ProviderGrant grant = grant(key, provider);
    if (!key.allowAllProviders() && grant == null) {
      return "the key has no provider_config for it that allows a model and a provider key";
    }
    return null;
  }

  private static @Nullable ProviderGrant grant(VirtualKey key, ProviderConfig provider) {
    for (ProviderGrant grant : key.providers()) {
      if (grant.provider().equals(provider.name()) && !grant.allowed().entries().isEmpty()) {
        return grant;
      }
    }
    return null;
  }

  private static boolean usable(ProviderKey k, VirtualKey key, @Nullable ProviderGrant grant) {
    if (!k.enabled()) {
      return false;
    }
    if (key.allowAllProviders()) {
      return true;
    }
    for (ProviderGrant each : key.providers()) {
      if (grant != null
          && each.provider().equals(grant.provider())
          && (each.keyIds().matches(k.id()) || each.keyIds().matches(k.name()))) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> write(JsonWriter json, VirtualKey key, ProviderConfig provider) {
    ProviderGrant grant = grant(key, provider);
    List<ProviderKey> usable = provider.keys().stream().filter(k -> usable(k, key, grant)).toList();
    Set<String> hosts = new LinkedHashSet<>();
    NetworkConfig network = provider.network();
    if (usable.isEmpty() || usable.stream().anyMatch(k -> k.baseUrl() == null)) {
      hosts.add(host(network.baseUrl()));
    }
    for (ProviderKey k : usable) {
      if (k.baseUrl() != null) {
        hosts.add(host(k.baseUrl()));
      }
    }
    for (String path : provider.paths().values()) {
      if (!path.startsWith("/")) {
        hosts.add(host(URI.create(path)));
      }
    }
    Proxy proxy = network.proxy();
    String via = proxy == null ? null : proxy.host() + ":" + proxy.port();
    json.beginObject().field("provider", provider.name());
    texts(json, "hosts", hosts);
    if (usable.isEmpty() && !provider.keyless()) {
      json.field(
          "note", "no provider key may be used, so only with a credential the client brings");
    }
    if (via != null) {
      json.field("proxy", via);
    }
    texts(json, "keys", usable.stream().map(ProviderKey::name).toList());
    Set<String> tags = new TreeSet<>(provider.tags());
    if (Residency.allows(provider, Set.of(Residency.LOCAL))) {
      tags.add(Residency.LOCAL);
    }
    texts(json, "tags", tags);
    if (!key.allowAllProviders() && grant != null) {
      texts(json, "models", grant.allowed().entries());
      texts(json, "denied_models", grant.denied().entries());
    }
    json.endObject();
    if (via == null) {
      return hosts;
    }
    // The proxy sees who is spoken to, and all of it where that is not encrypted.
    Set<String> all = new LinkedHashSet<>(hosts);
    all.add("proxy://" + via);
    return all;
  }

  private static String host(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority();
  }

  private static void texts(JsonWriter json, String field, Iterable<String> texts) {
    json.name(field).beginArray();
    texts.forEach(json::string);
    json.endArray();
  }
}
