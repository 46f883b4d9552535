package dev.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.port.Documents.Change;
import dev.fairlead.core.port.Documents.Document;
import dev.fairlead.store.Migrations.Mode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
@ExtendWith(Databases.class)
class MigrationsTest {
  private static final MigrationSeries SERIES = MigrationSeries.CONFIG;
  private static final int LATEST = SERIES.latest();

  private final Dialect dialect;
  private final List<Database> open = new ArrayList<>();
  private Databases.Server server;
  private Path directory;
  private PostgresSettings postgres;
  private int made;

  MigrationsTest(Dialect dialect) {
    this.dialect = dialect;
  }

  @BeforeEach
  void place(Databases.Server given, @TempDir Path temporary) {
    server = given;
    directory = temporary;
    postgres = given.empty();
  }

  @AfterEach
  void close() {
    open.forEach(Database::close);
  }

  private Database fresh() {
    made++;
    postgres = server.empty();
    return again();
  }

  /** The same database as another process sees it. */
  private Database again() {
    Database database =
        switch (dialect) {
          case SQLITE ->
              SqliteDatabase.open(SqliteSettings.durable(directory.resolve(made + ".db")));
          case POSTGRES -> PostgresDatabase.open(postgres);
        };
    open.add(database);
    return database;
  }

  private static void use(Database database) {
    try (StoredDocuments documents = StoredDocuments.of(database)) {
      documents.write(List.of(new Change.Create("team", "t1", "one", "{}")));
    }
  }

  @Test
  void everyEarlierVersionComesToTheLatestWithWhatItHeld() {
    for (int from = 0; from <= LATEST; from++) {
      Database database = fresh();
      assertThat(from == 0 ? 0 : Migrations.run(database, SERIES.upTo(from), Mode.MIGRATE))
          .isEqualTo(from);
      if (from > 0) {
        use(database);
      }

      assertThat(Migrations.run(database, SERIES, Mode.MIGRATE)).isEqualTo(LATEST - from);

      try (StoredDocuments documents = StoredDocuments.of(database)) {
        assertThat(documents.since(0))
            .extracting(Document::name)
            .isEqualTo(from == 0 ? List.of() : List.of("one"));
      }
      assertThat(StoredAdmin.of(database).accounts()).isEmpty();
      assertThat(Migrations.run(again(), SERIES, Mode.REFUSE_PENDING)).isZero();
    }
  }

  @Test
  void withoutLeaveToMigrateAnOlderDatabaseIsRefusedAndLeftAlone() {
    Database database = fresh();
    Migrations.run(database, SERIES.upTo(1), Mode.MIGRATE);

    assertThatThrownBy(() -> Migrations.run(database, SERIES, Mode.REFUSE_PENDING))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("at version 1")
        .hasMessageContaining("needs version " + LATEST)
        .hasMessageContaining("-migrate-only");
    assertThat(Migrations.run(database, SERIES, Mode.MIGRATE)).isEqualTo(LATEST - 1);
  }

  @Test
  void aChangedChecksumIsRefused() {
    Database database = fresh();
    Migrations.run(database, SERIES, Mode.MIGRATE);
    database.<Integer>write(
        sql -> sql.change("UPDATE schema_history SET checksum = 'x' WHERE version = 1"));

    assertThatThrownBy(() -> Migrations.run(database, SERIES, Mode.MIGRATE))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("001-documents")
        .hasMessageContaining("checksum");
  }

  @Test
  void aGapInTheHistoryIsRefused() {
    Database database = fresh();
    Migrations.run(database, SERIES, Mode.MIGRATE);
    database.<Integer>write(sql -> sql.change("DELETE FROM schema_history WHERE version = 1"));

    assertThatThrownBy(() -> Migrations.run(database, SERIES, Mode.MIGRATE))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("by halves")
        .hasMessageContaining("backup");
  }

  @Test
  void aMigrationThatFailsHalfwayLeavesNothingBehind() {
    Database database = fresh();
    Migrations.run(database, SERIES.upTo(1), Mode.MIGRATE);
    database.<Integer>write(sql -> {
      sql.run("CREATE TABLE audit (mine TEXT)");
      return 0;
    });

    assertThatThrownBy(() -> Migrations.run(database, SERIES, Mode.MIGRATE))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("002-administration")
        .hasMessageContaining("audit")
        .hasMessageContaining("Nothing was changed");

    database.<Integer>write(sql -> {
      sql.run("DROP TABLE audit");
      return 0;
    });
    assertThat(Migrations.run(database, SERIES, Mode.MIGRATE)).isEqualTo(LATEST - 1);
  }

  @Test
  void aDatabaseOneVersionAheadThatSaysSoCanBeUsed() {
    Database database = fresh();
    Migrations.run(database, SERIES, Mode.MIGRATE);

    assertThat(Migrations.run(database, SERIES.upTo(LATEST - 1), Mode.MIGRATE)).isZero();
  }

  @Test
  void aNewerDatabaseIsRefused() {
    Database database = fresh();
    Migrations.run(database, SERIES, Mode.MIGRATE);
    later(database, LATEST + 1, LATEST + 1);

    assertThatThrownBy(() -> Migrations.run(database, SERIES, Mode.MIGRATE))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("newer Fairlead")
        .hasMessageContaining("version " + (LATEST + 1));

    Database twoAhead = fresh();
    Migrations.run(twoAhead, SERIES, Mode.MIGRATE);
    later(twoAhead, LATEST + 1, 1);
    later(twoAhead, LATEST + 2, 1);
    assertThatThrownBy(() -> Migrations.run(twoAhead, SERIES, Mode.MIGRATE))
        .isInstanceOf(UnusableDatabase.class);
  }

  private static void later(Database database, int version, int readableBy) {
    database.<Integer>write(sql ->
        sql.change(
            "INSERT INTO schema_history (series, version, name, checksum, readable_by,"
                + " applied_at) VALUES ('config', ?, 'later', 'x', ?, 0)",
            version,
            readableBy));
  }

  @Test
  void ofSeveralThatMigrateAtOnceOneDoesItAll() throws Exception {
    fresh();
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Integer>> applied = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        Database database = again();
        applied.add(
            threads.submit(() -> {
              start.await();
              return Migrations.run(database, SERIES, Mode.MIGRATE);
            }));
      }
      start.countDown();
      List<Integer> counts = new ArrayList<>();
      for (Future<Integer> one : applied) {
        counts.add(one.get());
      }
      assertThat(counts).containsExactlyInAnyOrder(LATEST, 0, 0, 0);
    }
  }
}
