package dev.fairlead.core.port;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something somebody did. Entries are never changed.
 *
 * @param id given when it is appended, rising; 0 before
 * @param at to the millisecond
 * @param actorKind {@code account}, {@code token}, {@code command_line}, {@code system} …
 * @param actorId id of the account or token, empty where there is none
 * @param actorName as people call it
 * @param action {@code create}, {@code update}, {@code delete}, {@code login}, {@code read_prompt}
 *     …
 * @param kind what it was done to: {@code virtual_key}, {@code account} …
 * @param entityId which one, empty where there is none
 * @param entityName as people call it, empty where there is none
 * @param before JSON with secrets masked, or null
 * @param after JSON with secrets masked, or null
 * @param address where the request came from, or null
 * @param outcome {@code done}, {@code refused} …
 * @param detail in words, empty where there is nothing to add
 */
public record AuditEntry(
    long id,
    Instant at,
    String actorKind,
    String actorId,
    String actorName,
    String action,
    String kind,
    String entityId,
    String entityName,
    @Nullable String before,
    @Nullable String after,
    @Nullable String address,
    String outcome,
    String detail) {}
