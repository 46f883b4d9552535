package dev.fairlead.store.log;

import dev.fairlead.core.model.Usage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes rows, their terms and their sums. The writer's. */
final class RowWriter {
  private static final long MILLIS_PER_DAY = 86_400_000;

  private final Terms terms;
  private final Rollups rollups;
  private final PreparedStatement addRow;
  private final PreparedStatement addDetail;
  private final PreparedStatement addTag;
  private final Zip zip;

  RowWriter(Connection connection, Zip zip) throws SQLException {
    this.zip = zip;
    terms = new Terms(connection);
    rollups = new Rollups(connection);
    String columns =
        Stream.of(
                Stream.of("k", "hi", "lo"),
                Stream.of(Facet.values()).map(Facet::column),
                Schema.FIGURES.stream())
            .flatMap(names -> names)
            .collect(Collectors.joining(", "));
    long count = columns.chars().filter(c -> c == ',').count() + 1;
    addRow =
        connection.prepareStatement(
            "INSERT INTO log ("
                + columns
                + ") VALUES ("
                + "?, ".repeat((int) count - 1)
                + "?) ON CONFLICT DO NOTHING");
    addDetail =
        connection.prepareStatement(
            "INSERT INTO log_detail (k, data) VALUES (?, ?) ON CONFLICT DO NOTHING");
    addTag =
        connection.prepareStatement(
            "INSERT INTO log_tag (term, k) VALUES (?, ?) ON CONFLICT DO NOTHING");
  }

  /** Writes {@code row} under {@code key} or, when that is taken, one of the next. */
  void add(LogRow row, long key) throws SQLException {
    long day = row.timeMillis() / MILLIS_PER_DAY;
    long[] numbers = new long[Facet.values().length];
    for (Facet facet : Facet.values()) {
      Term term = row.facets().get(facet);
      numbers[facet.place()] = term == null ? 0 : terms.id(facet.code(), term, day);
    }
    long[] tags = new long[row.tags().size()];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = terms.id(Terms.TAG, Term.of(row.tags().get(i)), day);
    }
    long free = key;
    while (!insert(row, free, numbers)) {
      free++;
      if (free - key > RowKey.MOST_COLLISIONS) {
        return;
      }
    }
    addDetail.setLong(1, free);
    addDetail.setBytes(2, zip.pack(row.detail()));
    addDetail.executeUpdate();
    for (long tag : tags) {
      addTag.setLong(1, tag);
      addTag.setLong(2, free);
      addTag.executeUpdate();
    }
    rollups.add(row, numbers, tags);
  }

  private boolean insert(LogRow row, long key, long[] numbers) throws SQLException {
    UUID id = row.id();
    int at = 1;
    addRow.setLong(at++, key);
    addRow.setLong(at++, id.getMostSignificantBits());
    addRow.setLong(at++, id.getLeastSignificantBits());
    for (long number : numbers) {
      addRow.setLong(at++, number);
    }
    addRow.setString(at++, row.session() == null ? null : row.session().replace('\0', ' '));
    Usage usage = row.usage();
    long[] before = {
      row.conversation(),
      row.status(),
      row.totalMicros(),
      row.firstByteMicros(),
      row.overheadMicros(),
      row.queuedMicros(),
      usage.inputUncached(),
      usage.cacheRead(),
      usage.cacheWrite5m(),
      usage.cacheWrite1h(),
      usage.output(),
      usage.reasoning()
    };
    for (long figure : before) {
      addRow.setLong(at++, figure);
    }
    if (row.costNanoUsd().isPresent()) {
      addRow.setLong(at++, row.costNanoUsd().getAsLong());
    } else {
      addRow.setNull(at++, Types.BIGINT);
    }
    long[] after = {row.attempts(), row.requestBytes(), row.replyBytes(), row.flags()};
    for (long figure : after) {
      addRow.setLong(at++, figure);
    }
    return addRow.executeUpdate() == 1;
  }

  /** Takes {@code row}, which ended as {@code outcome} says, out of the sums. */
  void uncount(LogRow row, long[] numbers, long[] tags, String outcome) throws SQLException {
    rollups.remove(row, numbers, tags, outcome);
  }

  /** Writes the sums of what was added. */
  void finish() throws SQLException {
    rollups.write();
  }

  /** Forgets what is remembered of the database, of which something may not be so any more. */
  void forget() {
    terms.forget();
    rollups.forget();
  }
}
