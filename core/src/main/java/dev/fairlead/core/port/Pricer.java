package dev.fairlead.core.port;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import java.util.OptionalLong;

/** What usage costs. */
@FunctionalInterface
public interface Pricer {
  /**
   * Cost in nano-USD of {@code usage} of {@code model} at {@code provider}, at the prices of {@code
   * atMillis} (epoch milliseconds); empty when the price is not known, which never means free.
   */
  OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis);
}
