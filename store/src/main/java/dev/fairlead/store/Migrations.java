package dev.fairlead.store;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a database to the version this program knows: all missing versions in one transaction,
 * with a record of each and its checksum. Several that start at once wait for the first.
 */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  /** Any number, the same in every version of the program. */
  private static final long POSTGRES_LOCK = 0x464c_6d69_6772L;

  private static final String HISTORY =
      """
      CREATE TABLE IF NOT EXISTS schema_history (
        series TEXT NOT NULL,
        version INTEGER NOT NULL,
        name TEXT NOT NULL,
        checksum TEXT NOT NULL,
        readable_by INTEGER NOT NULL,
        applied_at BIGINT NOT NULL,
        PRIMARY KEY (series, version)
      )
      """;

  private final Database database;
  private final MigrationSeries series;

  private Migrations(Database database, MigrationSeries series) {
    this.database = database;
    this.series = series;
  }

  /** What may be done to an older database. */
  public enum Mode {
    /** It is brought up to date. */
    MIGRATE,
    /** Nothing: it is refused. */
    REFUSE_PENDING
  }

  private record Applied(int version, String name, String checksum, int readableBy) {}

  /**
   * Checks the database and brings it up to date.
   *
   * @return how many versions were applied
   * @throws UnusableDatabase when it is newer than this program by more than it can work with, was
   *     changed by somebody else, or is older in mode {@link Mode#REFUSE_PENDING}
   */
  public static int run(Database database, MigrationSeries series, Mode mode) {
    return new Migrations(database, series).run(mode);
  }

  private int run(Mode mode) {
    int version = database.read(sql -> check(history(sql)));
    int pending = series.latest() - version;
    if (pending <= 0) {
      if (pending < 0) {
        LOG.warn(
            "{} has {} tables of version {}, which this program (version {}) can still work with;"
                + " update it soon",
            database.place(),
            series.name(),
            version,
            series.latest());
      }
      return 0;
    }
    if (mode == Mode.REFUSE_PENDING) {
      throw new UnusableDatabase(
          say(
              "is at version %d of its %s tables and this program needs version %d, but was told"
                      .formatted(version, series.name(), series.latest())
                  + " not to migrate. Make a backup, then run: fairlead -migrate-only"));
    }
    int applied = database.write(this::migrate);
    if (applied > 0) {
      LOG.info(
          "{}: {} tables brought to version {}", database.place(), series.name(), series.latest());
    }
    return applied;
  }

  private int migrate(Sql sql) throws SQLException {
    if (database.dialect() == Dialect.POSTGRES) {
      sql.each("SELECT pg_advisory_xact_lock(?)", _ -> {}, POSTGRES_LOCK);
    }
    // Asked again: somebody else may have been faster.
    int version = check(history(sql));
    sql.run(HISTORY);
    for (int next = version + 1; next <= series.latest(); next++) {
      apply(sql, series.read(next, database.dialect()));
    }
    return Math.max(0, series.latest() - version);
  }

  private void apply(Sql sql, MigrationSeries.Migration migration) throws SQLException {
    for (String statement : migration.statements()) {
      try {
        sql.run(statement);
      } catch (SQLException failed) {
        throw new UnusableDatabase(
            say(
                "cannot be brought to version "
                    + migration.name()
                    + " of its "
                    + series.name()
                    + " tables: "
                    + Failures.words(failed)
                    + ". Nothing was changed. Tables that are in the way were not made by Fairlead:"
                    + " move them away, or restore a backup"),
            failed);
      }
    }
    sql.change(
        "INSERT INTO schema_history (series, version, name, checksum, readable_by, applied_at)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        series.name(),
        migration.version(),
        migration.name(),
        migration.checksum(),
        migration.readableBy(),
        System.currentTimeMillis());
  }

  private List<Applied> history(Sql sql) throws SQLException {
    String there =
        switch (database.dialect()) {
          case SQLITE ->
              "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_history'";
          // Not to_regclass: it may not see what somebody else made while the lock was waited for.
          case POSTGRES ->
              "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
                  + " AND tablename = 'schema_history'";
        };
    if (sql.number(there) == 0) {
      return List.of();
    }
    return sql.list(
        "SELECT version, name, checksum, readable_by FROM schema_history WHERE series = ?"
            + " ORDER BY version",
        row -> new Applied(row.getInt(1), row.getString(2), row.getString(3), row.getInt(4)),
        series.name());
  }

  /** The version the history comes to, when it is one this program may continue. */
  private int check(List<Applied> history) {
    for (int i = 0; i < history.size(); i++) {
      Applied applied = history.get(i);
      if (applied.version() != i + 1) {
        throw new UnusableDatabase(
            say(
                "is migrated by halves: version %d of its %s tables is missing from its history"
                        .formatted(i + 1, series.name())
                    + ". Restore a backup"));
      }
      if (applied.version() <= series.latest()) {
        String difference = difference(applied);
        if (difference != null) {
          throw new UnusableDatabase(say(difference));
        }
      }
    }
    int version = history.size();
    if (version > series.latest()) {
      int needed =
          history.subList(series.latest(), version).stream()
              .mapToInt(Applied::readableBy)
              .max()
              .orElse(version);
      if (version > series.latest() + 1 || needed > series.latest()) {
        throw new UnusableDatabase(
            say(
                "was written by a newer Fairlead: its %s tables are at version %d, and this program"
                        .formatted(series.name(), version)
                    + " knows version %d".formatted(series.latest())
                    + ". Start the newer program, or restore the backup made before it was"
                    + " installed"));
      }
    }
    return version;
  }

  private @Nullable String difference(Applied applied) {
    String expected = series.read(applied.version(), database.dialect()).checksum();
    return expected.equals(applied.checksum())
        ? null
        : "was migrated by other statements than this program's: version "
            + applied.name()
            + " of its "
            + series.name()
            + " tables has another checksum. Start the program that made it, or restore a backup";
  }

  private String say(String what) {
    String place = database.place();
    return Character.toUpperCase(place.charAt(0)) + place.substring(1) + " " + what + ".";
  }
}
