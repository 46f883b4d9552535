package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes what is known of somebody: rows, contents, words and sums by that name. Sums over all
 * keep counting what was. On the writer's thread.
 */
public final class Erasure {
  private static final int SLICE = 500;

  private final LogWriter writer;

  public Erasure(LogWriter writer) {
    this.writer = writer;
  }

  /** Removes some requests with that value, and returns how many; 0 when there are none. */
  public int slice(Facet facet, String value) throws SQLException {
    List<Long> keys = new ArrayList<>();
    Connection rows = writer.rows();
    try (PreparedStatement find =
        rows.prepareStatement(
            "SELECT k FROM log WHERE "
                + facet.column()
                + " = (SELECT id FROM term WHERE facet = ? AND value = ?) AND "
                + facet.column()
                + " > 0 ORDER BY k LIMIT "
                + SLICE)) {
      find.setInt(1, facet.code());
      find.setString(2, value);
      try (ResultSet found = find.executeQuery()) {
        while (found.next()) {
          keys.add(found.getLong(1));
        }
      }
    }
    if (keys.isEmpty()) {
      return 0;
    }
    String in = String.join(", ", keys.stream().map(String::valueOf).toList());
    contents(keys);
    try (Statement delete = rows.createStatement()) {
      for (String table : List.of("log", "log_detail", "log_tag")) {
        delete.executeUpdate("DELETE FROM " + table + " WHERE k IN (" + in + ")");
      }
    }
    writer.commit();
    return keys.size();
  }

  private void contents(List<Long> keys) throws SQLException {
    Map<LocalDate, List<Long>> byDay = new HashMap<>();
    for (long key : keys) {
      LocalDate day = LocalDate.ofEpochDay(RowKey.millis(key) / 86_400_000L);
      byDay.computeIfAbsent(day, _ -> new ArrayList<>()).add(key);
    }
    List<LocalDate> days = writer.database().days();
    boolean sqlite = writer.database().dialect() == Dialect.SQLITE;
    for (Map.Entry<LocalDate, List<Long>> one : byDay.entrySet()) {
      if (days.contains(one.getKey())) {
        String in = String.join(", ", one.getValue().stream().map(String::valueOf).toList());
        writer.contents(
            one.getKey(),
            place -> {
              try (Statement delete = place.connection().createStatement()) {
                delete.executeUpdate(
                    "DELETE FROM request" + place.suffix() + " WHERE k IN (" + in + ")");
                if (sqlite) {
                  delete.executeUpdate(
                      "DELETE FROM words WHERE rowid IN (SELECT k FROM reply WHERE k IN ("
                          + in
                          + "))");
                }
                delete.executeUpdate(
                    "DELETE FROM reply" + place.suffix() + " WHERE k IN (" + in + ")");
              }
            });
      }
    }
  }

  /** Removes the name, its sums, and parts of contents nobody's request is made of any more. */
  public void finish(Facet facet, String value) throws SQLException {
    Connection rows = writer.rows();
    try (PreparedStatement sums =
            rows.prepareStatement(
                "DELETE FROM rollup WHERE dim = ? AND term = (SELECT id FROM term WHERE facet = ?"
                    + " AND value = ?)");
        PreparedStatement term =
            rows.prepareStatement("DELETE FROM term WHERE facet = ? AND value = ?")) {
      sums.setInt(1, facet.code());
      sums.setInt(2, facet.code());
      sums.setString(3, value);
      sums.executeUpdate();
      term.setInt(1, facet.code());
      term.setString(2, value);
      term.executeUpdate();
    }
    writer.rowWriter().forget();
    for (LocalDate day : writer.database().days()) {
      writer.contents(day, this::sweep);
      // Numbers of parts that are gone may be remembered.
      writer.commit();
      writer.release(day);
    }
    writer.commit();
  }

  private void sweep(LogDatabase.DayPlace place) throws SQLException {
    Set<Long> used = new HashSet<>();
    List<Long> unused = new ArrayList<>();
    try (Zip zip = new Zip();
        Statement read = place.connection().createStatement()) {
      try (ResultSet requests = read.executeQuery("SELECT data FROM request" + place.suffix())) {
        while (requests.next()) {
          parts(zip.unpack(requests.getBytes(1)), used);
        }
      }
      try (ResultSet parts = read.executeQuery("SELECT n FROM part" + place.suffix())) {
        while (parts.next()) {
          if (!used.contains(parts.getLong(1))) {
            unused.add(parts.getLong(1));
          }
        }
      }
    }
    try (PreparedStatement delete =
        place.connection().prepareStatement("DELETE FROM part" + place.suffix() + " WHERE n = ?")) {
      for (long number : unused) {
        delete.setLong(1, number);
        delete.executeUpdate();
      }
    }
  }

  private static void parts(byte[] manifest, Set<Long> used) {
    Varint in = new Varint(manifest);
    long number = 0;
    in.take((int) in.next());
    while (in.hasMore()) {
      number += in.nextSigned();
      used.add(number);
      in.take((int) in.next());
    }
  }
}
