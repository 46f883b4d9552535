package dev.fairlead.core.governance;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Another price than the catalogue's. Prices are USD per million tokens; null keeps the
 * catalogue's.
 *
 * @param provider name of the provider, or null for all
 * @param keyId virtual key it holds for, or null for all
 */
public record PricingOverride(
    String id,
    String name,
    @Nullable String provider,
    @Nullable String keyId,
    NameFilter models,
    @Nullable BigDecimal input,
    @Nullable BigDecimal output,
    @Nullable BigDecimal cacheRead,
    @Nullable BigDecimal cacheWrite5m,
    @Nullable BigDecimal cacheWrite1h,
    @Nullable BigDecimal perRequest,
    Origin origin) {}
