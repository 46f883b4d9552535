package dev.fairlead.store.log;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * A request log in files: {@code logs.db} for the rows, and in {@code log-bodies} a file for the
 * contents of each UTC day, which is deleted whole. All are readable by their owner only.
 */
final class SqliteFiles implements LogDatabase {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteFiles.class);
  private static final String SUFFIX = ".db";

  private final Path rows;
  private final Path bodies;

  SqliteFiles(Path rows) {
    this.rows = rows;
    this.bodies = rows.resolveSibling("log-bodies");
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public Connection rows(boolean writes) throws SQLException {
    if (!writes) {
      return connect(rows, false);
    }
    try {
      return checked();
    } catch (SQLiteException broken) {
      SQLiteErrorCode code = broken.getResultCode();
      if (code != SQLiteErrorCode.SQLITE_NOTADB && code != SQLiteErrorCode.SQLITE_CORRUPT) {
        throw broken;
      }
      setAside();
      return checked();
    }
  }

  private Connection checked() throws SQLException {
    own(rows);
    Connection connection = connect(rows, true);
    try {
      Schema.rows(connection, Dialect.SQLITE);
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  /** A log that cannot be read is kept for whoever wants to look, and a new one begun. */
  private void setAside() throws SQLException {
    Path aside =
        rows.resolveSibling(rows.getFileName() + ".broken-" + Instant.now().toEpochMilli());
    try {
      Files.move(rows, aside);
      for (String more : List.of("-wal", "-shm")) {
        Files.deleteIfExists(rows.resolveSibling(rows.getFileName() + more));
      }
    } catch (IOException failed) {
      throw new SQLException(rows + " is broken and cannot be moved out of the way", failed);
    }
    LOG.error("{} is broken; it was moved to {} and a new request log begun", rows, aside);
  }

  @Override
  public DayPlace day(LocalDate day, boolean writes) throws SQLException {
    Path file = file(day);
    if (writes) {
      own(file);
    } else if (!Files.exists(file)) {
      throw new SQLException("no contents of " + day + " are kept");
    }
    Connection connection = connect(file, writes);
    if (writes) {
      Schema.day(connection, Dialect.SQLITE, "");
    }
    return new DayPlace(connection, "");
  }

  private Path file(LocalDate day) {
    return bodies.resolve(day + SUFFIX);
  }

  private static void own(Path file) throws SQLException {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
      }
    } catch (FileAlreadyExistsException known) {
      // Then it is ours already.
    } catch (IOException failed) {
      throw new SQLException(file + " cannot be made: " + failed.getMessage(), failed);
    }
  }

  private static Connection connect(Path file, boolean writes) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(!writes);
    config.setBusyTimeout(5_000);
    // Else the driver asks for the last number after every row it writes, by a statement of its
    // own.
    config.setGetGeneratedKeys(false);
    // The driver lets one thread at a time into a connection by itself.
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    try (Statement statement = connection.createStatement()) {
      if (writes) {
        statement.execute("PRAGMA page_size = 4096");
        statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = NORMAL");
        // What is erased must not be found in the file by other means.
        statement.execute("PRAGMA secure_delete = ON");
        statement.execute("PRAGMA journal_size_limit = 67108864");
      }
      statement.execute("PRAGMA cache_size = " + (writes ? -16_000 : -8_000));
      // Pages that are mapped count as the program's memory as long as they are, so only readers,
      // which come and go, map them.
      statement.execute("PRAGMA mmap_size = " + (writes ? 0 : 1 << 30));
      connection.setAutoCommit(!writes);
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  @Override
  public List<LocalDate> days() throws SQLException {
    List<LocalDate> days = new ArrayList<>();
    if (!Files.isDirectory(bodies)) {
      return days;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(bodies, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        try {
          days.add(LocalDate.parse(name.substring(0, name.length() - SUFFIX.length())));
        } catch (DateTimeParseException notOurs) {
          // A file somebody else put there; it stays.
        }
      }
    } catch (IOException failed) {
      throw new SQLException(bodies + " cannot be listed: " + failed.getMessage(), failed);
    }
    days.sort(Comparator.reverseOrder());
    return days;
  }

  @Override
  public void drop(LocalDate day) throws SQLException {
    Path file = file(day);
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
    } catch (IOException failed) {
      throw new SQLException(file + " cannot be deleted: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void prepareRows(Connection connection, LocalDate day) {}

  @Override
  public void dropRows(Connection connection, LocalDate day) {}

  @Override
  public boolean settle(Connection writes) throws SQLException {
    writes.setAutoCommit(true);
    try (Statement statement = writes.createStatement();
        ResultSet busy = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
      return busy.next() && busy.getInt(1) == 0;
    } finally {
      writes.setAutoCommit(false);
    }
  }

  @Override
  public long size() throws SQLException {
    long total = 0;
    try (Connection connection = connect(rows, false);
        Statement statement = connection.createStatement()) {
      total +=
          (pragma(statement, "page_count") - pragma(statement, "freelist_count"))
              * pragma(statement, "page_size");
    }
    try {
      for (LocalDate day : days()) {
        Path file = file(day);
        total += Files.size(file);
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        total += Files.exists(log) ? Files.size(log) : 0;
      }
    } catch (IOException failed) {
      throw new SQLException("sizes in " + bodies + " cannot be read", failed);
    }
    return total;
  }

  private static long pragma(Statement statement, String name) throws SQLException {
    try (ResultSet answer = statement.executeQuery("PRAGMA " + name)) {
      return answer.next() ? answer.getLong(1) : 0;
    }
  }
}
