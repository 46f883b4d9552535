package dev.fairlead.store.admin;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Documents;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tables of the control API. Blocking: never called on an event loop. A change of who may do what
 * and its note in the audit log are written together or not at all. Every method throws {@link
 * Documents.Unavailable} when the database cannot be reached, and those that change something throw
 * {@link Documents.Conflict} when a name, id or hash is taken. Times are kept to the millisecond.
 * Safe for use by many threads.
 */
public interface AdminStore {
  /** How many accounts there are, inactive ones included; 0 before the first set-up. */
  long accountCount();

  /** Every account, by user name. */
  List<Account> accounts();

  /** The account with this id, or null. */
  @Nullable Account account(String id);

  /** The account with this user name, whatever its letter case, or null. */
  @Nullable Account accountNamed(String username);

  /** Adds an account. */
  void createAccount(Account account, AuditEntry note);

  /**
   * Adds the first account; two that try at once are told apart.
   *
   * @return false, and nothing is written, when there is an account already
   */
  boolean createFirstAccount(Account account, AuditEntry note);

  /**
   * Replaces everything but {@code createdAt} of the account with this id.
   *
   * @return false, and nothing is noted, when there is none
   */
  boolean updateAccount(Account account, AuditEntry note);

  /**
   * As {@link #updateAccount}, and ends the account's sessions but one.
   *
   * @param exceptHash the session that goes on, or null for none
   */
  boolean updateAccountAndEndSessions(
      Account account, @Nullable String exceptHash, AuditEntry note);

  /**
   * Removes the account with its sessions and tokens.
   *
   * @return false, and nothing is noted, when there is none
   */
  boolean removeAccount(String id, AuditEntry note);

  /** Adds a session and notes the account's login. */
  void createSession(Session session);

  /** The session with this hash, expired or not, or null. */
  @Nullable Session session(String hash);

  /** The sessions of an account that count at {@code now}, last used first. */
  List<Session> sessionsOf(String accountId, Instant now);

  /** Notes a use and moves the end; does nothing when the session is gone. */
  void touchSession(String hash, Instant lastSeenAt, Instant expiresAt);

  /** Ends a session; does nothing when it is gone. */
  void removeSession(String hash);

  /**
   * Ends all sessions of an account but one.
   *
   * @param exceptHash the one that goes on, or null for none
   */
  void removeSessionsOf(String accountId, @Nullable String exceptHash);

  /** Forgets sessions that ended before {@code now}; returns how many. */
  int removeExpiredSessions(Instant now);

  /** Adds a token. */
  void createToken(ApiToken token, AuditEntry note);

  /** Every token, by name. */
  List<ApiToken> tokens();

  /** The token with this hash, expired or not, or null. */
  @Nullable ApiToken tokenByHash(String hash);

  /** Notes a use; does nothing when the token is gone. */
  void touchToken(String id, Instant lastUsedAt);

  /**
   * Removes a token.
   *
   * @return false, and nothing is noted, when there is none
   */
  boolean removeToken(String id, AuditEntry note);

  /**
   * Appends to the audit log.
   *
   * @param entry its id is not used
   * @return the id given to it
   */
  long appendAudit(AuditEntry entry);

  /**
   * A page of the audit log, newest first.
   *
   * @param beforeId entries with a smaller id than this; {@link Long#MAX_VALUE} for the first page
   * @param limit at most this many, 1 to 1000
   */
  List<AuditEntry> audit(AuditFilter filter, long beforeId, int limit);

  /** Hands every entry that fits to {@code each}, oldest first, without holding them all. */
  void exportAudit(AuditFilter filter, Consumer<AuditEntry> each);

  /** A setting, or null. */
  @Nullable String setting(String name);

  /** Sets a setting, or removes it with null. Secrets are sealed by the caller. */
  void putSetting(String name, @Nullable String value);

  /**
   * Sets a setting only while it is {@code expected}, so that one of several that try succeeds.
   *
   * @param expected null for not set
   * @param value null to remove it
   * @return whether it was set
   */
  boolean compareAndSetSetting(String name, @Nullable String expected, @Nullable String value);
}
