package dev.fairlead.store.log;

import java.io.ByteArrayOutputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what was said: bodies, previews, and who said certain words. Safe for several threads. */
public final class Contents implements AutoCloseable {
  /** Most that one search of a day returns at once. */
  static final int MOST_FOUND = 400;

  private static final int MOST_WORDS = 16;

  private final ReadConnections connections;
  private final Dialect dialect;
  private final Zip zip = new Zip();

  Contents(ReadConnections connections, Dialect dialect) {
    this.connections = connections;
    this.dialect = dialect;
  }

  static long begin(LocalDate day) {
    return RowKey.from(day.toEpochDay() * 86_400_000L);
  }

  static long end(LocalDate day) {
    return begin(day.plusDays(1));
  }

  private static LocalDate day(long key) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(RowKey.millis(key)), ZoneOffset.UTC);
  }

  /** The request's body as it was, byte for byte, or null when it is not kept. */
  public byte @Nullable [] request(UUID id) throws SQLException {
    return stored(
        id,
        "data, size FROM request",
        (place, found) -> assemble(place, unpack(found.getBytes(1)), found.getLong(2)));
  }

  /** What the client was sent, byte for byte, or null when it is not kept. */
  public byte @Nullable [] reply(UUID id) throws SQLException {
    return stored(
        id,
        "data FROM reply",
        (_, found) -> {
          byte[] data = found.getBytes(1);
          return data == null ? null : unpack(data);
        });
  }

  /** Makes a body of what was found. */
  @FunctionalInterface
  private interface Making {
    byte @Nullable [] of(LogDatabase.DayPlace place, ResultSet found) throws SQLException;
  }

  private byte @Nullable [] stored(UUID id, String what, Making making) throws SQLException {
    LocalDate day = day(RowKey.of(id));
    if (!connections.days().contains(day)) {
      return null;
    }
    return connections.<byte @Nullable []>day(
        day,
        place -> {
          try (PreparedStatement find =
              place
                  .connection()
                  .prepareStatement(
                      "SELECT " + what + place.suffix() + " WHERE k >= ? AND k <= ? AND lo = ?")) {
            find.setLong(1, RowKey.of(id));
            find.setLong(2, RowKey.of(id) + RowKey.MOST_COLLISIONS);
            find.setLong(3, id.getLeastSignificantBits());
            try (ResultSet found = find.executeQuery()) {
              return found.next() ? making.of(place, found) : null;
            }
          }
        });
  }

  private byte[] unpack(byte[] packed) {
    synchronized (zip) {
      return zip.unpack(packed);
    }
  }

  private byte[] assemble(LogDatabase.DayPlace place, byte[] manifest, long size)
      throws SQLException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(Math.toIntExact(size));
    Varint in = new Varint(manifest);
    long number = 0;
    try (PreparedStatement find =
        place
            .connection()
            .prepareStatement("SELECT data FROM part" + place.suffix() + " WHERE n = ?")) {
      body.writeBytes(in.take((int) in.next()));
      while (in.hasMore()) {
        number += in.nextSigned();
        find.setLong(1, number);
        try (ResultSet found = find.executeQuery()) {
          if (!found.next()) {
            throw new SQLException("a part of a stored body is missing");
          }
          body.writeBytes(unpack(found.getBytes(1)));
        }
        body.writeBytes(in.take((int) in.next()));
      }
    }
    if (body.size() != size) {
      throw new SQLException("a stored body is not whole");
    }
    return body.toByteArray();
  }

  /** The beginning of what the user said last, of those requests that have it. */
  public Map<UUID, String> previews(List<LogRow> rows) throws SQLException {
    Map<LocalDate, Map<Long, UUID>> byDay = new TreeMap<>();
    for (LogRow row : rows) {
      long key = RowKey.of(row.id());
      byDay.computeIfAbsent(day(key), _ -> new HashMap<>()).put(key, row.id());
    }
    Map<UUID, String> previews = new HashMap<>();
    List<LocalDate> days = connections.days();
    for (Map.Entry<LocalDate, Map<Long, UUID>> one : byDay.entrySet()) {
      if (days.contains(one.getKey())) {
        connections.day(one.getKey(), place -> previews(place, one.getValue(), previews));
      }
    }
    return previews;
  }

  private static boolean previews(
      LogDatabase.DayPlace place, Map<Long, UUID> wanted, Map<UUID, String> to)
      throws SQLException {
    String in = String.join(", ", wanted.keySet().stream().map(String::valueOf).toList());
    try (PreparedStatement find =
            place
                .connection()
                .prepareStatement(
                    "SELECT k, lo, preview FROM reply"
                        + place.suffix()
                        + " WHERE k IN ("
                        + in
                        + ")");
        ResultSet found = find.executeQuery()) {
      while (found.next()) {
        UUID id = wanted.get(found.getLong(1));
        if (id != null && id.getLeastSignificantBits() == found.getLong(2)) {
          to.put(id, found.getString(3));
        }
      }
    }
    return true;
  }

  /** Keys of requests in which all of {@code words} were said, the newest first. */
  List<Long> search(LocalDate day, String words, long from, long to) throws SQLException {
    List<String> terms = terms(words);
    List<Long> keys = new ArrayList<>();
    if (terms.isEmpty()) {
      return keys;
    }
    return connections.day(
        day,
        place -> {
          String sql =
              dialect == Dialect.SQLITE
                  ? "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ?"
                      + " ORDER BY rowid DESC LIMIT "
                      + MOST_FOUND
                  : "SELECT k FROM reply"
                      + place.suffix()
                      + " WHERE words @@ ("
                      + "phraseto_tsquery('simple', ?) && ".repeat(terms.size() - 1)
                      + "phraseto_tsquery('simple', ?)) AND k >= ? AND k < ? ORDER BY k DESC LIMIT "
                      + MOST_FOUND;
          try (PreparedStatement find = place.connection().prepareStatement(sql)) {
            int at = 1;
            if (dialect == Dialect.SQLITE) {
              find.setString(at++, match(terms));
            } else {
              for (String term : terms) {
                find.setString(at++, term);
              }
            }
            find.setLong(at++, from);
            find.setLong(at, to);
            try (ResultSet found = find.executeQuery()) {
              while (found.next()) {
                keys.add(found.getLong(1));
              }
            }
          }
          return keys;
        });
  }

  /** What stands between quotes belongs together; all else is single words. */
  private static List<String> terms(String words) {
    List<String> terms = new ArrayList<>();
    String[] quoted = words.replace('\0', ' ').split("\"", -1);
    for (int i = 0; i < quoted.length; i++) {
      if (i % 2 == 1) {
        terms.add(quoted[i].strip());
      } else {
        terms.addAll(List.of(quoted[i].strip().split("\\s+")));
      }
    }
    terms.removeIf(term -> term.codePoints().noneMatch(Character::isLetterOrDigit));
    return terms.size() > MOST_WORDS ? terms.subList(0, MOST_WORDS) : terms;
  }

  private static String match(List<String> terms) {
    StringBuilder match = new StringBuilder();
    for (String term : terms) {
      match.append(match.isEmpty() ? "" : " AND ").append('"').append(term).append('"');
      if (term.endsWith("*")) {
        match.append('*');
      }
    }
    return match.toString();
  }

  @Override
  public void close() {
    zip.close();
  }
}
