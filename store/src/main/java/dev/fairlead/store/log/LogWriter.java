package dev.fairlead.store.log;

import dev.fairlead.core.model.Bytes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a request log. What is written counts from {@link #commit}; after a failure
 * {@link #rollback} and, when that fails too, a new writer. Confined to one thread.
 */
public final class LogWriter implements AutoCloseable {
  private static final int MOST_DAYS_OPEN = 3;
  private static final int MOST_KEYS = 8_192;
  private static final long MILLIS_PER_DAY = 86_400_000;

  /** Several gateways may share a database; they write one after the other. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(7023461882113)";

  private final LogDatabase database;
  private final Zip zip = new Zip();
  private final Connection rows;
  private final RowWriter rowWriter;
  private final Map<LocalDate, DayWriter> days = new HashMap<>();
  private final LinkedHashMap<Long, UUID> keys = new LinkedHashMap<>();
  private @Nullable LocalDate prepared;
  private boolean locked;

  LogWriter(LogDatabase database) throws SQLException {
    this.database = database;
    this.rows = database.rows(true);
    this.rowWriter = new RowWriter(rows, zip);
  }

  /**
   * Keeps a request's body.
   *
   * @return which of its parts had not been kept that day
   */
  public BitSet request(UUID id, Pieces pieces) throws SQLException {
    return day(id).request(key(id), id.getLeastSignificantBits(), pieces);
  }

  /**
   * Keeps what a client was sent, what is shown of its request in lists and what it is found by.
   *
   * @param preview what is shown of the request
   * @param reply what was sent, or null when that is not kept
   * @param words text to be found by, empty for none
   */
  public void reply(UUID id, String preview, @Nullable Bytes reply, String words)
      throws SQLException {
    day(id).reply(key(id), id.getLeastSignificantBits(), preview, reply, words);
  }

  /** Keeps a row. */
  public void row(LogRow row) throws SQLException {
    lock();
    LocalDate date = date(row.id());
    if (prepared == null || !prepared.equals(date)) {
      database.prepareRows(rows, date);
      prepared = date;
    }
    rowWriter.add(row, key(row.id()));
  }

  private static LocalDate date(UUID id) {
    return LocalDate.ofEpochDay(RowKey.millis(id) / MILLIS_PER_DAY);
  }

  /** Keeps other gateways from writing until the next commit. */
  void lock() throws SQLException {
    if (!locked && database.dialect() == Dialect.POSTGRES) {
      try (Statement statement = rows.createStatement()) {
        statement.execute(LOCK);
      }
      // Others may have written since.
      rowWriter.forget();
    }
    locked = true;
  }

  /** Two requests of one millisecond may share their random bits; the later takes the next key. */
  private long key(UUID id) {
    long key = RowKey.of(id);
    for (int i = 0; i < RowKey.MOST_COLLISIONS; i++, key++) {
      UUID owner = keys.get(key);
      if (owner == null) {
        keys.put(key, id);
        if (keys.size() > MOST_KEYS) {
          keys.pollFirstEntry();
        }
        return key;
      }
      if (owner.equals(id)) {
        return key;
      }
    }
    return key;
  }

  private DayWriter day(UUID id) throws SQLException {
    return day(date(id));
  }

  private DayWriter day(LocalDate date) throws SQLException {
    lock();
    DayWriter writer = days.get(date);
    if (writer == null) {
      if (days.size() >= MOST_DAYS_OPEN) {
        LocalDate oldest = days.keySet().stream().min(LocalDate::compareTo).orElseThrow();
        DayWriter old = days.remove(oldest);
        if (old != null) {
          old.commit();
          old.close();
        }
      }
      writer = new DayWriter(database.day(date, true), database.dialect(), zip);
      days.put(date, writer);
    }
    return writer;
  }

  /** Makes everything since the last commit count. */
  public void commit() throws SQLException {
    for (DayWriter day : days.values()) {
      day.commit();
    }
    rowWriter.finish();
    rows.commit();
    locked = false;
  }

  /** Drops everything since the last commit. */
  public void rollback() throws SQLException {
    rowWriter.forget();
    locked = false;
    for (DayWriter day : days.values()) {
      day.rollback();
    }
    rows.rollback();
  }

  /** Something done to a day's contents. */
  @FunctionalInterface
  interface DayWork {
    void on(LogDatabase.DayPlace place) throws SQLException;
  }

  /** Does {@code work} on the contents of {@code day}. */
  void contents(LocalDate day, DayWork work) throws SQLException {
    work.on(day(day).place());
  }

  /** Stops writing contents of {@code day}, so that they can be dropped. */
  void release(LocalDate day) throws SQLException {
    DayWriter writer = days.remove(day);
    if (writer != null) {
      writer.close();
    }
  }

  LogDatabase database() {
    return database;
  }

  /** The connection rows are written with. */
  Connection rows() {
    return rows;
  }

  RowWriter rowWriter() {
    return rowWriter;
  }

  @Override
  public void close() throws SQLException {
    try {
      for (DayWriter day : days.values()) {
        database.settle(day.place().connection());
        day.close();
      }
      database.settle(rows);
      rows.close();
    } finally {
      zip.close();
    }
  }
}
