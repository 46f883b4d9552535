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
 * Removes what is known of somebody: rows, contents, words, and what they came to from all sums. Of
 * times whose rows were gone before, sums by that name go, and all others stay as they are. On the
 * writer's thread.
 */
public final class Erasure {
  private static final int SLICE = 500;

  private final LogWriter writer;

  public Erasure(LogWriter writer) {
    this.writer = writer;
  }

  /**
   * A part of the work.
   *
   * @param rows requests that were removed; 0 when there are none left
   * @param days whose contents were touched; {@link #clean} follows for each
   */
  public record Slice(int rows, Set<LocalDate> days) {}

  /** Removes some requests with that value. */
  public Slice slice(Facet facet, String value) throws SQLException {
    writer.lock();
    List<RowReader.Raw> found = find(facet, value);
    if (found.isEmpty()) {
      writer.commit();
      return new Slice(0, Set.of());
    }
    uncount(found);
    List<Long> keys = found.stream().map(RowReader.Raw::key).toList();
    String in = String.join(", ", keys.stream().map(String::valueOf).toList());
    Set<LocalDate> days = contents(keys);
    try (Statement delete = writer.rows().createStatement()) {
      for (String table : List.of("log", "log_detail", "log_tag")) {
        delete.executeUpdate("DELETE FROM " + table + " WHERE k IN (" + in + ")");
      }
    }
    writer.commit();
    return new Slice(keys.size(), days);
  }

  private List<RowReader.Raw> find(Facet facet, String value) throws SQLException {
    List<RowReader.Raw> raws = new ArrayList<>();
    try (PreparedStatement find =
        writer
            .rows()
            .prepareStatement(
                "SELECT "
                    + RowReader.COLUMNS
                    + " FROM log WHERE "
                    + facet.column()
                    + " = (SELECT id FROM term WHERE facet = ? AND value = ?) AND "
                    + facet.column()
                    + " > 0 ORDER BY k LIMIT "
                    + SLICE)) {
      find.setInt(1, facet.code());
      find.setString(2, value);
      try (ResultSet found = find.executeQuery()) {
        while (found.next()) {
          raws.add(RowReader.raw(found));
        }
      }
    }
    return raws;
  }

  private void uncount(List<RowReader.Raw> raws) throws SQLException {
    RowReader names = new RowReader();
    try (PreparedStatement find =
        writer.rows().prepareStatement("SELECT term FROM log_tag WHERE k = ?")) {
      for (RowReader.Raw raw : raws) {
        List<Long> tags = new ArrayList<>();
        find.setLong(1, raw.key());
        try (ResultSet found = find.executeQuery()) {
          while (found.next()) {
            tags.add(found.getLong(1));
          }
        }
        Term outcome = names.term(writer.rows(), raw.terms()[Facet.OUTCOME.place()]);
        writer
            .rowWriter()
            .uncount(
                raw.row(),
                raw.terms(),
                tags.stream().mapToLong(Long::longValue).toArray(),
                outcome == null ? "" : outcome.value());
      }
    }
  }

  private Set<LocalDate> contents(List<Long> keys) throws SQLException {
    Map<LocalDate, List<Long>> byDay = new HashMap<>();
    for (long key : keys) {
      LocalDate day = LocalDate.ofEpochDay(RowKey.millis(key) / 86_400_000L);
      byDay.computeIfAbsent(day, _ -> new ArrayList<>()).add(key);
    }
    Set<LocalDate> days = new HashSet<>(writer.database().days());
    days.retainAll(byDay.keySet());
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
    return days;
  }

  /** All days that have contents. */
  public Set<LocalDate> days() throws SQLException {
    return Set.copyOf(writer.database().days());
  }

  /**
   * Removes the name, its sums, and names nothing is known by any more.
   *
   * @return whether nothing is left of it in files; while somebody reads that cannot be, then this
   *     may be called again
   */
  public boolean finish(Facet facet, String value) throws SQLException {
    writer.lock();
    Connection rows = writer.rows();
    try (PreparedStatement sums =
            rows.prepareStatement(
                "DELETE FROM rollup WHERE dim = ? AND term = (SELECT id FROM term WHERE facet = ?"
                    + " AND value = ?)");
        PreparedStatement term =
            rows.prepareStatement("DELETE FROM term WHERE facet = ? AND value = ?");
        Statement unused = rows.createStatement()) {
      sums.setInt(1, facet.code());
      sums.setInt(2, facet.code());
      sums.setString(3, value);
      sums.executeUpdate();
      term.setInt(1, facet.code());
      term.setString(2, value);
      term.executeUpdate();
      unused.executeUpdate(
          "DELETE FROM term WHERE NOT EXISTS (SELECT 1 FROM rollup WHERE rollup.dim = term.facet"
              + " AND rollup.term = term.id)");
    }
    writer.rowWriter().forget();
    writer.commit();
    return writer.database().settle(rows);
  }

  /**
   * Removes from {@code day} parts of contents nobody's request is made of any more, and what is
   * left of words and other things deleted.
   *
   * @return as {@link #finish}
   */
  public boolean clean(LocalDate day) throws SQLException {
    if (!writer.database().days().contains(day)) {
      return true;
    }
    boolean[] clean = new boolean[1];
    writer.contents(
        day,
        place -> {
          sweep(place);
          if (writer.database().dialect() == Dialect.SQLITE) {
            try (Statement optimize = place.connection().createStatement()) {
              // Words of deleted rows stay in the index until its segments are written anew.
              optimize.executeUpdate("INSERT INTO words (words) VALUES ('optimize')");
            }
          }
          writer.commit();
          clean[0] = writer.database().settle(place.connection());
        });
    writer.commit();
    // Numbers of parts that are gone may be remembered.
    writer.release(day);
    return clean[0];
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
