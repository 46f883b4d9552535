package dev.fairlead.app.serve;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.routing.Health;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /health}: whether the gateway serves, and which providers and keys are being avoided, why and until when. Names
 * and reasons are for whoever may see them: this machine, its private network, or the holder of a key.
 */
final class HealthEndpoint implements Endpoint {
  private final Supplier<Snapshot> configuration;
  private final Health health;
  private final Capacity capacity;
  private final BooleanSupplier ready;
  private final String version;

  HealthEndpoint(
      Supplier<Snapshot> configuration,
      Health health,
      Capacity capacity,
      BooleanSupplier ready,
      String version) {
    this.configuration = configuration;
    this.health = health;
    this.capacity = capacity;
    this.ready = ready;
    this.version = version;
  }

  @Override
  public Access access() {
    return Access.INTERNAL;
  }

  @Override
  public Answer answer(Ask ask) {
    Snapshot snapshot = configuration.get();
    boolean serving = ready.getAsBoolean();
    StringBuilder providers = new StringBuilder("[");
    for (ProviderConfig provider : snapshot.providers().values()) {
      providers.append(providers.length() == 1 ? "" : ",").append(describe(provider));
    }
    String body =
        JsonText.object()
            .put("status", serving ? "ok" : "stopping")
            .put("version", version)
            .put("configuration", snapshot.version())
            .raw("providers", providers.append(']').toString())
            .raw("cooldowns", cooldowns(health.all()))
            .end();
    return Answer.json(serving ? 200 : 503, body);
  }

  private String describe(ProviderConfig provider) {
    StringBuilder keys = new StringBuilder("[");
    for (ProviderKey key : provider.keys()) {
      JsonText json =
          JsonText.object().put("name", key.name()).put("enabled", key.enabled());
      if (key.disabledBecause() != null) {
        json.put("disabled_because", key.disabledBecause());
      }
      keys.append(keys.length() == 1 ? "" : ",").append(json.end());
    }
    return JsonText.object()
        .put("name", provider.name())
        .put("origin", provider.origin().place())
        .put("busy", capacity.busy(provider.name()))
        .put("waiting", capacity.waiting(provider.name()))
        .raw("keys", keys.append(']').toString())
        .end();
  }

  private String cooldowns(List<Health.Cooldown> cooldowns) {
    StringBuilder list = new StringBuilder("[");
    for (Health.Cooldown cooldown : cooldowns) {
      JsonText json = JsonText.object();
      switch (cooldown.subject()) {
        case Health.Subject.Provider(String provider) -> json.put("provider", provider);
        case Health.Subject.Key(String provider, String keyId) ->
            json.put("provider", provider).put("key", keyName(provider, keyId));
        case Health.Subject.KeyModel(String provider, String keyId, String model) ->
            json.put("provider", provider).put("key", keyName(provider, keyId)).put("model", model);
      }
      list.append(list.length() == 1 ? "" : ",")
          .append(
              json.put("reason", cooldown.reason())
                  .put("until", Instant.ofEpochMilli(cooldown.untilMillis()).toString())
                  .end());
    }
    return list.append(']').toString();
  }

  private String keyName(String provider, String keyId) {
    ProviderConfig known = configuration.get().provider(provider);
    if (known != null) {
      for (ProviderKey key : known.keys()) {
        if (key.id().equals(keyId)) {
          return key.name();
        }
      }
    }
    return keyId;
  }
}
