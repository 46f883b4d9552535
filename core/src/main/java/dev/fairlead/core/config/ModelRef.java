package dev.fairlead.core.config;

/**
 * A model at a provider. Written {@code provider/model}; only the first segment is the provider,
 * the rest may hold slashes and colons.
 *
 * @param provider name of a configured provider
 * @param model the provider's own name of the model
 */
public record ModelRef(String provider, String model) {
  public ModelRef {
    if (provider.isEmpty() || model.isEmpty()) {
      throw new IllegalArgumentException("a model is written provider/model");
    }
  }

  @Override
  public String toString() {
    return provider + "/" + model;
  }
}
