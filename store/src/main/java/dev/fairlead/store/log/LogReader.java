package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request log. Everything that may take long has a bound in time and says where it stopped.
 * Blocking; safe for several threads.
 */
public final class LogReader implements AutoCloseable {
  /** Most rows of a page. */
  public static final int MOST_ROWS = 1000;

  static final int FIRST_CHUNK = 4000;
  static final int MOST_CHUNK = 64_000;
  static final long HOUR_MILLIS = 3_600_000;
  static final long QUICK_NANOS = 25_000_000;

  /** The year 2020, before which there was no log. */
  private static final long FIRST_MILLIS = 1_577_836_800_000L;

  private final ReadConnections connections;
  private final RowReader rows = new RowReader();
  private final Contents contents;
  private final Sums sums;
  private final Zip zip = new Zip();

  LogReader(LogDatabase database) {
    this.connections = new ReadConnections(database);
    this.contents = new Contents(connections, database.dialect());
    this.sums = new Sums(connections, rows);
  }

  /** Sums over requests. */
  public Sums sums() {
    return sums;
  }

  /** What was said. */
  public Contents contents() {
    return contents;
  }

  /** The request of that id, or null. */
  public @Nullable LogRow row(UUID id) throws SQLException {
    return connections.<@Nullable LogRow>rows(connection -> {
      List<RowReader.Raw> found = new ArrayList<>();
      try (PreparedStatement find =
          connection.prepareStatement(
              "SELECT "
                  + RowReader.COLUMNS
                  + " FROM log WHERE k >= ? AND k <= ? AND hi = ? AND lo = ?")) {
        find.setLong(1, RowKey.of(id));
        find.setLong(2, RowKey.of(id) + RowKey.MOST_COLLISIONS);
        find.setLong(3, id.getMostSignificantBits());
        find.setLong(4, id.getLeastSignificantBits());
        read(find, found);
      }
      return found.isEmpty() ? null : rows.complete(connection, found, zip).getFirst();
    });
  }

  static void read(PreparedStatement statement, List<RowReader.Raw> to) throws SQLException {
    try (ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        to.add(RowReader.raw(found));
      }
    }
  }

  /**
   * Requests, the newest first.
   *
   * @param before where the page before ended, empty for the first
   * @param limit most rows
   * @param nanos time there is
   */
  public Page page(LogFilter filter, OptionalLong before, int limit, long nanos)
      throws SQLException {
    long from = RowKey.from(filter.from());
    long to = Math.min(RowKey.from(filter.to()), before.orElse(Long.MAX_VALUE));
    return page(KeyWalk.DOWN, filter, from, to, limit, nanos);
  }

  private Page page(KeyWalk way, LogFilter filter, long from, long to, int limit, long nanos)
      throws SQLException {
    long until = System.nanoTime() + nanos;
    int most = Math.clamp(limit, 1, MOST_ROWS);
    return connections.rows(connection -> {
      Condition condition = Condition.of(filter, connection);
      if (condition.impossible() || from >= to) {
        return new Page(List.of(), OptionalLong.empty(), false);
      }
      List<RowReader.Raw> found = new ArrayList<>(most);
      OptionalLong next =
          filter.words() == null
              ? way.walk(connection, condition, from, to, most, until, found)
              : search(connection, condition, filter.words(), from, to, most, until, found);
      boolean full = found.size() >= most;
      return new Page(rows.complete(connection, found, zip), next, next.isPresent() && !full);
    });
  }

  /**
   * Requests, the oldest first. Filters that search for words cannot be read in this order.
   *
   * @param at where the page before ended, empty for the first
   * @param limit most rows
   * @param nanos time there is
   */
  public Page pageUp(LogFilter filter, OptionalLong at, int limit, long nanos) throws SQLException {
    if (filter.words() != null) {
      throw new IllegalArgumentException("words are searched for from the newest down");
    }
    long from = Math.max(RowKey.from(filter.from()), at.orElse(0));
    return page(KeyWalk.UP, filter, from, RowKey.from(filter.to()), limit, nanos);
  }

  /** Whether {@code key} may have been where a page ended. */
  public static boolean isCursor(long key) {
    return key >= RowKey.from(FIRST_MILLIS);
  }

  private OptionalLong search(
      Connection connection,
      Condition condition,
      String words,
      long from,
      long to,
      int most,
      long until,
      List<RowReader.Raw> found)
      throws SQLException {
    for (LocalDate day : connections.days()) {
      long high = Math.min(to, Contents.end(day));
      long low = Math.max(from, Contents.begin(day));
      while (low < high) {
        List<Long> keys = contents.search(day, words, low, high);
        if (!keys.isEmpty()) {
          matching(connection, condition, keys, low, high, most, found);
        }
        if (found.size() >= most) {
          return OptionalLong.of(found.getLast().key());
        }
        if (keys.size() < Contents.MOST_FOUND) {
          break;
        }
        high = keys.getLast();
        if (System.nanoTime() - until > 0) {
          return OptionalLong.of(high);
        }
      }
      if (System.nanoTime() - until > 0 && Contents.begin(day) > from) {
        return OptionalLong.of(Contents.begin(day));
      }
    }
    return OptionalLong.empty();
  }

  private static void matching(
      Connection connection,
      Condition condition,
      List<Long> keys,
      long low,
      long high,
      int most,
      List<RowReader.Raw> found)
      throws SQLException {
    StringBuilder in = new StringBuilder();
    for (Long key : keys) {
      in.append(in.isEmpty() ? "" : ", ").append(key.longValue());
    }
    String sql =
        "SELECT "
            + RowReader.COLUMNS
            + " FROM log WHERE "
            + condition.beside()
            + " AND k IN ("
            + in
            + ") ORDER BY k DESC LIMIT "
            + (most - found.size());
    try (PreparedStatement find = connection.prepareStatement(sql)) {
      condition.bindWhole(find, 1, low, high);
      read(find, found);
    }
  }

  /**
   * The requests with the highest or lowest figure among those there was time to look at.
   *
   * @param sort what they are ordered by
   * @param offset how many of them to leave out
   */
  public Page top(
      LogFilter filter, LogFilter.Figure sort, boolean highest, int offset, int limit, long nanos)
      throws SQLException {
    long until = System.nanoTime() + nanos;
    int wanted = Math.clamp(limit, 1, MOST_ROWS) + Math.clamp(offset, 0, 10_000);
    long from = RowKey.from(filter.from());
    return connections.rows(connection -> {
      Condition condition = Condition.of(filter, connection);
      if (condition.impossible()) {
        return new Page(List.of(), OptionalLong.empty(), false);
      }
      String direction = highest ? " DESC" : " ASC";
      Map<Long, Long> best = new HashMap<>();
      long high = RowKey.from(filter.to());
      boolean partial = false;
      while (high > from) {
        long low = KeyWalk.DOWN.boundary(connection, condition, from, high, MOST_CHUNK);
        String sql =
            "SELECT k, "
                + sort.expression()
                + " FROM log WHERE "
                + condition.whole()
                + " AND "
                + sort.expression()
                + " IS NOT NULL ORDER BY 2"
                + direction
                + " LIMIT "
                + wanted;
        try (PreparedStatement find = connection.prepareStatement(sql)) {
          condition.bindWhole(find, 1, low, high);
          try (ResultSet found = find.executeQuery()) {
            while (found.next()) {
              best.put(found.getLong(1), found.getLong(2));
            }
          }
        }
        high = low;
        if (high > from && System.nanoTime() - until > 0) {
          partial = true;
          break;
        }
      }
      Comparator<Map.Entry<Long, Long>> order = Map.Entry.comparingByValue();
      List<Long> keys =
          best.entrySet().stream()
              .sorted(highest ? order.reversed() : order)
              .skip(offset)
              .limit(limit)
              .map(Map.Entry::getKey)
              .toList();
      return new Page(byKey(connection, keys), OptionalLong.empty(), partial);
    });
  }

  private List<LogRow> byKey(Connection connection, List<Long> keys) throws SQLException {
    if (keys.isEmpty()) {
      return List.of();
    }
    List<RowReader.Raw> found = new ArrayList<>();
    String in = String.join(", ", keys.stream().map(String::valueOf).toList());
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT " + RowReader.COLUMNS + " FROM log WHERE k IN (" + in + ")")) {
      read(find, found);
    }
    found.sort(Comparator.comparingInt(raw -> keys.indexOf(raw.key())));
    return rows.complete(connection, found, zip);
  }

  /**
   * How many requests match, counted up to {@code most}.
   *
   * @return at most {@code most}, which then means "or more"
   */
  public long count(LogFilter filter, int most) throws SQLException {
    if (filter.words() != null) {
      return -1;
    }
    return connections.rows(connection -> {
      Condition condition = Condition.of(filter, connection);
      if (condition.impossible()) {
        return 0L;
      }
      String sql =
          "SELECT COUNT(*) FROM (SELECT 1 FROM log WHERE "
              + condition.whole()
              + " LIMIT "
              + most
              + ") some_rows";
      try (PreparedStatement count = connection.prepareStatement(sql)) {
        condition.bindWhole(count, 1, RowKey.from(filter.from()), RowKey.from(filter.to()));
        try (ResultSet found = count.executeQuery()) {
          return found.next() ? found.getLong(1) : 0L;
        }
      }
    });
  }

  /** Values of {@code facet}, used most lately first, whose value or name contains {@code text}. */
  public List<Term> values(Facet facet, String text, int limit) throws SQLException {
    return connections.rows(connection -> {
      List<Term> terms = new ArrayList<>();
      String like = "%" + text.toLowerCase(java.util.Locale.ROOT).replaceAll("[%_!]", "!$0") + "%";
      try (PreparedStatement find =
          connection.prepareStatement(
              "SELECT value, name FROM term WHERE facet = ? AND (LOWER(name) LIKE ? ESCAPE '!' OR"
                  + " LOWER(value) LIKE ? ESCAPE '!') ORDER BY last_day DESC, name LIMIT "
                  + Math.clamp(limit, 1, 1000))) {
        find.setInt(1, facet.code());
        find.setString(2, like);
        find.setString(3, like);
        try (ResultSet found = find.executeQuery()) {
          while (found.next()) {
            terms.add(new Term(found.getString(1), found.getString(2)));
          }
        }
      }
      return terms;
    });
  }

  /** Sessions with a request in the period, the one with the latest first. */
  public List<String> sessions(LogFilter filter, OptionalLong before, int limit, long nanos)
      throws SQLException {
    List<String> sessions = new ArrayList<>();
    OptionalLong at = before;
    long until = System.nanoTime() + nanos;
    do {
      Page page = page(filter, at, MOST_ROWS, Math.max(1, until - System.nanoTime()));
      for (LogRow row : page.rows()) {
        if (row.session() != null && !sessions.contains(row.session()) && sessions.size() < limit) {
          sessions.add(row.session());
        }
      }
      at = page.next();
    } while (at.isPresent() && sessions.size() < limit && System.nanoTime() - until < 0);
    return sessions;
  }

  @Override
  public void close() {
    connections.close();
    contents.close();
    zip.close();
  }
}
