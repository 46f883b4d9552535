package dev.fairlead.store;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import dev.fairlead.store.admin.ApiToken;
import dev.fairlead.store.admin.AuditFilter;
import dev.fairlead.store.admin.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The control API's tables in a database. */
public final class StoredAdmin implements AdminStore {
  private static final int EXPORT_PAGE = 500;
  private static final int MOST_ENTRIES = 1_000;

  private final Database database;

  private StoredAdmin(Database database) {
    this.database = database;
  }

  /** The tables in {@code database}, which is migrated. */
  public static StoredAdmin of(Database database) {
    return new StoredAdmin(database);
  }

  @Override
  public long accountCount() {
    return database.read(sql -> sql.number("SELECT count(*) FROM accounts"));
  }

  @Override
  public List<Account> accounts() {
    return database.read(
        sql -> sql.list(AdminRows.ACCOUNTS + " ORDER BY username_key", AdminRows::account));
  }

  @Override
  public @Nullable Account account(String id) {
    return database.<@Nullable Account>read(
        sql -> sql.first(AdminRows.ACCOUNTS + " WHERE id = ?", AdminRows::account, id));
  }

  @Override
  public @Nullable Account accountNamed(String username) {
    return database.<@Nullable Account>read(sql ->
        sql.first(
            AdminRows.ACCOUNTS + " WHERE username_key = ?", AdminRows::account, lower(username)));
  }

  @Override
  public void createAccount(Account account, AuditEntry note) {
    database.<Boolean>write(sql -> noted(sql, insert(sql, account) == 1, note));
  }

  /** Notes what was done, if anything was. */
  private static boolean noted(Sql sql, boolean done, AuditEntry note) throws SQLException {
    if (done) {
      AdminRows.append(sql, note);
    }
    return done;
  }

  @Override
  public boolean createFirstAccount(Account account, AuditEntry note) {
    return database.write(sql -> {
      // On PostgreSQL only a lock tells two first ones apart; in SQLite only one writes.
      if (database.dialect() == Dialect.POSTGRES) {
        sql.run("LOCK TABLE accounts IN EXCLUSIVE MODE");
      }
      boolean first = sql.number("SELECT count(*) FROM accounts") == 0;
      return noted(sql, first && insert(sql, account) == 1, note);
    });
  }

  private static int insert(Sql sql, Account account) throws SQLException {
    return sql.change(
        "INSERT INTO accounts (id, username, username_key, display_name, password_hash, role,"
            + " user_id, team_id, active, created_at, last_login_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        account.id(),
        account.username(),
        lower(account.username()),
        account.displayName(),
        account.passwordHash(),
        account.role(),
        account.userId(),
        account.teamId(),
        account.active() ? 1 : 0,
        account.createdAt().toEpochMilli(),
        AdminRows.millis(account.lastLoginAt()));
  }

  @Override
  public boolean updateAccount(Account account, AuditEntry note) {
    return database.write(sql -> noted(sql, update(sql, account), note));
  }

  @Override
  public boolean updateAccountAndEndSessions(
      Account account, @Nullable String exceptHash, AuditEntry note) {
    return database.write(sql -> {
      boolean done = update(sql, account);
      if (done) {
        endSessions(sql, account.id(), exceptHash);
      }
      return noted(sql, done, note);
    });
  }

  private static boolean update(Sql sql, Account account) throws SQLException {
    return sql.change(
            "UPDATE accounts SET username = ?, username_key = ?, display_name = ?,"
                + " password_hash = ?, role = ?, user_id = ?, team_id = ?, active = ?,"
                + " last_login_at = ? WHERE id = ?",
            account.username(),
            lower(account.username()),
            account.displayName(),
            account.passwordHash(),
            account.role(),
            account.userId(),
            account.teamId(),
            account.active() ? 1 : 0,
            AdminRows.millis(account.lastLoginAt()),
            account.id())
        == 1;
  }

  @Override
  public boolean removeAccount(String id, AuditEntry note) {
    return database.write(
        sql -> noted(sql, sql.change("DELETE FROM accounts WHERE id = ?", id) == 1, note));
  }

  @Override
  public void createSession(Session session) {
    database.<Integer>write(sql -> {
      sql.change(
          "INSERT INTO sessions (hash, account_id, csrf, created_at, last_seen_at, expires_at,"
              + " address, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          session.hash(),
          session.accountId(),
          session.csrf(),
          session.createdAt().toEpochMilli(),
          session.lastSeenAt().toEpochMilli(),
          session.expiresAt().toEpochMilli(),
          session.address(),
          session.userAgent());
      return sql.change(
          "UPDATE accounts SET last_login_at = ? WHERE id = ?",
          session.createdAt().toEpochMilli(),
          session.accountId());
    });
  }

  @Override
  public @Nullable Session session(String hash) {
    return database.<@Nullable Session>read(
        sql -> sql.first(AdminRows.SESSIONS + " WHERE hash = ?", AdminRows::session, hash));
  }

  @Override
  public List<Session> sessionsOf(String accountId, Instant now) {
    return database.read(sql ->
        sql.list(
            AdminRows.SESSIONS
                + " WHERE account_id = ? AND expires_at > ? ORDER BY last_seen_at DESC",
            AdminRows::session,
            accountId,
            now.toEpochMilli()));
  }

  @Override
  public void touchSession(String hash, Instant lastSeenAt, Instant expiresAt) {
    database.<Integer>write(sql ->
        sql.change(
            "UPDATE sessions SET last_seen_at = ?, expires_at = ? WHERE hash = ?",
            lastSeenAt.toEpochMilli(),
            expiresAt.toEpochMilli(),
            hash));
  }

  @Override
  public void removeSession(String hash) {
    database.<Integer>write(sql -> sql.change("DELETE FROM sessions WHERE hash = ?", hash));
  }

  @Override
  public void removeSessionsOf(String accountId, @Nullable String exceptHash) {
    database.<Integer>write(sql -> endSessions(sql, accountId, exceptHash));
  }

  private static int endSessions(Sql sql, String accountId, @Nullable String exceptHash)
      throws SQLException {
    return sql.change(
        "DELETE FROM sessions WHERE account_id = ? AND hash <> ?",
        accountId,
        exceptHash == null ? "" : exceptHash);
  }

  @Override
  public int removeExpiredSessions(Instant now) {
    return database.write(
        sql -> sql.change("DELETE FROM sessions WHERE expires_at <= ?", now.toEpochMilli()));
  }

  @Override
  public void createToken(ApiToken token, AuditEntry note) {
    database.<Boolean>write(sql -> noted(sql, insert(sql, token) == 1, note));
  }

  private static int insert(Sql sql, ApiToken token) throws SQLException {
    return sql.change(
        "INSERT INTO api_tokens (id, name, hash, hint, account_id, scopes, created_at,"
            + " expires_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        token.id(),
        token.name(),
        token.hash(),
        token.hint(),
        token.accountId(),
        AdminRows.joined(token.scopes()),
        token.createdAt().toEpochMilli(),
        AdminRows.millis(token.expiresAt()),
        AdminRows.millis(token.lastUsedAt()));
  }

  @Override
  public List<ApiToken> tokens() {
    return database.read(sql -> sql.list(AdminRows.TOKENS + " ORDER BY name", AdminRows::token));
  }

  @Override
  public @Nullable ApiToken tokenByHash(String hash) {
    return database.<@Nullable ApiToken>read(
        sql -> sql.first(AdminRows.TOKENS + " WHERE hash = ?", AdminRows::token, hash));
  }

  @Override
  public void touchToken(String id, Instant lastUsedAt) {
    database.<Integer>write(sql ->
        sql.change(
            "UPDATE api_tokens SET last_used_at = ? WHERE id = ?", lastUsedAt.toEpochMilli(), id));
  }

  @Override
  public boolean removeToken(String id, AuditEntry note) {
    return database.write(
        sql -> noted(sql, sql.change("DELETE FROM api_tokens WHERE id = ?", id) == 1, note));
  }

  @Override
  public long appendAudit(AuditEntry entry) {
    return database.write(sql -> AdminRows.append(sql, entry));
  }

  @Override
  public List<AuditEntry> audit(AuditFilter filter, long beforeId, int limit) {
    AuditQuery query = AuditQuery.of(filter).and("id < ?", beforeId);
    int rows = Math.clamp(limit, 1, MOST_ENTRIES);
    return database.read(sql ->
        sql.list(
            AdminRows.AUDIT + query.where() + " ORDER BY id DESC LIMIT " + rows,
            AdminRows::audit,
            query.parameters()));
  }

  /** Pages, because a slow reader must not hold a connection. */
  @Override
  public void exportAudit(AuditFilter filter, Consumer<AuditEntry> each) {
    long after = 0;
    List<AuditEntry> page;
    do {
      AuditQuery query = AuditQuery.of(filter).and("id > ?", after);
      page =
          database.read(sql ->
              sql.list(
                  AdminRows.AUDIT + query.where() + " ORDER BY id LIMIT " + EXPORT_PAGE,
                  AdminRows::audit,
                  query.parameters()));
      page.forEach(each);
      after = page.isEmpty() ? after : page.getLast().id();
    } while (page.size() == EXPORT_PAGE);
  }

  @Override
  public @Nullable String setting(String name) {
    return database.<@Nullable String>read(sql -> setting(sql, name));
  }

  private static @Nullable String setting(Sql sql, String name) throws SQLException {
    return sql.first("SELECT value FROM settings WHERE name = ?", row -> row.getString(1), name);
  }

  @Override
  public void putSetting(String name, @Nullable String value) {
    database.<Integer>write(sql -> put(sql, name, value));
  }

  private static int put(Sql sql, String name, @Nullable String value) throws SQLException {
    return value == null
        ? sql.change("DELETE FROM settings WHERE name = ?", name)
        : sql.change(
            "INSERT INTO settings (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value);
  }

  @Override
  public boolean compareAndSetSetting(
      String name, @Nullable String expected, @Nullable String value) {
    return database.write(sql -> {
      if (expected == null) {
        return value == null
            ? setting(sql, name) == null
            : sql.change(
                    "INSERT INTO settings (name, value) VALUES (?, ?)"
                        + " ON CONFLICT (name) DO NOTHING",
                    name,
                    value)
                == 1;
      }
      return value == null
          ? sql.change("DELETE FROM settings WHERE name = ? AND value = ?", name, expected) == 1
          : sql.change(
                  "UPDATE settings SET value = ? WHERE name = ? AND value = ?",
                  value,
                  name,
                  expected)
              == 1;
    });
  }

  private static String lower(String username) {
    return username.toLowerCase(Locale.ROOT);
  }
}
