package dev.fairlead.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.RequestId;
import dev.fairlead.core.model.Bytes;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
  private static final long NOON = 1_800_014_400_000L;
  private static final long DAY = 86_400_000;
  private static final long SECOND = 1_000_000_000;

  @TempDir Path folder;

  private final Random random = new Random(7);
  private LogStore store;
  private LogWriter writer;
  private LogReader reader;

  @BeforeEach
  void open() throws SQLException {
    store = made(folder);
    writer = store.writer();
    reader = store.reader();
  }

  /** A new store. */
  LogStore made(Path where) {
    return LogStore.sqlite(where.resolve("logs.db"));
  }

  @AfterEach
  void close() throws SQLException {
    reader.close();
    writer.close();
  }

  private LogRow write(Sample sample, long millis) throws SQLException {
    LogRow row = sample.at(millis);
    writer.row(row);
    return row;
  }

  private List<UUID> all(LogFilter filter) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    OptionalLong next = OptionalLong.empty();
    do {
      Page page = reader.page(filter, next, 7, SECOND);
      page.rows().forEach(row -> ids.add(row.id()));
      next = page.next();
    } while (next.isPresent());
    return ids;
  }

  private LogRow read(UUID id) throws SQLException {
    return Objects.requireNonNull(reader.row(id));
  }

  @Test
  void aRowComesBackAsItWasWritten() throws SQLException {
    LogRow row = write(new Sample(random).with(Facet.BRANCH, "main").session("s"), NOON);
    writer.commit();
    LogRow read = read(row.id());
    assertThat(read.facets()).isEqualTo(row.facets());
    assertThat(read.usage()).isEqualTo(row.usage());
    assertThat(read.costNanoUsd()).isEqualTo(row.costNanoUsd());
    assertThat(read.detail()).isEqualTo(row.detail());
    assertThat(read.session()).isEqualTo("s");
    assertThat(read.timeMillis()).isEqualTo(NOON);
  }

  @Test
  void pagesGoFromTheNewestToTheOldestAndMissNone() throws SQLException {
    List<UUID> written = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      written.addFirst(write(new Sample(random), NOON + i / 3).id());
    }
    writer.commit();
    assertThat(all(LogFilter.between(NOON, NOON + DAY)))
        .containsExactlyInAnyOrderElementsOf(written);
    List<LogRow> page =
        reader.page(LogFilter.between(NOON, NOON + DAY), OptionalLong.empty(), 50, SECOND).rows();
    assertThat(page).isSortedAccordingTo((a, b) -> Long.compare(b.timeMillis(), a.timeMillis()));
  }

  @Test
  void pagesUpGoFromTheOldestToTheNewestAndMissNone() throws SQLException {
    List<UUID> written = new ArrayList<>();
    List<UUID> claude = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      boolean other = i % 3 == 0;
      Sample sample = new Sample(random).with(Facet.MODEL, other ? "gpt" : "claude");
      LogRow row = write(sample.with(Facet.OUTCOME, other ? "failed" : "cut"), NOON + i * 400_000L);
      written.add(row.id());
      if (!other) {
        claude.add(row.id());
      }
    }
    writer.commit();
    LogFilter every = LogFilter.between(NOON, NOON + DAY);
    assertThat(up(every)).containsExactlyElementsOf(written);
    assertThat(up(every.with(Facet.MODEL, Set.of("claude")))).containsExactlyElementsOf(claude);
    assertThat(up(every.with(Facet.OUTCOME, Set.of("failed", "cut"))))
        .containsExactlyElementsOf(written);
    assertThat(up(every.with(Facet.OUTCOME, Set.of("cut", "gone"))))
        .containsExactlyElementsOf(claude);
    assertThat(up(every.with(Facet.MODEL, Set.of("none")))).isEmpty();
  }

  private List<UUID> up(LogFilter filter) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    OptionalLong next = OptionalLong.empty();
    do {
      Page page = reader.pageUp(filter, next, 7, SECOND);
      page.rows().forEach(row -> ids.add(row.id()));
      next = page.next();
      assertThat(next.isEmpty() || LogReader.isCursor(next.getAsLong())).isTrue();
    } while (next.isPresent());
    return ids;
  }

  @Test
  void everyFilterLeavesWhatItNamesAndNothingElse() throws SQLException {
    LogRow wanted =
        write(
            new Sample(random)
                .with(Facet.MODEL, "claude")
                .with(Facet.TEAM, "t1")
                .session("mine")
                .lasting(9_000_000)
                .tagged("env=prod")
                .unpriced(),
            NOON);
    for (int i = 0; i < 30; i++) {
      write(new Sample(random).with(Facet.TEAM, i % 2 == 0 ? "t1" : "t2"), NOON + i);
    }
    writer.commit();
    LogFilter any = LogFilter.between(NOON, NOON + DAY);
    List<LogFilter> filters =
        List.of(
            any.with(Facet.MODEL, Set.of("claude")),
            any.with(Facet.MODEL, Set.of("claude")).with(Facet.TEAM, Set.of("t1")),
            any.with(Facet.MODEL, Set.of("claude", "unknown")),
            any.ofSession("mine"),
            any.ofSession("mine").with(Facet.TEAM, Set.of("t1")),
            new LogFilter(
                NOON,
                NOON + 1,
                any.facets(),
                List.of("env=prod"),
                List.of(),
                null,
                0,
                null,
                false,
                null),
            new LogFilter(
                NOON, NOON + DAY, any.facets(), List.of(), List.of(), null, 0, null, true, null),
            new LogFilter(
                NOON,
                NOON + DAY,
                any.facets(),
                List.of(),
                List.of(
                    new LogFilter.Range(
                        LogFilter.Figure.LATENCY_MICROS, 5_000_000, Long.MAX_VALUE)),
                null,
                0,
                null,
                false,
                null));
    for (LogFilter filter : filters) {
      assertThat(all(filter))
          .as(filter.toString())
          .containsExactly(Objects.requireNonNull(wanted).id());
    }
    assertThat(all(any.with(Facet.MODEL, Set.of("nobody")))).isEmpty();
    assertThat(all(any.with(Facet.TEAM, Set.of("t2")))).hasSize(15);
  }

  @Test
  void bodiesComeBackByteForByteHoweverTheyAreCut() throws SQLException {
    for (int round = 0; round < 300; round++) {
      byte[] bytes = new byte[random.nextInt(2000)];
      random.nextBytes(bytes);
      int cuts = bytes.length == 0 ? 0 : 2 * random.nextInt(6);
      int[] bounds = random.ints(cuts, 0, bytes.length + 1).sorted().toArray();
      UUID id = UUID.fromString(RequestId.of(NOON + round, random.nextLong(), random.nextLong()));
      writer.request(id, new Pieces(Bytes.of(bytes), bounds));
      boolean replied = random.nextBoolean();
      writer.reply(id, "", replied ? Bytes.of(bytes) : null, "");
      writer.commit();
      assertThat(reader.contents().request(id)).isEqualTo(bytes);
      assertThat(reader.contents().reply(id)).isEqualTo(replied ? bytes : null);
    }
  }

  @Test
  void whatIsSentAgainIsKeptOnce() throws SQLException {
    byte[] message = new byte[100_000];
    random.nextBytes(message);
    long first = size(message, 1);
    long hundredth = size(message, 100);
    assertThat(hundredth - first).isLessThan(200_000);
  }

  private long size(byte[] message, int times) throws SQLException {
    for (int i = 0; i < times; i++) {
      UUID id = UUID.fromString(RequestId.of(NOON, random.nextLong(), random.nextLong()));
      BitSet fresh = writer.request(id, Pieces.whole(Bytes.of(message)));
      assertThat(fresh.cardinality()).isLessThanOrEqualTo(1);
    }
    writer.commit();
    return store.database().size();
  }

  @Test
  void requestsAreFoundByWhatWasSaid() throws SQLException {
    LogRow wanted = null;
    for (int i = 0; i < 20; i++) {
      LogRow row = write(new Sample(random), NOON + (i % 3) * DAY + i);
      writer.reply(row.id(), "p" + i, null, i == 7 ? "the quick_brown fox" : "a lazy dog " + i);
      wanted = i == 7 ? row : wanted;
    }
    writer.commit();
    LogFilter any = LogFilter.between(NOON, NOON + 5 * DAY);
    assertThat(all(any.saying("FOX quick"))).containsExactly(Objects.requireNonNull(wanted).id());
    assertThat(all(any.saying("\"quick_brown fox\"")))
        .containsExactly(Objects.requireNonNull(wanted).id());
    assertThat(all(any.saying("lazy dog"))).hasSize(19);
    assertThat(all(any.saying("lazy").with(Facet.MODEL, Set.of("nobody")))).isEmpty();
    assertThat(all(any.saying("\") OR NEAR(a b) *"))).isEmpty();
    assertThat(reader.contents().previews(List.of(wanted))).containsEntry(wanted.id(), "p7");
  }

  @Test
  void sumsByHourAgreeWithTheRows() throws SQLException {
    for (int i = 0; i < 400; i++) {
      Sample sample =
          new Sample(random)
              .with(Facet.MODEL, "m" + i % 3)
              .with(Facet.FEATURE, "cursor/f" + i % 2)
              .with(Facet.OUTCOME, i % 10 == 0 ? "failed" : "completed")
              .lasting(1000L * (i + 1));
      write(sample, NOON + i * 60_000L);
      if (i % 37 == 0) {
        writer.commit();
      }
    }
    writer.commit();
    LogFilter any = LogFilter.between(NOON, NOON + 8 * 3_600_000);
    LogFilter feature = any.with(Facet.FEATURE, Set.of("cursor/f1"));
    for (LogFilter filter : List.of(any, feature)) {
      for (Facet by : new Facet[] {null, Facet.MODEL}) {
        Sums.Answer quick = reader.sums().sum(filter, by, 3_600_000, SECOND);
        Sums.Answer slow = reader.sums().sum(filter, by, 1_800_000, SECOND);
        assertThat(quick.total().requests()).isEqualTo(slow.total().requests()).isPositive();
        assertThat(quick.total().failed()).isEqualTo(slow.total().failed());
        assertThat(quick.total().tokens()).isEqualTo(slow.total().tokens());
        assertThat(quick.total().costNanoUsd()).isEqualTo(slow.total().costNanoUsd());
        assertThat(quick.total().latency().quantile(0.5))
            .isEqualTo(slow.total().latency().quantile(0.5));
        assertThat(quick.slots().stream().map(Sums.Slot::term).distinct())
            .hasSize(by == null ? 1 : 3);
      }
    }
  }

  @Test
  void whatWasNotCommittedIsNotThere() throws SQLException {
    LogRow kept = write(new Sample(random), NOON);
    writer.commit();
    LogRow dropped = write(new Sample(random).with(Facet.MODEL, "new-model"), NOON + 1);
    writer.reply(dropped.id(), "x", null, "y");
    writer.rollback();
    LogRow again = write(new Sample(random).with(Facet.MODEL, "new-model"), NOON + 2);
    writer.commit();
    assertThat(all(LogFilter.between(NOON, NOON + DAY))).containsExactly(again.id(), kept.id());
    assertThat(read(again.id()).value(Facet.MODEL)).isEqualTo("new-model");
  }

  @Test
  void aLogWhoseProgramWasKilledIsThereAsItWasCommitted() throws Exception {
    LogRow row = write(new Sample(random), NOON);
    writer.request(row.id(), Pieces.whole(Bytes.utf8("{\"a\":1}")));
    writer.commit();
    write(new Sample(random), NOON + 1);
    java.nio.file.Path copy = java.nio.file.Files.createDirectories(folder.resolve("copy"));
    for (String name : List.of("logs.db", "logs.db-wal")) {
      if (java.nio.file.Files.exists(folder.resolve(name))) {
        java.nio.file.Files.copy(folder.resolve(name), copy.resolve(name));
      }
    }
    if (!java.nio.file.Files.exists(copy.resolve("logs.db"))) {
      return;
    }
    LogStore again = LogStore.sqlite(copy.resolve("logs.db"));
    try (LogWriter next = again.writer();
        LogReader after = again.reader()) {
      LogRow more = new Sample(random).at(NOON + 2);
      next.row(more);
      next.commit();
      assertThat(after.row(row.id())).isNotNull();
      assertThat(
              after
                  .page(LogFilter.between(NOON, NOON + DAY), OptionalLong.empty(), 9, SECOND)
                  .rows())
          .hasSize(2);
    }
  }

  @Test
  void requestsOfOneMillisecondAndTheSameRandomBitsAreBothKept() throws SQLException {
    UUID first = new UUID(NOON << 16 | 0x7abcL, 0x8000000000000001L);
    UUID second = new UUID(NOON << 16 | 0x7abcL, 0x8000000000000002L);
    writer.row(new Sample(random).row(first));
    writer.row(new Sample(random).row(second));
    writer.commit();
    assertThat(read(first).id()).isEqualTo(first);
    assertThat(read(second).id()).isEqualTo(second);
  }

  @Test
  void rowsAndContentsGoWhenTheirTimeIsOver() throws SQLException {
    LogRow old = write(new Sample(random), NOON - 31 * DAY);
    LogRow recent = write(new Sample(random), NOON - 8 * DAY);
    LogRow today = write(new Sample(random), NOON);
    for (LogRow row : List.of(old, recent, today)) {
      writer.request(row.id(), Pieces.whole(Bytes.utf8("{}")));
    }
    writer.commit();
    Retention retention = new Retention(writer);
    boolean more = true;
    while (more) {
      more = retention.tidy(30, 7, Long.MAX_VALUE, NOON + 1000, System.nanoTime() + SECOND);
    }
    assertThat(reader.row(old.id())).isNull();
    assertThat(reader.row(recent.id())).isNotNull();
    assertThat(reader.contents().request(recent.id())).isNull();
    assertThat(reader.contents().request(today.id())).isNotNull();
    LogRow next = write(new Sample(random), NOON + 5000);
    writer.commit();
    assertThat(reader.row(next.id())).isNotNull();
  }

  /** Less than three days of noise, more than one. */
  long mostBytes() {
    return 900_000;
  }

  @Test
  void whenTooLargeTheOldestContentsGoFirstAndRowsLast() throws SQLException {
    byte[] noise = new byte[300_000];
    for (int day = 0; day < 3; day++) {
      random.nextBytes(noise);
      LogRow row = write(new Sample(random), NOON + day * DAY);
      writer.request(row.id(), Pieces.whole(Bytes.of(noise.clone())));
    }
    writer.commit();
    new Retention(writer).tidy(30, 7, mostBytes(), NOON + 2 * DAY + 1, System.nanoTime() + SECOND);
    assertThat(store.database().days()).hasSizeBetween(1, 2);
    assertThat(store.database().size()).isLessThan(mostBytes());
    assertThat(all(LogFilter.between(NOON, NOON + 9 * DAY))).hasSize(3);
  }
}
