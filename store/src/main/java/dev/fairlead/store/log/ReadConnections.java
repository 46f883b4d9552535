package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections for reading, kept for the next one who asks. Safe for several threads. */
final class ReadConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadConnections.class);
  private static final int MOST_IDLE = 4;
  private static final int MOST_DAYS = 40;

  private final LogDatabase database;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final LinkedHashMap<LocalDate, LogDatabase.DayPlace> days =
      new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** Something that is read. */
  @FunctionalInterface
  interface Reading<T extends @Nullable Object> {
    T read(Connection connection) throws SQLException;
  }

  /** Something that is read of a day's contents. */
  @FunctionalInterface
  interface DayReading<T extends @Nullable Object> {
    T read(LogDatabase.DayPlace place) throws SQLException;
  }

  ReadConnections(LogDatabase database) {
    this.database = database;
  }

  <T extends @Nullable Object> T rows(Reading<T> reading) throws SQLException {
    Connection connection = take();
    boolean whole = false;
    try {
      T read = reading.read(connection);
      whole = true;
      return read;
    } finally {
      give(connection, whole);
    }
  }

  private Connection take() throws SQLException {
    synchronized (idle) {
      Connection waiting = idle.pollFirst();
      if (waiting != null) {
        return waiting;
      }
    }
    return database.rows(false);
  }

  private void give(Connection connection, boolean whole) {
    synchronized (idle) {
      if (whole && !closed && idle.size() < MOST_IDLE) {
        idle.addFirst(connection);
        return;
      }
    }
    shut(connection);
  }

  /** Days with contents, newest first. */
  List<LocalDate> days() throws SQLException {
    List<LocalDate> there = database.days();
    synchronized (days) {
      Iterator<Map.Entry<LocalDate, LogDatabase.DayPlace>> all = days.entrySet().iterator();
      while (all.hasNext()) {
        Map.Entry<LocalDate, LogDatabase.DayPlace> open = all.next();
        if (!there.contains(open.getKey())) {
          shut(open.getValue().connection());
          all.remove();
        }
      }
    }
    return there;
  }

  /** Reads of {@code day}, one reader at a time. */
  <T extends @Nullable Object> T day(LocalDate day, DayReading<T> reading) throws SQLException {
    synchronized (days) {
      LogDatabase.DayPlace place = days.get(day);
      if (place == null) {
        place = database.day(day, false);
        days.put(day, place);
        if (days.size() > MOST_DAYS) {
          shut(days.pollFirstEntry().getValue().connection());
        }
      }
      try {
        return reading.read(place);
      } catch (SQLException failed) {
        days.remove(day);
        shut(place.connection());
        throw failed;
      }
    }
  }

  private static void shut(Connection connection) {
    try {
      connection.close();
    } catch (SQLException failed) {
      LOG.debug("a connection to the request log was not closed cleanly", failed);
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(ReadConnections::shut);
      idle.clear();
    }
    synchronized (days) {
      days.values().forEach(place -> shut(place.connection()));
      days.clear();
    }
  }
}
