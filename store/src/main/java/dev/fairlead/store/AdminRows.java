package dev.fairlead.store;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.ApiToken;
import dev.fairlead.store.admin.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Rows of the control API's tables as records. */
final class AdminRows {
  static final String ACCOUNTS =
      "SELECT id, username, display_name, password_hash, role, user_id, team_id, active,"
          + " created_at, last_login_at FROM accounts";
  static final String SESSIONS =
      "SELECT hash, account_id, csrf, created_at, last_seen_at, expires_at, address, user_agent"
          + " FROM sessions";
  static final String TOKENS =
      "SELECT id, name, hash, hint, account_id, scopes, created_at, expires_at, last_used_at"
          + " FROM api_tokens";
  static final String AUDIT =
      "SELECT id, at, actor_kind, actor_id, actor_name, action, kind, entity_id, entity_name,"
          + " before, after, address, outcome, detail FROM audit";

  private AdminRows() {}

  static Account account(ResultSet row) throws SQLException {
    return new Account(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getInt(8) != 0,
        Instant.ofEpochMilli(row.getLong(9)),
        instant(row, 10));
  }

  static Session session(ResultSet row) throws SQLException {
    return new Session(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        Instant.ofEpochMilli(row.getLong(4)),
        Instant.ofEpochMilli(row.getLong(5)),
        Instant.ofEpochMilli(row.getLong(6)),
        row.getString(7),
        row.getString(8));
  }

  static ApiToken token(ResultSet row) throws SQLException {
    String scopes = row.getString(6);
    return new ApiToken(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        scopes.isEmpty() ? Set.of() : Set.of(scopes.split(" ", -1)),
        Instant.ofEpochMilli(row.getLong(7)),
        instant(row, 8),
        instant(row, 9));
  }

  static AuditEntry audit(ResultSet row) throws SQLException {
    return new AuditEntry(
        row.getLong(1),
        Instant.ofEpochMilli(row.getLong(2)),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12),
        row.getString(13),
        row.getString(14));
  }

  static @Nullable Long millis(@Nullable Instant at) {
    return at == null ? null : at.toEpochMilli();
  }

  /** Words without spaces, in one column. */
  static String joined(Set<String> words) {
    for (String word : words) {
      if (word.isEmpty() || word.indexOf(' ') >= 0) {
        throw new IllegalArgumentException("a scope is one word: \"" + word + "\"");
      }
    }
    return String.join(" ", new TreeSet<>(words));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  /** Appends to the audit log and returns the entry's id. */
  static long append(Sql sql, AuditEntry entry) throws SQLException {
    return sql.number(
        "INSERT INTO audit (at, actor_kind, actor_id, actor_name, action, kind, entity_id,"
            + " entity_name, before, after, address, outcome, detail)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        entry.at().toEpochMilli(),
        entry.actorKind(),
        entry.actorId(),
        entry.actorName(),
        entry.action(),
        entry.kind(),
        entry.entityId(),
        entry.entityName(),
        entry.before(),
        entry.after(),
        entry.address(),
        entry.outcome(),
        entry.detail());
  }
}
