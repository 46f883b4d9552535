package dev.fairlead.core.routing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Operation;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model at a provider and the credentials that may be used for it, best first.
 *
 * @param provider where
 * @param operation what the provider is asked for: the client's own operation, or the one it is
 *     translated into
 * @param model the name the client's model resolved to, before a key's aliases
 * @param keys usable keys in the order to try; empty when the provider needs none or {@code direct}
 *     is used
 * @param direct the client's own credential, used instead of keys; then nothing else may be tried
 *     at this target
 * @param standsIn the end of the model this one stands in for: tried only when the provider itself
 *     says that the other is gone; null for a target of its own right
 */
public record Target(
    ProviderConfig provider,
    Operation operation,
    String model,
    List<ProviderKey> keys,
    @Nullable DirectCredential direct,
    @Nullable Retired standsIn) {
  public Target {
    keys = List.copyOf(keys);
  }

  /** A target of its own right. */
  public Target(
      ProviderConfig provider,
      Operation operation,
      String model,
      List<ProviderKey> keys,
      @Nullable DirectCredential direct) {
    this(provider, operation, model, keys, direct, null);
  }

  /**
   * A model whose vendor has given it up.
   *
   * @param model its name as it was asked for
   * @param since when it ended
   */
  public record Retired(String model, LocalDate since) {}

  /** What the client is warned of when this target answers, or null. */
  public @Nullable String warning() {
    return standsIn == null
        ? null
        : standsIn.model()
            + " was retired on "
            + standsIn.since()
            + "; "
            + model
            + " answers in its place";
  }

  /** How many credentials can be tried here; at least one. */
  public int choices() {
    return Math.max(1, keys.size());
  }

  /** The key of choice {@code index}, or null when none is needed. */
  public @Nullable ProviderKey key(int index) {
    return keys.isEmpty() ? null : keys.get(index);
  }

  /** The provider's own name of the model when called with choice {@code index}. */
  public String modelFor(int index) {
    if (keys.isEmpty()) {
      return model;
    }
    Map<String, String> aliases = keys.get(index).aliases();
    return aliases.isEmpty() ? model : aliases.getOrDefault(model, model);
  }

  @Override
  public String toString() {
    return provider.name() + "/" + model;
  }
}
