package dev.fairlead.app.serve;

import dev.fairlead.core.config.ProviderConfig;
import java.util.List;

/** Models a provider is known to have, from a catalogue. */
@FunctionalInterface
public interface KnownModels {
  /**
   * A model.
   *
   * @param name the provider's own name
   * @param contextWindow tokens, 0 when not known
   * @param maxOutput tokens, 0 when not known
   */
  record KnownModel(String name, long contextWindow, long maxOutput) {}

  /** The models of {@code provider}; empty when none are known. */
  List<KnownModel> of(ProviderConfig provider);
}
