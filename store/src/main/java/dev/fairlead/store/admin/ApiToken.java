package dev.fairlead.store.admin;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a token for scripts; its value is not.
 *
 * @param id stable, safe to log
 * @param name unique, for people
 * @param hash keyed hash of the value, hexadecimal
 * @param hint enough of the value to recognise it by, and too little to guess it
 * @param accountId whose it is, or null when it belongs to the installation
 * @param scopes what it may do at most; what the words mean is not known here
 * @param createdAt to the millisecond, as the others
 * @param expiresAt moment from which it counts no more, or null
 * @param lastUsedAt last use that was noted, or null
 */
public record ApiToken(
    String id,
    String name,
    String hash,
    String hint,
    @Nullable String accountId,
    Set<String> scopes,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {
  public ApiToken {
    scopes = Set.copyOf(scopes);
  }
}
