package dev.fairlead.store.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of the audit log are wanted; what is null does not restrict.
 *
 * @param actor id or name of who did it
 * @param action exactly
 * @param kind exactly
 * @param entity id or name of what it was done to
 * @param from at this moment or later
 * @param until before this moment
 */
public record AuditFilter(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String kind,
    @Nullable String entity,
    @Nullable Instant from,
    @Nullable Instant until) {
  /** Everything. */
  public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null, null);
}
