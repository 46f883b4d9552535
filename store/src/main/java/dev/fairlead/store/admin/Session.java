package dev.fairlead.store.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A login that lasts.
 *
 * @param hash keyed hash of the cookie's value, hexadecimal; the value is nowhere
 * @param accountId whose it is
 * @param csrf what requests that change something must repeat; random, tied to this session
 * @param createdAt to the millisecond, as the others
 * @param lastSeenAt last use that was noted
 * @param expiresAt moment from which it counts no more
 * @param address the client's address at login, or null
 * @param userAgent the client's program as it called itself, or null
 */
public record Session(
    String hash,
    String accountId,
    String csrf,
    Instant createdAt,
    Instant lastSeenAt,
    Instant expiresAt,
    @Nullable String address,
    @Nullable String userAgent) {
  /** Without what could be used. */
  @Override
  public String toString() {
    return "Session[" + accountId + ", until " + expiresAt + "]";
  }
}
