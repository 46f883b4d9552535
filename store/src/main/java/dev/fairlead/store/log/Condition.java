package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter as SQL. At most one condition is looked up in an index, the one that leaves the fewest
 * rows; the others are written so that no planner takes an index for them.
 */
final class Condition {
  private static final int COUNTED = 5000;

  private final StringBuilder rest = new StringBuilder();
  private final List<Object> values = new ArrayList<>();
  private @Nullable String driver;
  private @Nullable Object driverValue;
  private boolean impossible;

  /** Numbers of terms by dimension, of which a row needs one each. */
  private final Map<Integer, List<Long>> occurs = new HashMap<>();

  private Condition() {}

  static Condition of(LogFilter filter, Connection rows) throws SQLException {
    Condition condition = new Condition();
    condition.read(filter, rows);
    return condition;
  }

  private void read(LogFilter filter, Connection rows) throws SQLException {
    long fewest = Long.MAX_VALUE;
    String best = null;
    Object bestValue = null;
    List<String> singles = new ArrayList<>();
    List<Object> singleValues = new ArrayList<>();
    for (Map.Entry<Facet, Set<String>> one : filter.facets().entrySet()) {
      List<Long> ids = ids(rows, one.getKey().code(), one.getValue());
      if (ids.isEmpty()) {
        impossible = true;
        return;
      }
      if (ids.size() == 1 && one.getKey().indexed()) {
        singles.add(one.getKey().column());
        singleValues.add(ids.getFirst());
      } else {
        occurs.put(one.getKey().code(), ids);
        rest.append(" AND +").append(one.getKey().column()).append(" IN (");
        rest.append("?, ".repeat(ids.size() - 1)).append("?)");
        values.addAll(ids);
      }
    }
    if (filter.session() != null) {
      singles.add("session");
      singleValues.add(filter.session());
    }
    if (filter.conversation() != 0) {
      singles.add("conv");
      singleValues.add(filter.conversation());
    }
    for (int i = 0; i < singles.size(); i++) {
      long count =
          singles.size() == 1 ? 0 : count(rows, filter, singles.get(i), singleValues.get(i));
      if (count < fewest) {
        fewest = count;
        best = singles.get(i);
        bestValue = singleValues.get(i);
      }
    }
    for (int i = 0; i < singles.size(); i++) {
      if (!singles.get(i).equals(best)) {
        String plain = singles.get(i).equals("session") ? " AND session || '' = ?" : null;
        rest.append(plain != null ? plain : " AND +" + singles.get(i) + " = ?");
        values.add(singleValues.get(i));
      }
    }
    driver = best;
    driverValue = bestValue;
    for (String tag : filter.tags()) {
      List<Long> ids = ids(rows, Terms.TAG, Set.of(tag));
      if (ids.isEmpty()) {
        impossible = true;
        return;
      }
      rest.append(" AND EXISTS (SELECT 1 FROM log_tag t WHERE t.term = ? AND t.k = log.k)");
      values.add(ids.getFirst());
    }
    for (LogFilter.Range range : filter.ranges()) {
      rest.append(" AND ").append(range.figure().expression()).append(" BETWEEN ? AND ?");
      values.add(range.least());
      values.add(range.most());
    }
    if (filter.unpriced()) {
      rest.append(" AND cost IS NULL");
    }
    if (filter.id() != null) {
      rest.append(" AND hi = ? AND lo = ?");
      values.add(filter.id().getMostSignificantBits());
      values.add(filter.id().getLeastSignificantBits());
    }
  }

  private static List<Long> ids(Connection rows, int facet, Set<String> wanted)
      throws SQLException {
    List<Long> ids = new ArrayList<>();
    if (wanted.isEmpty()) {
      return ids;
    }
    try (PreparedStatement find =
        rows.prepareStatement(
            "SELECT id FROM term WHERE facet = ? AND value IN ("
                + "?, ".repeat(wanted.size() - 1)
                + "?)")) {
      find.setInt(1, facet);
      int at = 2;
      for (String value : wanted) {
        find.setString(at++, value.replace('\0', ' '));
      }
      try (ResultSet found = find.executeQuery()) {
        while (found.next()) {
          ids.add(found.getLong(1));
        }
      }
    }
    return ids;
  }

  private static long count(Connection rows, LogFilter filter, String column, Object value)
      throws SQLException {
    String sql =
        "SELECT COUNT(*) FROM (SELECT 1 FROM log WHERE "
            + column
            + " = ? AND "
            + guard(column)
            + "k >= ? AND k < ? LIMIT "
            + COUNTED
            + ") few";
    try (PreparedStatement count = rows.prepareStatement(sql)) {
      count.setObject(1, value);
      count.setLong(2, RowKey.from(filter.from()));
      count.setLong(3, RowKey.from(filter.to()));
      try (ResultSet found = count.executeQuery()) {
        return found.next() ? found.getLong(1) : 0;
      }
    }
  }

  /** The condition of the partial index, so that it may be used. */
  private static String guard(String column) {
    return switch (column) {
      case "session" -> "";
      case "conv" -> "conv <> 0 AND ";
      default -> column + " > 0 AND ";
    };
  }

  /** Whether no row can meet it. */
  boolean impossible() {
    return impossible;
  }

  /**
   * Hours since 1970 between two keys that may hold rows which meet it, the latest first; null when
   * all may, or when an index leads to them.
   */
  @Nullable List<Long> hours(Connection rows, long from, long to) throws SQLException {
    if (driver != null) {
      return null;
    }
    List<Long> fewest = null;
    for (Map.Entry<Integer, List<Long>> one : occurs.entrySet()) {
      List<Long> hours = new ArrayList<>();
      String sql =
          "SELECT DISTINCT hour FROM rollup WHERE dim = ? AND term IN ("
              + "?, ".repeat(one.getValue().size() - 1)
              + "?) AND hour BETWEEN ? AND ? ORDER BY hour DESC";
      try (PreparedStatement find = rows.prepareStatement(sql)) {
        int at = 1;
        find.setInt(at++, one.getKey());
        for (long id : one.getValue()) {
          find.setLong(at++, id);
        }
        find.setLong(at++, Rollups.hour(RowKey.millis(from)));
        find.setLong(at, Rollups.hour(RowKey.millis(to - 1)));
        try (ResultSet found = find.executeQuery()) {
          while (found.next()) {
            hours.add(found.getLong(1));
          }
        }
      }
      if (fewest == null || hours.size() < fewest.size()) {
        fewest = hours;
      }
    }
    return fewest;
  }

  /** The rows it drives through, between two keys: the part behind {@code WHERE}. */
  String driving() {
    return (driver == null ? "" : driver + " = ? AND " + guard(driver)) + "k >= ? AND k < ?";
  }

  /** All of it: the part behind {@code WHERE}. */
  String whole() {
    return driving() + rest;
  }

  /** What is left beside a set of keys. */
  String beside() {
    return (driver == null ? "" : (driver.equals("session") ? "" : "+") + driver + " = ? AND ")
        + "k >= ? AND k < ?"
        + rest;
  }

  int bindDriving(PreparedStatement statement, int first, long from, long to) throws SQLException {
    int at = first;
    if (driverValue != null) {
      statement.setObject(at++, driverValue);
    }
    statement.setLong(at++, from);
    statement.setLong(at++, to);
    return at;
  }

  int bindWhole(PreparedStatement statement, int first, long from, long to) throws SQLException {
    int at = bindDriving(statement, first, from, to);
    for (Object value : values) {
      statement.setObject(at++, value);
    }
    return at;
  }
}
