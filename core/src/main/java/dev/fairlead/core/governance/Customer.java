package dev.fairlead.core.governance;

import dev.fairlead.core.config.Origin;

/** A paying party or business unit: teams and keys belong to it. */
public record Customer(String id, String name, Origin origin) {}
