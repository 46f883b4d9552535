package dev.fairlead.store.ledger;

import dev.fairlead.core.ledger.Journal;
import dev.fairlead.core.ledger.Unit;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's journal in an SQLite file of its own. Every {@link #PERIOD} the counters that have
 * changed are written as they stand, what requests under way hold beside what they have used, in
 * one transaction that is on disk when it returns. So what was counted before that survives the
 * process and the power, and what waits to be written is never more than the counters there are:
 * when the disk is slow, more requests go into one writing.
 */
public final class LedgerFile implements Journal, AutoCloseable {
  /** How often is written. */
  public static final Duration PERIOD = Duration.ofMillis(200);

  /** How long a window must be over until its counter is deleted. */
  private static final Duration KEEP = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(LedgerFile.class);
  private static final int MOST_IN_ONE_BATCH = 1_000;
  private static final String WRITE =
      "INSERT INTO counter (id, unit, window_start, window_end, used, reserved, estimated)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
          + " unit = excluded.unit, window_start = excluded.window_start,"
          + " window_end = excluded.window_end, used = excluded.used,"
          + " reserved = excluded.reserved, estimated = excluded.estimated";

  private final Path file;
  private final List<Saved> loaded;
  private final ConcurrentLinkedQueue<Source> changes = new ConcurrentLinkedQueue<>();
  private final IdentityHashMap<Source, Boolean> unwritten = new IdentityHashMap<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Thread writer;
  private volatile @Nullable String problem;
  private @Nullable Connection connection;
  private long written;

  private LedgerFile(Path file, Connection connection, List<Saved> loaded) {
    this.file = file;
    this.connection = connection;
    this.loaded = List.copyOf(loaded);
    this.writer = Thread.ofPlatform().name("fairlead-ledger").daemon(true).unstarted(this::run);
  }

  /**
   * Opens {@code file}, makes it when there is none, reads the counters whose windows are running,
   * and begins to write.
   *
   * @param clock epoch milliseconds
   * @throws IOException when it cannot be used; the message says what to do
   */
  public static LedgerFile open(Path file, LongSupplier clock) throws IOException {
    try {
      ownerOnly(file);
      Connection connection = connect(file);
      try {
        prepare(connection);
        LedgerFile opened = new LedgerFile(file, connection, load(connection, clock));
        opened.writer.start();
        return opened;
      } catch (SQLException | RuntimeException failed) {
        connection.close();
        throw failed;
      }
    } catch (SQLException failed) {
      throw new IOException(
          "The ledger "
              + file
              + " cannot be used: "
              + failed.getMessage()
              + ". What is spent could not be counted, so the gateway does not start. Restore the"
              + " file from a backup, or move it away to begin to count anew.",
          failed);
    }
  }

  private static void ownerOnly(Path file) throws IOException {
    if (Files.notExists(file)
        && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  private static Connection connect(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      // FULL: what is committed survives a loss of power, not only of the process.
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA busy_timeout = 5000");
    }
    return connection;
  }

  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      int version;
      try (ResultSet found = statement.executeQuery("PRAGMA user_version")) {
        version = found.getInt(1);
      }
      if (version > 1) {
        throw new SQLException("it was written by a newer version of the gateway");
      }
      statement.execute(
          "CREATE TABLE IF NOT EXISTS counter (id TEXT PRIMARY KEY, unit TEXT NOT NULL,"
              + " window_start INTEGER NOT NULL, window_end INTEGER NOT NULL,"
              + " used INTEGER NOT NULL, reserved INTEGER NOT NULL, estimated INTEGER NOT NULL)"
              + " WITHOUT ROWID");
      statement.execute("PRAGMA user_version = 1");
    }
  }

  private static List<Saved> load(Connection connection, LongSupplier clock) throws SQLException {
    List<Saved> loaded = new ArrayList<>();
    long now = clock.getAsLong();
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM counter WHERE window_end < ?")) {
      delete.setLong(1, now - KEEP.toMillis());
      delete.executeUpdate();
    }
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, unit, window_start, window_end, used, reserved, estimated"
                + " FROM counter WHERE window_end > ?")) {
      select.setLong(1, now);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          loaded.add(
              new Saved(
                  row.getString(1),
                  Unit.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                  row.getLong(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7)));
        }
      }
    } catch (IllegalArgumentException unknownUnit) {
      throw new SQLException("a counter has an unknown unit: " + unknownUnit.getMessage());
    }
    return loaded;
  }

  /** The counters an earlier process has left, those of windows that are running. */
  public List<Saved> loaded() {
    return loaded;
  }

  @Override
  public void changed(Source source) {
    changes.add(source);
  }

  @Override
  public boolean failing() {
    return problem != null;
  }

  /** Why nothing can be written at present, or null. */
  public @Nullable String problem() {
    return problem;
  }

  /** States of counters written since the start. */
  public synchronized long written() {
    return written;
  }

  /** Counters waiting to be written. */
  public int waiting() {
    return changes.size();
  }

  private void run() {
    while (!stopping.get()) {
      LockSupport.parkNanos(this, PERIOD.toNanos());
      write();
    }
  }

  /** Writes what has changed, now; what cannot be written is kept for the next time. */
  public synchronized void write() {
    Source next;
    while ((next = changes.poll()) != null) {
      unwritten.put(next, Boolean.TRUE);
    }
    if (unwritten.isEmpty() && problem == null) {
      return;
    }
    try {
      Connection open = connection;
      if (open == null) {
        open = connect(file);
        prepare(open);
        connection = open;
      }
      commit(open);
      unwritten.clear();
      if (problem != null) {
        problem = null;
        LOG.info("the ledger {} is written again", file);
      }
    } catch (SQLException failed) {
      if (problem == null) {
        LOG.error(
            "the ledger {} cannot be written: {}. What is spent is kept in memory and written when"
                + " that is possible again",
            file,
            failed.getMessage());
      }
      problem = String.valueOf(failed.getMessage());
      disconnect();
    }
  }

  private void commit(Connection open) throws SQLException {
    open.setAutoCommit(false);
    try (PreparedStatement insert = open.prepareStatement(WRITE)) {
      int batched = 0;
      long states = 0;
      for (Source source : unwritten.keySet()) {
        Saved state = source.take();
        if (state == null) {
          continue;
        }
        insert.setString(1, state.id());
        insert.setString(2, state.unit().label());
        insert.setLong(3, state.windowStart());
        insert.setLong(4, state.windowEnd());
        insert.setLong(5, state.used());
        insert.setLong(6, state.reserved());
        insert.setLong(7, state.estimated());
        insert.addBatch();
        states++;
        if (++batched == MOST_IN_ONE_BATCH) {
          insert.executeBatch();
          batched = 0;
        }
      }
      if (batched > 0) {
        insert.executeBatch();
      }
      open.commit();
      written += states;
    }
  }

  private void disconnect() {
    Connection broken = connection;
    connection = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (SQLException failed) {
        LOG.debug("closing the ledger: {}", failed.getMessage());
      }
    }
  }

  /** Writes what is left and closes the file. */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    LockSupport.unpark(writer);
    try {
      writer.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    write();
    synchronized (this) {
      if (!unwritten.isEmpty()) {
        LOG.error("{} counters of the ledger {} were not written", unwritten.size(), file);
      }
      disconnect();
    }
  }
}
