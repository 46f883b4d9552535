package dev.fairlead.store.log;

import dev.fairlead.core.model.Usage;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads rows and gives the numbers of terms their names back. Safe for several threads. */
final class RowReader {
  static final String COLUMNS =
      Stream.of(
              Stream.of("k", "hi", "lo"),
              Stream.of(Facet.values()).map(Facet::column),
              Schema.FIGURES.stream())
          .flatMap(names -> names)
          .collect(Collectors.joining(", "));

  private static final int MOST_NAMES = 100_000;
  private static final long NAMES_NANOS = 30_000_000_000L;

  private final Map<Long, Term> names = new ConcurrentHashMap<>();
  private volatile long namesSince = System.nanoTime();

  /** A row without its words, and the key it stands under. */
  @SuppressWarnings("ArrayRecordComponent") // Lives for one read; nobody compares or changes it.
  record Raw(long key, LogRow row, long[] terms) {}

  /** The row the result stands at; names are filled in by {@link #complete}. */
  static Raw raw(ResultSet at) throws SQLException {
    int column = 1;
    long key = at.getLong(column++);
    UUID id = new UUID(at.getLong(column++), at.getLong(column++));
    long[] terms = new long[Facet.values().length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = at.getLong(column++);
    }
    String session = at.getString(column++);
    long[] before = new long[12];
    for (int i = 0; i < before.length; i++) {
      before[i] = at.getLong(column++);
    }
    long cost = at.getLong(column++);
    OptionalLong known = at.wasNull() ? OptionalLong.empty() : OptionalLong.of(cost);
    int attempts = at.getInt(column++);
    long requestBytes = at.getLong(column++);
    long replyBytes = at.getLong(column++);
    int flags = at.getInt(column);
    boolean estimated = (flags & LogRow.Flag.ESTIMATED.bit()) != 0;
    return new Raw(
        key,
        new LogRow(
            id,
            Map.of(),
            session,
            before[0],
            (int) before[1],
            before[2],
            before[3],
            before[4],
            before[5],
            new Usage(
                before[6], before[7], before[8], before[9], before[10], before[11], estimated),
            known,
            attempts,
            requestBytes,
            replyBytes,
            flags,
            List.of(),
            "{}"),
        terms);
  }

  /** The rows with the names of their terms and with their details. */
  List<LogRow> complete(Connection rows, List<Raw> raws, Zip zip) throws SQLException {
    Map<Long, String> details = details(rows, raws, zip);
    List<LogRow> complete = new ArrayList<>(raws.size());
    for (Raw raw : raws) {
      Map<Facet, Term> facets = new EnumMap<>(Facet.class);
      for (Facet facet : Facet.values()) {
        Term term = term(rows, raw.terms()[facet.place()]);
        if (term != null) {
          facets.put(facet, term);
        }
      }
      LogRow row = raw.row();
      complete.add(
          new LogRow(
              row.id(),
              facets,
              row.session(),
              row.conversation(),
              row.status(),
              row.totalMicros(),
              row.firstByteMicros(),
              row.overheadMicros(),
              row.queuedMicros(),
              row.usage(),
              row.costNanoUsd(),
              row.attempts(),
              row.requestBytes(),
              row.replyBytes(),
              row.flags(),
              List.of(),
              details.getOrDefault(raw.key(), "{}")));
    }
    return complete;
  }

  private static Map<Long, String> details(Connection rows, List<Raw> raws, Zip zip)
      throws SQLException {
    Map<Long, String> details = new HashMap<>();
    if (raws.isEmpty()) {
      return details;
    }
    try (PreparedStatement find =
        rows.prepareStatement(
            "SELECT k, data FROM log_detail WHERE k IN (" + "?, ".repeat(raws.size() - 1) + "?)")) {
      for (int i = 0; i < raws.size(); i++) {
        find.setLong(i + 1, raws.get(i).key());
      }
      try (ResultSet found = find.executeQuery()) {
        while (found.next()) {
          byte[] unpacked;
          synchronized (zip) {
            unpacked = zip.unpack(found.getBytes(2));
          }
          details.put(found.getLong(1), new String(unpacked, StandardCharsets.UTF_8));
        }
      }
    }
    return details;
  }

  /** The term of that number, or null for 0 and for one that is gone. */
  @Nullable Term term(Connection rows, long number) throws SQLException {
    if (number <= 0) {
      return null;
    }
    if (names.size() > MOST_NAMES || System.nanoTime() - namesSince > NAMES_NANOS) {
      // Entities are renamed now and then.
      names.clear();
      namesSince = System.nanoTime();
    }
    Term known = names.get(number);
    if (known == null) {
      try (PreparedStatement find =
          rows.prepareStatement("SELECT value, name FROM term WHERE id = ?")) {
        find.setLong(1, number);
        try (ResultSet found = find.executeQuery()) {
          if (!found.next()) {
            return null;
          }
          known = new Term(found.getString(1), found.getString(2));
        }
      }
      names.put(number, known);
    }
    return known;
  }
}
