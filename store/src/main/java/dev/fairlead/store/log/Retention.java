package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Removes what is too old or too much: contents by whole days, rows in small slices. On the
 * writer's thread.
 */
public final class Retention {
  /** Days sums by hour are kept, which hold nothing of what was said. */
  private static final int SUMS_DAYS = 400;

  private static final int SLICE = 500;
  private static final long MILLIS_PER_DAY = 86_400_000;

  private final LogWriter writer;

  public Retention(LogWriter writer) {
    this.writer = writer;
  }

  /**
   * Removes a slice.
   *
   * @param rowDays days rows are kept
   * @param bodyDays days contents are kept, today's included
   * @param mostBytes size of all of it; contents go first, the oldest day first
   * @param now epoch milliseconds
   * @param until monotonic time by which it is enough for now
   * @return whether there is more to remove
   */
  public boolean tidy(int rowDays, int bodyDays, long mostBytes, long now, long until)
      throws SQLException {
    LogDatabase database = writer.database();
    LocalDate today = LocalDate.ofInstant(Instant.ofEpochMilli(now), ZoneOffset.UTC);
    for (LocalDate day : database.days()) {
      if (day.isBefore(today.minusDays(Math.max(0, bodyDays - 1L)))) {
        drop(day);
      }
    }
    database.dropRows(writer.rows(), today.minusDays(rowDays));
    writer.commit();
    long oldest = RowKey.from(now - rowDays * MILLIS_PER_DAY);
    if (deleteRows(oldest, until)) {
      return true;
    }
    forgetUnused(now, rowDays);
    while (database.size() > mostBytes) {
      List<LocalDate> days = database.days();
      if (!days.isEmpty()) {
        // What was said goes, be it of today; what it cost stays.
        drop(days.getLast());
      } else if (deleteSlice(Long.MAX_VALUE) == 0) {
        return false;
      } else if (System.nanoTime() - until > 0) {
        return true;
      }
    }
    return false;
  }

  private void drop(LocalDate day) throws SQLException {
    writer.release(day);
    writer.database().drop(day);
  }

  /** The key a slice of the oldest rows ends before, at most {@code bound}. */
  private long slice(long bound) throws SQLException {
    try (PreparedStatement find =
        writer.rows().prepareStatement("SELECT k FROM log ORDER BY k LIMIT 1 OFFSET " + SLICE)) {
      try (ResultSet found = find.executeQuery()) {
        return found.next() ? Math.min(bound, found.getLong(1)) : bound;
      }
    }
  }

  /** Deletes rows before {@code key} while there is time; true when some may be left. */
  private boolean deleteRows(long key, long until) throws SQLException {
    while (deleteSlice(key) > 0) {
      if (System.nanoTime() - until > 0) {
        return true;
      }
    }
    return false;
  }

  /** Deletes the oldest rows before {@code key}, at most a slice, and returns how many. */
  private int deleteSlice(long key) throws SQLException {
    Connection rows = writer.rows();
    long bound = slice(key);
    int deleted;
    try (PreparedStatement log = rows.prepareStatement("DELETE FROM log WHERE k < ?");
        PreparedStatement detail = rows.prepareStatement("DELETE FROM log_detail WHERE k < ?");
        PreparedStatement tags = rows.prepareStatement("DELETE FROM log_tag WHERE k < ?")) {
      log.setLong(1, bound);
      deleted = log.executeUpdate();
      if (deleted > 0) {
        detail.setLong(1, bound);
        detail.executeUpdate();
        tags.setLong(1, bound);
        tags.executeUpdate();
        if (writer.database().dialect() == Dialect.SQLITE) {
          try (Statement vacuum = rows.createStatement()) {
            vacuum.execute("PRAGMA incremental_vacuum(256)");
          }
        }
      }
    }
    writer.commit();
    return deleted;
  }

  /** Terms no row and no sum can hold any more. */
  private void forgetUnused(long now, int rowDays) throws SQLException {
    long today = now / MILLIS_PER_DAY;
    try (PreparedStatement sums =
            writer.rows().prepareStatement("DELETE FROM rollup WHERE hour < ?");
        PreparedStatement terms =
            writer.rows().prepareStatement("DELETE FROM term WHERE last_day < ?")) {
      sums.setLong(1, (today - SUMS_DAYS) * 24);
      sums.executeUpdate();
      terms.setLong(1, today - Math.max(SUMS_DAYS, rowDays) - 1);
      if (terms.executeUpdate() > 0) {
        writer.rowWriter().forget();
      }
    }
    writer.commit();
  }
}
