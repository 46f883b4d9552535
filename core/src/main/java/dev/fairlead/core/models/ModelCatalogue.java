package dev.fairlead.core.models;

import dev.fairlead.core.config.ProviderConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of models. Answers from memory; safe to use from any thread. */
public interface ModelCatalogue {
  /** Knows nothing. */
  ModelCatalogue NONE =
      new ModelCatalogue() {
        @Override
        public @Nullable ModelInfo find(ProviderConfig provider, String model) {
          return null;
        }

        @Override
        public List<ModelInfo> models(ProviderConfig provider) {
          return List.of();
        }
      };

  /**
   * What is known of {@code model}, the provider's own name for it: by that name, or a dated,
   * {@code -latest} or prefixed spelling of a known one. Null when nothing is.
   */
  @Nullable ModelInfo find(ProviderConfig provider, String model);

  /** Every model {@code provider} is known to have; empty when none are known. */
  List<ModelInfo> models(ProviderConfig provider);
}
