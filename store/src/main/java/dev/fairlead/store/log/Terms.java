package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers of the values of facets; made when a value is met first. The writer's. */
final class Terms {
  /** Facet number of tags, which are terms without a column. */
  static final int TAG = 50;

  /** Values of one facet; further ones count as {@link #OTHER}. */
  private static final int MOST_OF_A_FACET = 20_000;

  private static final int MOST_KNOWN = 50_000;
  private static final Term OTHER = Term.of("(other)");

  private final PreparedStatement find;
  private final PreparedStatement add;
  private final PreparedStatement touch;
  private final PreparedStatement count;
  private final Map<Integer, Long> counts = new HashMap<>();
  private final Map<Key, Known> known =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
          return size() > MOST_KNOWN;
        }
      };

  private record Key(int facet, String value) {}

  private record Known(long id, String name, long day) {}

  Terms(Connection connection) throws SQLException {
    find =
        connection.prepareStatement(
            "SELECT id, name, last_day FROM term WHERE facet = ? AND value = ?");
    add =
        connection.prepareStatement(
            "INSERT INTO term (facet, value, name, last_day) VALUES (?, ?, ?, ?) RETURNING id");
    count = connection.prepareStatement("SELECT COUNT(*) FROM term WHERE facet = ?");
    touch = connection.prepareStatement("UPDATE term SET name = ?, last_day = ? WHERE id = ?");
  }

  /** The number of {@code term}, which is used on {@code day} (days since 1970). */
  long id(int facet, Term term, long day) throws SQLException {
    Key key = new Key(facet, term.value().replace('\0', ' '));
    Known have = known.get(key);
    if (have == null) {
      have = stored(key);
    }
    String name = term.name().replace('\0', ' ');
    if (have == null && !term.equals(OTHER) && count(facet) >= MOST_OF_A_FACET) {
      return id(facet, OTHER, day);
    }
    if (have == null) {
      counts.merge(facet, 1L, Long::sum);
      add.setInt(1, facet);
      add.setString(2, key.value());
      add.setString(3, name);
      add.setLong(4, day);
      try (ResultSet keys = add.executeQuery()) {
        if (!keys.next()) {
          throw new SQLException("the database gave a term no number");
        }
        have = new Known(keys.getLong(1), name, day);
      }
    } else if (have.day() < day || !have.name().equals(name)) {
      have = new Known(have.id(), name, Math.max(have.day(), day));
      touch.setString(1, name);
      touch.setLong(2, have.day());
      touch.setLong(3, have.id());
      touch.executeUpdate();
    } else {
      return have.id();
    }
    known.put(key, have);
    return have.id();
  }

  private long count(int facet) throws SQLException {
    Long have = counts.get(facet);
    if (have == null) {
      count.setInt(1, facet);
      try (ResultSet found = count.executeQuery()) {
        have = found.next() ? found.getLong(1) : 0;
      }
      counts.put(facet, have);
    }
    return have;
  }

  private @Nullable Known stored(Key key) throws SQLException {
    find.setInt(1, key.facet());
    find.setString(2, key.value());
    try (ResultSet found = find.executeQuery()) {
      if (!found.next()) {
        return null;
      }
      Known have = new Known(found.getLong(1), found.getString(2), found.getLong(3));
      known.put(key, have);
      return have;
    }
  }

  void forget() {
    known.clear();
    counts.clear();
  }
}
