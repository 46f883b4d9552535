package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sums by hour and dimension, kept up to date with every batch, so that overviews never look at
 * rows. The writer's.
 */
final class Rollups {
  /** Dimension of all requests together. */
  static final int ALL = 0;

  static final int FEATURE_MODEL = 101;
  static final int TEAM_MODEL = 102;

  private static final int MOST_KNOWN = 4096;
  private static final long HOUR_MILLIS = 3_600_000;

  private final PreparedStatement find;
  private final PreparedStatement put;
  private final PreparedStatement delete;
  private final Set<Key> changed = new HashSet<>();
  private final LinkedHashMap<Key, Figures> known = new LinkedHashMap<>(1024, 0.75f, true);

  private record Key(int dimension, long hour, long term) {}

  Rollups(Connection connection) throws SQLException {
    find =
        connection.prepareStatement(
            "SELECT data FROM rollup WHERE dim = ? AND hour = ? AND term = ?");
    delete =
        connection.prepareStatement("DELETE FROM rollup WHERE dim = ? AND hour = ? AND term = ?");
    put =
        connection.prepareStatement(
            "INSERT INTO rollup (dim, hour, term, data) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT (dim, hour, term) DO UPDATE SET data = excluded.data");
  }

  /**
   * Counts {@code row}.
   *
   * @param terms numbers of its facets, by ordinal, 0 for none
   * @param tags numbers of its tags
   */
  void add(LogRow row, long[] terms, long[] tags) throws SQLException {
    String outcome = row.value(Facet.OUTCOME);
    each(row, terms, tags, figures -> figures.add(row, outcome == null ? "" : outcome));
  }

  /** Takes back {@code row}, which ended as {@code outcome} says. */
  void remove(LogRow row, long[] terms, long[] tags, String outcome) throws SQLException {
    each(row, terms, tags, figures -> figures.remove(row, outcome));
  }

  private void each(LogRow row, long[] terms, long[] tags, Consumer<Figures> change)
      throws SQLException {
    long hour = row.timeMillis() / HOUR_MILLIS;
    change(ALL, hour, 0, change);
    for (Facet facet : Facet.values()) {
      long term = terms[facet.place()];
      if (term > 0) {
        change(facet.code(), hour, term, change);
      }
    }
    long model = terms[Facet.MODEL.place()];
    pair(FEATURE_MODEL, hour, terms[Facet.FEATURE.place()], model, change);
    pair(TEAM_MODEL, hour, terms[Facet.TEAM.place()], model, change);
    for (long tag : tags) {
      change(Terms.TAG, hour, tag, change);
    }
  }

  /** Two terms as one number. */
  static long paired(long first, long second) {
    return (first << 32) | second;
  }

  private void pair(int dimension, long hour, long first, long second, Consumer<Figures> change)
      throws SQLException {
    if (first > 0 && second > 0) {
      change(dimension, hour, paired(first, second), change);
    }
  }

  private void change(int dimension, long hour, long term, Consumer<Figures> change)
      throws SQLException {
    Key key = new Key(dimension, hour, term);
    Figures figures = known.get(key);
    if (figures == null) {
      figures = stored(key);
      known.put(key, figures);
    }
    change.accept(figures);
    changed.add(key);
  }

  private Figures stored(Key key) throws SQLException {
    find.setInt(1, key.dimension());
    find.setLong(2, key.hour());
    find.setLong(3, key.term());
    try (ResultSet found = find.executeQuery()) {
      return found.next() ? new Figures().add(found.getBytes(1)) : new Figures();
    }
  }

  /** Writes what has changed. */
  void write() throws SQLException {
    for (Key key : changed) {
      Figures figures = known.get(key);
      if (figures == null) {
        throw new IllegalStateException("a sum was dropped before it was written");
      }
      if (figures.requests() == 0) {
        delete.setInt(1, key.dimension());
        delete.setLong(2, key.hour());
        delete.setLong(3, key.term());
        delete.executeUpdate();
        continue;
      }
      put.setInt(1, key.dimension());
      put.setLong(2, key.hour());
      put.setLong(3, key.term());
      put.setBytes(4, figures.toBytes());
      put.executeUpdate();
    }
    changed.clear();
    while (known.size() > MOST_KNOWN) {
      known.pollFirstEntry();
    }
  }

  /** Forgets what was not committed. */
  void forget() {
    changed.clear();
    known.clear();
  }

  /** The time from which on the hour of {@code millis} counts. */
  static long hour(long millis) {
    return Math.floorDiv(millis, HOUR_MILLIS);
  }
}
