package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sums over requests: from the sums by hour where they can answer, else from the rows, the newest
 * first, within a bound in time. Safe for several threads.
 */
public final class Sums {
  private static final long HOUR = 3_600_000;
  private static final long SHORT = 2 * HOUR;
  private static final int CHUNK = 8_000;

  private final ReadConnections connections;
  private final RowReader rows;

  Sums(ReadConnections connections, RowReader rows) {
    this.connections = connections;
    this.rows = rows;
  }

  /**
   * What the requests of one stretch of time, and with one value where values were asked for, come
   * to.
   *
   * @param start epoch milliseconds
   * @param term null where nothing was grouped by
   */
  public record Slot(long start, @Nullable Term term, Figures figures) {}

  /**
   * An answer.
   *
   * @param slots those with requests, in no order
   * @param from epoch milliseconds from which on it counts: whole hours where it comes from sums,
   *     later than asked for when time ran out
   * @param partial whether time ran out
   */
  public record Answer(List<Slot> slots, long from, boolean partial) {
    /** All of it as one. */
    public Figures total() {
      Figures total = new Figures();
      slots.forEach(slot -> total.add(slot.figures()));
      return total;
    }
  }

  private record Key(long start, long term) {}

  /**
   * Sums what {@code filter} lets through; words in it are not heeded.
   *
   * @param by the facet to group by, or null
   * @param width milliseconds of a slot, 0 for one slot over all
   * @param nanos time there is
   */
  public Answer sum(LogFilter filter, @Nullable Facet by, long width, long nanos)
      throws SQLException {
    return connections.rows(connection -> {
      Source source = source(connection, filter, by);
      boolean hours = width % HOUR == 0 && filter.to() - filter.from() > SHORT;
      return source != null && hours
          ? fromSums(connection, filter, source, width)
          : fromRows(connection, filter, by, width, System.nanoTime() + nanos);
    });
  }

  /** Which sums answer: their dimension, and how a number in it becomes a term of the answer. */
  private record Source(
      int dimension, @Nullable Set<Long> wanted, @Nullable Half half, List<Facet> of) {}

  /** Which half of a pair the answer is grouped by. */
  private enum Half {
    FIRST,
    SECOND
  }

  private @Nullable Source source(Connection connection, LogFilter filter, @Nullable Facet by)
      throws SQLException {
    LogFilter bare =
        new LogFilter(
            filter.from(),
            filter.to(),
            Map.of(),
            filter.tags(),
            filter.ranges(),
            filter.session(),
            filter.conversation(),
            filter.id(),
            filter.unpriced(),
            null);
    if (!bare.plain()) {
      return null;
    }
    Set<Facet> involved = new HashSet<>(filter.facets().keySet());
    if (by != null) {
      involved.add(by);
    }
    if (involved.isEmpty()) {
      return new Source(Rollups.ALL, null, null, List.of());
    }
    if (involved.size() == 1) {
      Facet facet = involved.iterator().next();
      return new Source(facet.code(), ids(connection, filter, facet), null, List.of(facet));
    }
    if (involved.equals(Set.of(Facet.FEATURE, Facet.MODEL))) {
      return pair(connection, filter, Rollups.FEATURE_MODEL, Facet.FEATURE, by);
    }
    if (involved.equals(Set.of(Facet.TEAM, Facet.MODEL))) {
      return pair(connection, filter, Rollups.TEAM_MODEL, Facet.TEAM, by);
    }
    return null;
  }

  private @Nullable Source pair(
      Connection connection, LogFilter filter, int dimension, Facet first, @Nullable Facet by)
      throws SQLException {
    Half half = by == first ? Half.FIRST : by == Facet.MODEL ? Half.SECOND : null;
    Set<Long> firsts = ids(connection, filter, first);
    Set<Long> models = ids(connection, filter, Facet.MODEL);
    Set<Long> wanted = new HashSet<>();
    if (firsts != null && models != null) {
      for (long one : firsts) {
        for (long model : models) {
          wanted.add(Rollups.paired(one, model));
        }
      }
      return new Source(dimension, wanted, half, List.of(first, Facet.MODEL));
    }
    // One side is bounded only; the other is looked at as it comes.
    return new Source(
        dimension, firsts != null ? firsts : models, half, List.of(first, Facet.MODEL));
  }

  private static @Nullable Set<Long> ids(Connection connection, LogFilter filter, Facet facet)
      throws SQLException {
    Set<String> values = filter.facets().get(facet);
    if (values == null) {
      return null;
    }
    Set<Long> ids = new HashSet<>();
    try (PreparedStatement find =
        connection.prepareStatement("SELECT id FROM term WHERE facet = ? AND value = ?")) {
      for (String value : values) {
        find.setInt(1, facet.code());
        find.setString(2, value);
        try (ResultSet found = find.executeQuery()) {
          if (found.next()) {
            ids.add(found.getLong(1));
          }
        }
      }
    }
    return ids;
  }

  private Answer fromSums(Connection connection, LogFilter filter, Source source, long width)
      throws SQLException {
    long first = Rollups.hour(filter.from());
    long last = Rollups.hour(filter.to() - 1);
    boolean pair = source.of().size() == 2;
    boolean bothSides =
        pair
            && filter.facets().containsKey(source.of().get(0))
            && filter.facets().containsKey(source.of().get(1));
    boolean bySecond = pair && !bothSides && !filter.facets().containsKey(source.of().get(0));
    Map<Key, Figures> sums = new HashMap<>();
    try (PreparedStatement find =
        connection.prepareStatement(
            "SELECT hour, term, data FROM rollup WHERE dim = ? AND hour BETWEEN ? AND ?")) {
      find.setInt(1, source.dimension());
      find.setLong(2, first);
      find.setLong(3, last);
      try (ResultSet found = find.executeQuery()) {
        while (found.next()) {
          long number = found.getLong(2);
          long compared =
              !pair || bothSides ? number : bySecond ? number & 0xffffffffL : number >>> 32;
          if (source.wanted() != null && !source.wanted().contains(compared)) {
            continue;
          }
          long term =
              !pair
                  ? number
                  : source.half() == null
                      ? 0
                      : source.half() == Half.FIRST ? number >>> 32 : number & 0xffffffffL;
          long start = width == 0 ? filter.from() : start(found.getLong(1) * HOUR, width);
          sums.computeIfAbsent(new Key(start, term), _ -> new Figures()).add(found.getBytes(3));
        }
      }
    }
    return new Answer(slots(connection, sums), first * HOUR, false);
  }

  private static long start(long millis, long width) {
    return Math.floorDiv(millis, width) * width;
  }

  private List<Slot> slots(Connection connection, Map<Key, Figures> sums) throws SQLException {
    List<Slot> slots = new ArrayList<>(sums.size());
    for (Map.Entry<Key, Figures> sum : sums.entrySet()) {
      slots.add(
          new Slot(
              sum.getKey().start(), rows.term(connection, sum.getKey().term()), sum.getValue()));
    }
    return slots;
  }

  private Answer fromRows(
      Connection connection, LogFilter filter, @Nullable Facet by, long width, long until)
      throws SQLException {
    Condition condition = Condition.of(filter, connection);
    Map<Key, Figures> sums = new HashMap<>();
    long from = RowKey.from(filter.from());
    long high = RowKey.from(filter.to());
    if (condition.impossible()) {
      return new Answer(List.of(), filter.from(), false);
    }
    while (high > from) {
      long low = KeyWalk.DOWN.boundary(connection, condition, from, high, CHUNK);
      String sql = "SELECT " + RowReader.COLUMNS + " FROM log WHERE " + condition.whole();
      try (PreparedStatement find = connection.prepareStatement(sql)) {
        condition.bindWhole(find, 1, low, high);
        try (ResultSet found = find.executeQuery()) {
          while (found.next()) {
            RowReader.Raw raw = RowReader.raw(found);
            long start = width == 0 ? filter.from() : start(RowKey.millis(raw.key()), width);
            long term = by == null ? 0 : raw.terms()[by.place()];
            Term outcome = rows.term(connection, raw.terms()[Facet.OUTCOME.place()]);
            sums.computeIfAbsent(new Key(start, term), _ -> new Figures())
                .add(raw.row(), outcome == null ? "" : outcome.value());
          }
        }
      }
      high = low;
      if (high > from && System.nanoTime() - until > 0) {
        return new Answer(slots(connection, sums), RowKey.millis(high), true);
      }
    }
    return new Answer(slots(connection, sums), filter.from(), false);
  }
}
