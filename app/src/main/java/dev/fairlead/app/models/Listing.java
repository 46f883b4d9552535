package dev.fairlead.app.models;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The models a principal may use, by the names to type. */
public final class Listing {
  private Listing() {}

  /**
   * A line of the list.
   *
   * @param name what to type
   * @param provider where it goes, or null for an alias
   * @param info what is known of it; of an alias what is known of its first target
   * @param targets of an alias, in order; empty for a model
   */
  public record Listed(
      String name, @Nullable ProviderConfig provider, ModelInfo info, List<String> targets) {
    public Listed {
      targets = List.copyOf(targets);
    }
  }

  /** All that {@code principal} may use of {@code snapshot}; null may use everything. */
  public static List<Listed> of(
      Snapshot snapshot, ModelCatalogue catalogue, @Nullable Principal principal) {
    Map<String, Listed> models = new LinkedHashMap<>();
    snapshot
        .client()
        .aliases()
        .forEach((alias, targets) -> {
          List<String> usable = new ArrayList<>();
          ModelInfo first = null;
          for (var weighted : targets) {
            ModelRef target = weighted.target();
            ProviderConfig provider = snapshot.provider(target.provider());
            if (provider != null
                && provider.enabled()
                && allows(principal, provider, target.model())) {
              usable.add(target.toString());
              first = first == null ? known(catalogue, provider, target.model()) : first;
            }
          }
          if (first != null) {
            models.put(alias, new Listed(alias, null, first, usable));
          }
        });
    for (ProviderConfig provider : snapshot.providers().values()) {
      for (ModelInfo model : of(provider, catalogue)) {
        if (provider.enabled() && allows(principal, provider, model.id())) {
          String name = provider.name() + "/" + model.id();
          models.putIfAbsent(name, new Listed(name, provider, model, List.of()));
        }
      }
    }
    return new ArrayList<>(models.values());
  }

  private static ModelInfo known(ModelCatalogue catalogue, ProviderConfig provider, String model) {
    ModelInfo info = catalogue.find(provider, model);
    return info == null ? ModelInfo.unknown(model) : info.named(model);
  }

  /**
   * Names an operator wrote down come first; the catalogue is asked where a key serves everything.
   */
  private static List<ModelInfo> of(ProviderConfig provider, ModelCatalogue catalogue) {
    Map<String, ModelInfo> models = new LinkedHashMap<>();
    boolean all = provider.keyless() && provider.keys().isEmpty();
    for (ProviderKey key : provider.keys()) {
      if (!key.enabled()) {
        continue;
      }
      key.aliases()
          .forEach((alias, own) -> models.put(alias, known(catalogue, provider, own).named(alias)));
      all |= key.models().all();
      for (String entry : key.models().entries()) {
        if (entry.indexOf('*') < 0 && !entry.startsWith("regex:")) {
          models.put(entry, known(catalogue, provider, entry));
        }
      }
    }
    for (ModelInfo model : catalogue.models(provider)) {
      if (all || provider.keys().stream().anyMatch(key -> key.serves(model.id()))) {
        models.put(model.id(), model);
      }
    }
    models
        .keySet()
        .removeIf(name ->
            !provider.keys().isEmpty()
                && provider.keys().stream().noneMatch(key -> key.serves(name)));
    return new ArrayList<>(models.values());
  }

  private static boolean allows(
      @Nullable Principal principal, ProviderConfig provider, String model) {
    return switch (principal) {
      case null -> true;
      case Principal.Anonymous _ -> true;
      case Principal.DirectOnly(DirectCredential direct) -> direct.belongsTo(provider);
      case Principal.KeyOwner(String name, String _) -> provider.name().equals(name);
      case Principal.KeyHolder(VirtualKey key, var _) ->
          key.allowAllProviders()
              || key.providers().stream()
                  .anyMatch(grant ->
                      grant.provider().equals(provider.name())
                          && grant.allows(model)
                          && !grant.denies(model));
    };
  }
}
