package dev.fairlead.store.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who may log in.
 *
 * @param id stable, safe to log
 * @param username unique whatever its letter case, for people to log in with
 * @param displayName for people to read, empty when there is none
 * @param passwordHash in its own self-describing form, or null when only other ways in are open
 * @param role {@code admin}, {@code operator} …; what it means is not known here
 * @param userId the governance user this person is, or null
 * @param teamId the team a team lead sees, or null
 * @param active whether logging in is allowed
 * @param createdAt to the millisecond
 * @param lastLoginAt last time a session began, or null
 */
public record Account(
    String id,
    String username,
    String displayName,
    @Nullable String passwordHash,
    String role,
    @Nullable String userId,
    @Nullable String teamId,
    boolean active,
    Instant createdAt,
    @Nullable Instant lastLoginAt) {
  /** Without the password's hash. */
  @Override
  public String toString() {
    return "Account[" + id + ", " + username + ", " + role + (active ? "" : ", inactive") + "]";
  }
}
