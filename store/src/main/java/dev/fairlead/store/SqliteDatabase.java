package dev.fairlead.store;

import dev.fairlead.core.port.Documents;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * A SQLite file: one thread writes, a few read beside it (write-ahead log). They are platform
 * threads, because calls into SQLite would hold the carriers of virtual ones; callers wait, and at
 * most {@value #MOST_WAITING} of each kind.
 */
public final class SqliteDatabase implements Database {
  /** "FLdb": marks the file as ours, so that another program's is told from an empty one. */
  static final int APPLICATION_ID = 0x464c_6462;

  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final int MOST_WAITING = 1_024;
  private static final int BUSY_MILLIS = 10_000;
  private static final int CLOSE_SECONDS = 10;

  private final SqliteSettings settings;
  private final ThreadPoolExecutor writer;
  private final ThreadPoolExecutor readers;
  private final Connection writing;

  /** Then there is one connection, because another would see another database. */
  private final boolean inMemory;

  private final Queue<Connection> reading = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread writerThread;

  private SqliteDatabase(SqliteSettings settings, Connection writing, boolean inMemory) {
    this.settings = settings;
    this.writing = writing;
    this.inMemory = inMemory;
    String name = "fairlead-" + settings.file().getFileName();
    this.writer = threads(name + "-write", 1);
    this.readers = threads(name + "-read", settings.readers());
  }

  /**
   * Opens the file, making it when it is missing; its directory must exist.
   *
   * @throws UnusableDatabase when it cannot be opened, is damaged or is another program's
   */
  public static SqliteDatabase open(SqliteSettings settings) {
    Path file = settings.file();
    try {
      ownerOnly(file);
    } catch (IOException failed) {
      throw new UnusableDatabase(
          "The database "
              + file
              + " cannot be made or used: "
              + failed
              + ". Its directory must exist and be writable.",
          failed);
    }
    Connection connection = null;
    try {
      connection = connect(settings, true);
      claim(connection, file);
      return new SqliteDatabase(settings, connection, false);
    } catch (SQLException | UnusableDatabase failed) {
      close(connection);
      if (failed instanceof UnusableDatabase unusable) {
        throw unusable;
      }
      throw new UnusableDatabase(
          "The database "
              + file
              + " cannot be used: "
              + Failures.words(failed)
              + ". If it is damaged, restore a backup; or move it away and start with an empty"
              + " one.",
          failed);
    }
  }

  /** An empty database that is gone when it is closed. */
  public static SqliteDatabase inMemory() {
    Path name = Path.of("memory");
    try {
      SQLiteConfig config = new SQLiteConfig();
      config.enforceForeignKeys(true);
      return new SqliteDatabase(
          new SqliteSettings(name, false, 1),
          config.createConnection("jdbc:sqlite::memory:"),
          true);
    } catch (SQLException failed) {
      throw new UnusableDatabase("SQLite does not work: " + Failures.words(failed), failed);
    }
  }

  private static void ownerOnly(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    try {
      Files.createFile(
          file,
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0]);
    } catch (FileAlreadyExistsException there) {
      if (posix) {
        Set<PosixFilePermission> now = EnumSet.noneOf(PosixFilePermission.class);
        now.addAll(Files.getPosixFilePermissions(file));
        if (now.removeIf(one -> one.name().startsWith("OTHERS_"))) {
          Files.setPosixFilePermissions(file, now);
          LOG.warn("every user of this machine could read {}; now only its owner can", file);
        }
      }
    }
  }

  private static Connection connect(SqliteSettings settings, boolean writes) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(
        settings.everyCommitOnDisk()
            ? SQLiteConfig.SynchronousMode.FULL
            : SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    Connection connection =
        config.createConnection("jdbc:sqlite:" + settings.file().toAbsolutePath());
    try {
      if (!writes) {
        try (var statement = connection.createStatement()) {
          statement.execute("PRAGMA query_only = ON");
        }
      }
      return connection;
    } catch (SQLException failed) {
      close(connection);
      throw failed;
    }
  }

  /** Marks an empty file as ours, and leaves one alone that is not. */
  private static void claim(Connection connection, Path file) throws SQLException {
    Sql sql = new Sql(connection);
    long id = sql.number("PRAGMA application_id");
    if (id != APPLICATION_ID) {
      String table =
          sql.first("SELECT name FROM sqlite_master WHERE type = 'table'", row -> row.getString(1));
      if (id != 0 || table != null) {
        throw new UnusableDatabase(
            "The database "
                + file
                + " is another program's"
                + (table == null ? "" : " (it has a table \"" + table + "\")")
                + " and was left as it is. Move it away, or name another file in"
                + " config_store.config.path or logs_store.config.path.");
      }
      sql.run("PRAGMA application_id = " + APPLICATION_ID);
    }
  }

  @Override
  public <T extends @Nullable Object> T read(Work<T> work) {
    if (inMemory) {
      return write(work);
    }
    return await(
        readers,
        () -> {
          Connection idle = reading.poll();
          Connection connection = idle == null ? connect(settings, false) : idle;
          try {
            return transact(connection, "BEGIN", work);
          } finally {
            reading.add(connection);
          }
        });
  }

  @Override
  public <T extends @Nullable Object> T write(Work<T> work) {
    if (Thread.currentThread().equals(writerThread)) {
      throw new IllegalStateException("a change within a change would wait for itself");
    }
    return await(
        writer,
        () -> {
          writerThread = Thread.currentThread();
          return transact(writing, "BEGIN IMMEDIATE", work);
        });
  }

  /** In words of SQL, because the driver begins the next transaction as soon as one has ended. */
  private static <T extends @Nullable Object> T transact(
      Connection connection, String begin, Work<T> work) throws SQLException {
    Sql sql = new Sql(connection);
    sql.run(begin);
    boolean done = false;
    try {
      T result = work.run(sql);
      sql.run("COMMIT");
      done = true;
      return result;
    } finally {
      if (!done) {
        rollBack(sql);
      }
    }
  }

  private static void rollBack(Sql sql) {
    try {
      sql.run("ROLLBACK");
    } catch (SQLException alsoFailed) {
      LOG.debug("nothing to roll back", alsoFailed);
    }
  }

  private <T extends @Nullable Object> T await(ExecutorService threads, Callable<T> task) {
    Future<T> future;
    try {
      future = threads.submit(task);
    } catch (RejectedExecutionException full) {
      throw new Documents.Unavailable(
          place() + (threads.isShutdown() ? " is closed" : " has too much to do"), full);
    }
    try {
      return future.get();
    } catch (InterruptedException interrupted) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw new Documents.Unavailable("waiting for " + place() + " was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw switch (failed.getCause()) {
        case SQLException sql -> Failures.of(sql, place());
        case RuntimeException unchecked -> unchecked;
        case Error error -> throw error;
        case null, default -> new Documents.Unavailable(place() + " does not work", failed);
      };
    }
  }

  private static ThreadPoolExecutor threads(String name, int count) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name(name).factory());
    threads.allowCoreThreadTimeOut(count > 1);
    return threads;
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public String place() {
    return inMemory ? "the database in memory" : "the database " + settings.file();
  }

  /** The file. */
  public Path file() {
    return settings.file();
  }

  /** Lets what has begun finish, for at most ten seconds, and closes the file. */
  @Override
  public void close() {
    writer.shutdown();
    readers.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
          || !readers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{} is still busy and is left behind", place());
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return;
    }
    for (Connection one = reading.poll(); one != null; one = reading.poll()) {
      close(one);
    }
    close(writing);
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException failed) {
      LOG.debug("not closed", failed);
    }
  }
}
