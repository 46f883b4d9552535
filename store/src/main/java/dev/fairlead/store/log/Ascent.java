package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** Walks up the keys, the oldest first, a chunk at a time. */
final class Ascent {
  private Ascent() {}

  /**
   * Adds up to {@code most} rows to {@code found}.
   *
   * @param until monotonic time at which to stop
   * @return the least key to go on from; empty at the end
   */
  static OptionalLong walk(
      Connection connection,
      Condition condition,
      long from,
      long to,
      int most,
      long until,
      List<RowReader.Raw> found)
      throws SQLException {
    List<Long> hours = condition.hours(connection, from, to);
    if (hours == null) {
      return span(connection, condition, from, to, most, until, found);
    }
    for (long hour : hours.reversed()) {
      long low = Math.max(from, RowKey.from(hour * LogReader.HOUR_MILLIS));
      long high = Math.min(to, RowKey.from((hour + 1) * LogReader.HOUR_MILLIS));
      if (System.nanoTime() - until > 0) {
        return OptionalLong.of(low);
      }
      OptionalLong next =
          low >= high
              ? OptionalLong.empty()
              : span(connection, condition, low, high, most, until, found);
      if (next.isPresent() || found.size() >= most) {
        return next.isPresent() ? next : OptionalLong.of(high);
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong span(
      Connection connection,
      Condition condition,
      long from,
      long to,
      int most,
      long until,
      List<RowReader.Raw> found)
      throws SQLException {
    long low = from;
    int chunk = LogReader.FIRST_CHUNK;
    while (true) {
      final long began = System.nanoTime();
      long high = boundary(connection, condition, low, to, chunk);
      String sql =
          "SELECT "
              + RowReader.COLUMNS
              + " FROM log WHERE "
              + condition.whole()
              + " ORDER BY k ASC LIMIT "
              + (most - found.size());
      try (PreparedStatement find = connection.prepareStatement(sql)) {
        condition.bindWhole(find, 1, low, high);
        LogReader.read(find, found);
      }
      if (found.size() >= most) {
        long after = found.getLast().key() + 1;
        return after < to ? OptionalLong.of(after) : OptionalLong.empty();
      }
      if (high >= to) {
        return OptionalLong.empty();
      }
      low = high;
      long now = System.nanoTime();
      if (now - until > 0) {
        return OptionalLong.of(low);
      }
      if (now - began < LogReader.QUICK_NANOS) {
        chunk = Math.min(LogReader.MOST_CHUNK, 2 * chunk);
      }
    }
  }

  /** The key so many driven rows above {@code low}; {@code to} when there are fewer. */
  private static long boundary(
      Connection connection, Condition condition, long low, long to, int rows) throws SQLException {
    String sql =
        "SELECT k FROM log WHERE " + condition.driving() + " ORDER BY k ASC LIMIT 1 OFFSET " + rows;
    try (PreparedStatement find = connection.prepareStatement(sql)) {
      condition.bindDriving(find, 1, low, to);
      try (ResultSet found = find.executeQuery()) {
        return found.next() ? Math.min(to, found.getLong(1)) : to;
      }
    }
  }
}
