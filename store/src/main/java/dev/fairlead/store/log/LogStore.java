package dev.fairlead.store.log;

import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A request log: one writer, any number of readers. Nothing is opened before it is needed, and
 * nothing here waits for anything but the database: callers bound that.
 */
public final class LogStore {
  private final LogDatabase database;

  private LogStore(LogDatabase database) {
    this.database = database;
  }

  /** In files beside {@code file}, which holds the rows. */
  public static LogStore sqlite(Path file) {
    return new LogStore(new SqliteFiles(file));
  }

  /** In the PostgreSQL database that {@code source} connects to; it may be shared. */
  public static LogStore postgres(DataSource source) {
    return new LogStore(new PostgresTables(source));
  }

  /** Opens the writer, of which a process has one; makes tables that are missing. */
  public LogWriter writer() throws SQLException {
    return new LogWriter(database);
  }

  /** A reader; it opens what it needs when it is asked. */
  public LogReader reader() {
    return new LogReader(database);
  }

  LogDatabase database() {
    return database;
  }
}
