package dev.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.port.Documents.Unavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

class SqliteDatabaseTest {
  @TempDir Path directory;

  private SqliteDatabase open() {
    return SqliteDatabase.open(SqliteSettings.durable(directory.resolve("test.db")));
  }

  private static int table(Database database) {
    return database.<Integer>write(sql -> {
      sql.run("CREATE TABLE IF NOT EXISTS t (a INTEGER)");
      return sql.change("INSERT INTO t VALUES (1)");
    });
  }

  private static long rows(Database database) {
    return database.read(sql -> sql.number("SELECT count(*) FROM t"));
  }

  @Test
  void onlyItsOwnerCanReadTheFileAndWhatLiesBesideIt() throws Exception {
    try (SqliteDatabase database = open()) {
      table(database);
      try (var files = Files.list(directory)) {
        assertThat(files.toList())
            .hasSizeGreaterThan(1)
            .allSatisfy(file ->
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void whatWasWrittenIsThereAfterClosing() {
    try (SqliteDatabase database = open()) {
      table(database);
    }
    try (SqliteDatabase database = open()) {
      assertThat(rows(database)).isEqualTo(1);
    }
  }

  @Test
  void commitsWaitForTheDiskAndReadersDoNotWaitForTheWriter() throws Exception {
    try (SqliteDatabase database = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(database.<Long>write(sql -> sql.number("PRAGMA synchronous"))).isEqualTo(2);
      table(database);
      CountDownLatch writing = new CountDownLatch(1);
      CountDownLatch read = new CountDownLatch(1);
      Future<Integer> write =
          threads.submit(() ->
              database.<Integer>write(sql -> {
                int changed = sql.change("INSERT INTO t VALUES (2)");
                writing.countDown();
                await(read);
                return changed;
              }));
      writing.await();
      assertThat(rows(database)).isEqualTo(1);
      read.countDown();
      write.get();
      assertThat(rows(database)).isEqualTo(2);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void workThatThrowsLeavesNothingAndAReaderCannotWrite() {
    try (SqliteDatabase database = open()) {
      table(database);
      assertThatThrownBy(() ->
              database.<Integer>write(sql -> {
                sql.change("INSERT INTO t VALUES (2)");
                throw new IllegalStateException("on purpose");
              }))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> database.<Integer>read(sql -> sql.change("DELETE FROM t")))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("test.db");
      assertThatThrownBy(() -> database.<Integer>write(_ -> table(database)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(rows(database)).isEqualTo(1);
    }
  }

  @Test
  void anotherProgramsFileIsLeftAlone() throws Exception {
    Path file = directory.resolve("test.db");
    try (Connection other = new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
        var statement = other.createStatement()) {
      statement.execute("CREATE TABLE governance_virtual_keys (id TEXT)");
    }
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(this::open)
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("another program's")
        .hasMessageContaining("governance_virtual_keys")
        .hasMessageContaining("config_store.config.path");
    assertThat(Files.readAllBytes(file).length).isEqualTo(before.length);
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedWithWhatToDo() throws Exception {
    Files.write(
        directory.resolve("test.db"),
        "no database at all".repeat(100).getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(this::open)
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("test.db")
        .hasMessageContaining("backup");
    Path missing = directory.resolve("missing/test.db");
    assertThatThrownBy(() -> SqliteDatabase.open(SqliteSettings.durable(missing)))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("directory must exist");
  }

  @Test
  void aDatabaseInMemoryStartsEmptyEachTime() {
    for (int i = 0; i < 2; i++) {
      try (SqliteDatabase database = SqliteDatabase.inMemory()) {
        table(database);
        assertThat(rows(database)).isEqualTo(1);
      }
    }
  }

  @Test
  void aClosedDatabaseSaysSo() {
    SqliteDatabase database = open();
    table(database);
    database.close();

    assertThatThrownBy(() -> rows(database))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aDatabaseUnderAnotherSecretIsRefused() {
    byte[] one = "the secret of one installation".getBytes(StandardCharsets.UTF_8);
    byte[] other = "the secret of another one".getBytes(StandardCharsets.UTF_8);
    try (SqliteDatabase database = open()) {
      Migrations.run(database, MigrationSeries.CONFIG, Migrations.Mode.MIGRATE);
      SecretCheck.check(database, SecretBox.of(one));
      SecretCheck.check(database, SecretBox.of(one));

      assertThatThrownBy(() -> SecretCheck.check(database, SecretBox.of(other)))
          .isInstanceOf(UnusableDatabase.class)
          .hasMessageContaining("another encryption key")
          .hasMessageContaining("secret.key");
    }
  }
}
