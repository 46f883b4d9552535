package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The tables of a request log. */
final class Schema {
  /** Columns of {@code log} behind its facets, in the order they are written and read. */
  static final List<String> FIGURES =
      List.of(
          "session",
          "conv",
          "status",
          "total_us",
          "first_us",
          "overhead_us",
          "queued_us",
          "t_uncached",
          "t_read",
          "t_w5",
          "t_w1",
          "t_out",
          "t_reason",
          "cost",
          "attempts",
          "req_bytes",
          "reply_bytes",
          "flags");

  private Schema() {}

  /** Makes what is missing of the tables of rows. */
  static void rows(Connection connection, Dialect dialect) throws SQLException {
    List<String> statements = new ArrayList<>();
    String apart = dialect == Dialect.POSTGRES ? " PARTITION BY RANGE (k)" : "";
    StringBuilder log =
        new StringBuilder("CREATE TABLE IF NOT EXISTS log (k BIGINT_KEY, hi BIGINT, lo BIGINT");
    for (Facet facet : Facet.values()) {
      log.append(", ").append(facet.column()).append(" BIGINT");
    }
    for (String figure : FIGURES) {
      log.append(", ").append(figure).append(figure.equals("session") ? " TEXT" : " BIGINT");
    }
    statements.add(log.append(')').append(apart).toString());
    for (Facet facet : Facet.values()) {
      if (facet.indexed()) {
        index(statements, facet.column(), facet.column() + " > 0");
      }
    }
    index(statements, "session", "session IS NOT NULL");
    index(statements, "conv", "conv <> 0");
    statements.add(
        "CREATE TABLE IF NOT EXISTS log_detail (k BIGINT_KEY, data BYTES NOT NULL)" + apart);
    statements.add(
        "CREATE TABLE IF NOT EXISTS log_tag (term BIGINT, k BIGINT, PRIMARY KEY (term, k))");
    statements.add("CREATE INDEX IF NOT EXISTS log_tag_k ON log_tag (k)");
    statements.add(
        "CREATE TABLE IF NOT EXISTS term (id NUMBERED, facet INTEGER NOT NULL, value TEXT NOT NULL,"
            + " name TEXT NOT NULL, last_day INTEGER NOT NULL, UNIQUE (facet, value))");
    statements.add(
        "CREATE TABLE IF NOT EXISTS rollup (dim INTEGER, hour INTEGER, term BIGINT, data BYTES NOT"
            + " NULL, PRIMARY KEY (dim, hour, term))"
            + (dialect == Dialect.SQLITE ? " WITHOUT ROWID" : ""));
    statements.add("CREATE INDEX IF NOT EXISTS rollup_term ON rollup (dim, term, hour)");
    run(connection, dialect, statements);
  }

  private static void index(List<String> statements, String column, String when) {
    statements.add(
        "CREATE INDEX IF NOT EXISTS log_" + column + " ON log (" + column + ", k) WHERE " + when);
  }

  /** Makes what is missing of the tables of one day's contents. */
  static void day(Connection connection, Dialect dialect, String suffix) throws SQLException {
    List<String> statements = new ArrayList<>();
    statements.add(
        "CREATE TABLE IF NOT EXISTS part"
            + suffix
            + " (n NUMBERED, hash BYTES NOT NULL UNIQUE, data BYTES NOT NULL)");
    statements.add(
        "CREATE TABLE IF NOT EXISTS request"
            + suffix
            + " (k BIGINT_KEY, lo BIGINT, size BIGINT, data BYTES NOT NULL)");
    String words = dialect == Dialect.SQLITE ? "" : ", words TSVECTOR";
    statements.add(
        "CREATE TABLE IF NOT EXISTS reply"
            + suffix
            + " (k BIGINT_KEY, lo BIGINT, preview TEXT NOT NULL, data BYTES"
            + words
            + ")");
    if (dialect == Dialect.SQLITE) {
      statements.add(
          "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(content, content='',"
              + " contentless_delete=1, tokenize='unicode61 remove_diacritics 2')");
      // Half the merging of segments while writing, at the price of twice as many to search in.
      statements.add("INSERT INTO words (words, rank) VALUES ('automerge', 8)");
    } else {
      statements.add(
          "CREATE INDEX IF NOT EXISTS reply_words"
              + suffix
              + " ON reply"
              + suffix
              + " USING GIN (words)");
    }
    run(connection, dialect, statements);
  }

  private static void run(Connection connection, Dialect dialect, List<String> statements)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(
            sql.replace("BYTES", dialect.bytes())
                .replace("NUMBERED", dialect.numbered())
                .replace(
                    "BIGINT_KEY",
                    dialect == Dialect.SQLITE ? "INTEGER PRIMARY KEY" : "BIGINT PRIMARY KEY"));
      }
    }
    connection.commit();
  }
}
