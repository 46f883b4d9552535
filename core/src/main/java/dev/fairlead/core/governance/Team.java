package dev.fairlead.core.governance;

import dev.fairlead.core.config.Origin;
import org.jspecify.annotations.Nullable;

/** People who share budgets and keys. {@code customerId} is null for a team of no customer. */
public record Team(String id, String name, @Nullable String customerId, Origin origin) {}
