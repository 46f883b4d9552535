package dev.fairlead.app.serve;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.LearnedRejects;
import dev.fairlead.core.routing.Reject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health}: whether the gateway serves, and which providers and keys are being avoided, why
 * and until when, and what deployments get requests without because they refused it. Names and
 * reasons are for whoever may see them: this machine, its private network, or the holder of a key.
 */
final class HealthEndpoint implements Endpoint {
  private final Supplier<Snapshot> configuration;
  private final Health health;
  private final LearnedRejects rejects;
  private final Capacity capacity;
  private final BooleanSupplier ready;
  private final String version;
  private final Function<String, @Nullable String> listProblems;
  private final Supplier<@Nullable String> ledgerProblem;

  HealthEndpoint(
      Supplier<Snapshot> configuration,
      Health health,
      LearnedRejects rejects,
      Capacity capacity,
      BooleanSupplier ready,
      String version,
      Function<String, @Nullable String> listProblems,
      Supplier<@Nullable String> ledgerProblem) {
    this.ledgerProblem = ledgerProblem;
    this.listProblems = listProblems;
    this.configuration = configuration;
    this.health = health;
    this.rejects = rejects;
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
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("status", serving ? "ok" : "stopping")
            .field("version", version)
            .field("configuration", snapshot.version());
    String unwritten = ledgerProblem.get();
    json.name("ledger").beginObject().field("status", unwritten == null ? "ok" : "failing");
    if (unwritten != null) {
      json.field("problem", unwritten);
    }
    json.endObject();
    json.name("providers").beginArray();
    for (ProviderConfig provider : snapshot.providers().values()) {
      describe(provider, json);
    }
    json.endArray();
    cooldowns(json.name("cooldowns"));
    muted(json.name("muted"));
    return Answer.json(serving ? 200 : 503, json.endObject().text());
  }

  private void describe(ProviderConfig provider, JsonWriter json) {
    json.beginObject()
        .field("name", provider.name())
        .field("enabled", provider.enabled())
        .field("origin", provider.origin().place())
        .field("circuit", label(health.stateOf(new Health.Subject.Provider(provider.name()))))
        .field("busy", capacity.busy(provider.name()))
        .field("waiting", capacity.waiting(provider.name()))
        .name("keys")
        .beginArray();
    for (ProviderKey key : provider.keys()) {
      json.beginObject().field("name", key.name()).field("enabled", key.enabled());
      if (key.disabledBecause() != null) {
        json.field("disabled_because", key.disabledBecause());
      }
      json.endObject();
    }
    json.endArray();
    String problem = provider.enabled() ? listProblems.apply(provider.name()) : null;
    if (problem != null) {
      json.field("model_list", problem);
    }
    json.endObject();
  }

  private void cooldowns(JsonWriter json) {
    json.beginArray();
    List<Health.Cooldown> all = new ArrayList<>(health.all());
    all.addAll(health.halfOpen());
    for (Health.Cooldown cooldown : all) {
      json.beginObject();
      switch (cooldown.subject()) {
        case Health.Subject.Provider(String provider) -> json.field("provider", provider);
        case Health.Subject.Key(String provider, String keyId) ->
            json.field("provider", provider).field("key", keyName(provider, keyId));
        case Health.Subject.KeyModel(
                String provider,
                String keyId,
                String model,
                Operation operation) ->
            json.field("provider", provider)
                .field("key", keyName(provider, keyId))
                .field("model", model)
                .field("operation", operation.label());
      }
      json.field("state", label(health.stateOf(cooldown.subject())))
          .field("reason", cooldown.reason())
          .field("until", Instant.ofEpochMilli(cooldown.untilMillis()).toString())
          .endObject();
    }
    json.endArray();
  }

  private static String label(Health.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private void muted(JsonWriter json) {
    json.beginArray();
    for (LearnedRejects.Muted muted : rejects.all()) {
      LearnedRejects.Deployment deployment = muted.deployment();
      json.beginObject()
          .field("provider", deployment.provider())
          .field("model", deployment.model())
          .field("operation", deployment.operation().label())
          .field("url", deployment.base());
      switch (muted.reject()) {
        case Reject.Field(String name) -> json.field("field", name);
        case Reject.Renamed(String name, String instead) ->
            json.field("field", name).field("sent_as", instead);
        case Reject.Beta(String value) -> json.field("beta", value);
      }
      json.field("requests", muted.requests())
          .field("until", Instant.ofEpochMilli(muted.untilMillis()).toString())
          .endObject();
    }
    json.endArray();
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
