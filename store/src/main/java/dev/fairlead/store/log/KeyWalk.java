package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The way along the keys of the log, a chunk at a time. */
enum KeyWalk {
  /** The newest first. */
  DOWN("DESC"),
  /** The oldest first. */
  UP("ASC");

  private final String order;

  KeyWalk(String order) {
    this.order = order;
  }

  /**
   * Adds rows to {@code found} until it has {@code most}.
   *
   * @param from least key
   * @param to key behind the greatest
   * @param until monotonic time at which to stop
   * @return the key to go on from, the bound behind the rows going down; empty at the end
   */
  OptionalLong walk(
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
    for (long hour : this == UP ? hours.reversed() : hours) {
      long low = Math.max(from, RowKey.from(hour * LogReader.HOUR_MILLIS));
      long high = Math.min(to, RowKey.from((hour + 1) * LogReader.HOUR_MILLIS));
      if (System.nanoTime() - until > 0) {
        return OptionalLong.of(this == UP ? low : high);
      }
      OptionalLong next =
          low >= high
              ? OptionalLong.empty()
              : span(connection, condition, low, high, most, until, found);
      if (next.isPresent()) {
        return next;
      }
      if (found.size() >= most) {
        return OptionalLong.of(this == UP ? high : low);
      }
    }
    return OptionalLong.empty();
  }

  private OptionalLong span(
      Connection connection,
      Condition condition,
      long from,
      long to,
      int most,
      long until,
      List<RowReader.Raw> found)
      throws SQLException {
    long low = from;
    long high = to;
    int chunk = LogReader.FIRST_CHUNK;
    while (true) {
      final long began = System.nanoTime();
      long edge = boundary(connection, condition, low, high, chunk);
      String sql =
          "SELECT "
              + RowReader.COLUMNS
              + " FROM log WHERE "
              + condition.whole()
              + " ORDER BY k "
              + order
              + " LIMIT "
              + (most - found.size());
      try (PreparedStatement find = connection.prepareStatement(sql)) {
        condition.bindWhole(find, 1, this == UP ? low : edge, this == UP ? edge : high);
        LogReader.read(find, found);
      }
      if (found.size() >= most) {
        long last = found.getLast().key();
        long next = this == UP ? last + 1 : last;
        return next > from && next < to ? OptionalLong.of(next) : OptionalLong.empty();
      }
      if (edge == (this == UP ? to : from)) {
        return OptionalLong.empty();
      }
      if (this == UP) {
        low = edge;
      } else {
        high = edge;
      }
      long now = System.nanoTime();
      if (now - until > 0) {
        return OptionalLong.of(edge);
      }
      if (now - began < LogReader.QUICK_NANOS) {
        chunk = Math.min(LogReader.MOST_CHUNK, 2 * chunk);
      }
    }
  }

  /**
   * The key so many driven rows further between {@code low} and {@code high}; the far one of these
   * when there are fewer.
   */
  long boundary(Connection connection, Condition condition, long low, long high, int rows)
      throws SQLException {
    String sql =
        "SELECT k FROM log WHERE "
            + condition.driving()
            + " ORDER BY k "
            + order
            + " LIMIT 1 OFFSET "
            + rows;
    try (PreparedStatement find = connection.prepareStatement(sql)) {
      condition.bindDriving(find, 1, low, high);
      try (ResultSet found = find.executeQuery()) {
        long far = this == UP ? high : low;
        return found.next() ? Math.clamp(found.getLong(1), low, high) : far;
      }
    }
  }
}
