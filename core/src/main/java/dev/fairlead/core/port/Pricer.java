package dev.fairlead.core.port;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What usage costs. */
@FunctionalInterface
public interface Pricer {
  /**
   * Cost in nano-USD of {@code usage} of {@code model} at {@code provider}, at the prices of {@code
   * atMillis} (epoch milliseconds); empty when the price is not known, which never means free.
   */
  OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis);

  /**
   * What was used, and by whom.
   *
   * @param model as the provider knows it
   * @param providerKey id of the provider key, or null
   * @param providerKeyName its name, or null
   * @param virtualKey id of the virtual key, or null
   * @param operation what was asked for, or null when that does not matter yet
   * @param atMillis epoch milliseconds of the request's start
   */
  record Sale(
      ProviderConfig provider,
      String model,
      @Nullable String providerKey,
      @Nullable String providerKeyName,
      @Nullable String virtualKey,
      @Nullable Operation operation,
      long atMillis) {}

  /**
   * A cost.
   *
   * @param assumed whether the price is not known, and the default for that was taken
   */
  record Quote(long nanoUsd, boolean assumed) {}

  /** What {@code usage} costs in {@code sale}; null when that is not known and nothing assumed. */
  default @Nullable Quote quote(Sale sale, Usage usage) {
    OptionalLong known = nanoUsd(sale.provider(), sale.model(), usage, sale.atMillis());
    return known.isPresent() ? new Quote(known.getAsLong(), false) : null;
  }
}
