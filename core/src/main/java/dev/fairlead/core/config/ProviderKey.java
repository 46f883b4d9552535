package dev.fairlead.core.config;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One credential of a provider and what it may be used for.
 *
 * @param id stable id, derived from provider and name for keys of the file
 * @param name unique within the provider
 * @param value the credential, or null for providers that need none (a local model server)
 * @param models names this key serves
 * @param denied names this key never serves; wins over {@code models}
 * @param weight share of the draw among keys that can serve a model; not negative
 * @param enabled whether it takes part
 * @param disabledBecause why it does not, in words for people, or null
 * @param aliases from a name the client may use to the provider's own
 * @param fallbacks where a request goes when this key was its target and failed
 * @param baseUrl where this key's requests go instead of the provider's base URL (one of several
 *     servers of the operator's own), or null
 */
public record ProviderKey(
    String id,
    String name,
    @Nullable Secret value,
    NameFilter models,
    NameFilter denied,
    double weight,
    boolean enabled,
    @Nullable String disabledBecause,
    Map<String, String> aliases,
    List<ModelRef> fallbacks,
    @Nullable URI baseUrl) {
  public ProviderKey {
    aliases = Map.copyOf(aliases);
    fallbacks = List.copyOf(fallbacks);
  }

  /** A key whose requests go to the provider's base URL. */
  public ProviderKey(
      String id,
      String name,
      @Nullable Secret value,
      NameFilter models,
      NameFilter denied,
      double weight,
      boolean enabled,
      @Nullable String disabledBecause,
      Map<String, String> aliases,
      List<ModelRef> fallbacks) {
    this(
        id,
        name,
        value,
        models,
        denied,
        weight,
        enabled,
        disabledBecause,
        aliases,
        fallbacks,
        null);
  }

  /**
   * Whether this key may serve {@code model}, given as the client named it or as the provider does.
   */
  public boolean serves(String model) {
    String own = aliases.getOrDefault(model, model);
    return enabled
        && (models.matches(model) || models.matches(own) || aliases.containsKey(model))
        && !denied.matches(model)
        && !denied.matches(own);
  }
}
