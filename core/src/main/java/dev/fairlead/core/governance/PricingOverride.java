package dev.fairlead.core.governance;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.model.Operation;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another price than the catalogue's. Null keeps the catalogue's figure.
 *
 * @param provider name of the provider, or null for all
 * @param providerKeyId id or name of the provider key it holds for, or null for all
 * @param keyId virtual key it holds for, or null for all
 * @param models names it holds for, as the provider knows them
 * @param operations what it holds for; empty for everything
 * @param input USD per million tokens, as the next four
 * @param perRequest USD per thousand requests
 */
public record PricingOverride(
    String id,
    String name,
    @Nullable String provider,
    @Nullable String providerKeyId,
    @Nullable String keyId,
    NameFilter models,
    Set<Operation> operations,
    @Nullable BigDecimal input,
    @Nullable BigDecimal output,
    @Nullable BigDecimal cacheRead,
    @Nullable BigDecimal cacheWrite5m,
    @Nullable BigDecimal cacheWrite1h,
    @Nullable BigDecimal perRequest,
    Origin origin) {
  public PricingOverride {
    operations = Set.copyOf(operations);
  }
}
