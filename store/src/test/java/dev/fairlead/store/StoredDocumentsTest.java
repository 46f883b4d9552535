package dev.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Documents.Change;
import dev.fairlead.core.port.Documents.Conflict;
import dev.fairlead.core.port.Documents.Document;
import dev.fairlead.core.port.Documents.Unavailable;
import dev.fairlead.store.admin.AuditFilter;
import java.nio.file.Path;
import java.time.Instant;
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
class StoredDocumentsTest {
  private static final String TEAM = "team";

  private final Dialect dialect;
  private Database database;
  private StoredDocuments documents;

  StoredDocumentsTest(Dialect dialect) {
    this.dialect = dialect;
  }

  @BeforeEach
  void open(Databases.Server server, @TempDir Path directory) {
    database = Databases.empty(dialect, server, directory);
    Migrations.run(database, MigrationSeries.CONFIG, Migrations.Mode.MIGRATE);
    documents = StoredDocuments.of(database);
  }

  @AfterEach
  void close() {
    documents.close();
    database.close();
  }

  private static Change create(String id, String name) {
    return new Change.Create(TEAM, id, name, "{\"name\":\"" + name + "\"}");
  }

  @Test
  void whatIsWrittenIsReadWithItsRevision() {
    long first = documents.write(List.of(create("t1", "one"), create("t2", "zwei ✓ \\u0000")));
    long second =
        documents.write(List.of(new Change.Replace(TEAM, "t1", "uno", "{\"a\":1}", first)));

    assertThat(first).isPositive();
    assertThat(second).isGreaterThan(first);
    assertThat(documents.revision()).isEqualTo(second);
    assertThat(documents.since(0))
        .containsExactly(
            new Document(
                TEAM, "t2", "zwei ✓ \\u0000", "{\"name\":\"zwei ✓ \\u0000\"}", first, false),
            new Document(TEAM, "t1", "uno", "{\"a\":1}", second, false));
    assertThat(documents.since(first)).extracting(Document::id).containsExactly("t1");
    assertThat(documents.since(second)).isEmpty();
  }

  @Test
  void whatIsRemovedLeavesAMarkForThoseWhoKnewIt() {
    long made = documents.write(List.of(create("t1", "one")));
    long gone = documents.write(List.of(new Change.Remove(TEAM, "t1", made)));

    assertThat(documents.since(0)).isEmpty();
    assertThat(documents.since(made))
        .containsExactly(new Document(TEAM, "t1", "one", "", gone, true));
    long again = documents.write(List.of(create("t1", "one")));
    assertThat(documents.since(gone))
        .containsExactly(new Document(TEAM, "t1", "one", "{\"name\":\"one\"}", again, false));
  }

  @Test
  void anOutdatedChangeIsRefusedAndNothingOfItsBatchIsKept() {
    long made = documents.write(List.of(create("t1", "one")));
    long now = documents.write(List.of(new Change.Replace(TEAM, "t1", "two", "{}", made)));

    assertThatThrownBy(() ->
            documents.write(
                List.of(create("t2", "x"), new Change.Replace(TEAM, "t1", "3", "{}", made))))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("t1")
        .hasMessageContaining("meanwhile");
    assertThatThrownBy(() -> documents.write(List.of(new Change.Remove(TEAM, "t9", now))))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("no team t9");
    assertThat(documents.revision()).isEqualTo(now);
    assertThat(documents.since(0)).extracting(Document::name).containsExactly("two");
  }

  @Test
  void aChangeAndItsNoteAreWrittenTogetherOrNotAtAll() {
    AuditEntry note =
        new AuditEntry(
            0,
            Instant.ofEpochMilli(1_000),
            "account",
            "a1",
            "Ann",
            "create",
            TEAM,
            "t1",
            "one",
            null,
            "{}",
            null,
            "done",
            "");
    long made = documents.write(List.of(create("t1", "one")), note);
    assertThatThrownBy(() -> documents.write(List.of(create("t1", "one")), note))
        .isInstanceOf(Conflict.class);
    assertThat(StoredAdmin.of(database).audit(AuditFilter.ALL, Long.MAX_VALUE, 10))
        .singleElement()
        .returns("t1", AuditEntry::entityId);

    database.<Integer>write(sql -> sql.change("ALTER TABLE audit RENAME TO lost"));
    assertThatThrownBy(() -> documents.write(List.of(create("t2", "two")), note))
        .isInstanceOf(Unavailable.class);
    assertThat(documents.revision()).isEqualTo(made);
    assertThat(documents.since(0)).extracting(Document::id).containsExactly("t1");
  }

  @Test
  void idsAndNamesAreUniqueWithinTheirKind() {
    documents.write(List.of(create("t1", "one")));

    assertThatThrownBy(() -> documents.write(List.of(create("t1", "other"))))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("id t1");
    assertThatThrownBy(() -> documents.write(List.of(create("t2", "one"))))
        .isInstanceOf(Conflict.class)
        .hasMessageContaining("\"one\"");
    documents.write(List.of(new Change.Create("customer", "t1", "one", "{}")));
    assertThat(documents.since(0)).hasSize(2);
  }

  @Test
  void ofManyThatChangeTheSameAtOnceExactlyOneSucceedsEachTime() throws Exception {
    long revision = documents.write(List.of(create("t1", "0")));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 1; round <= 5; round++) {
        CountDownLatch start = new CountDownLatch(1);
        long known = revision;
        String name = String.valueOf(round);
        List<Future<Long>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          tries.add(
              threads.submit(() -> {
                start.await();
                try {
                  return documents.write(
                      List.of(new Change.Replace(TEAM, "t1", name, "{}", known)));
                } catch (Conflict lost) {
                  return -1L;
                }
              }));
        }
        start.countDown();
        List<Long> won = new ArrayList<>();
        for (Future<Long> one : tries) {
          if (one.get() >= 0) {
            won.add(one.get());
          }
        }
        assertThat(won).hasSize(1);
        revision = won.getFirst();
      }
    }
    assertThat(documents.revision()).isEqualTo(revision);
  }

  @Test
  void aNulCharacterIsRefusedBeforeTheDatabaseSeesIt() {
    assertThatThrownBy(() -> documents.write(List.of(create("t1", "a\0b"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEmptyWriteChangesNothing() {
    long before = documents.write(List.of(create("t1", "one")));

    assertThat(documents.write(List.of())).isEqualTo(before);
  }

  @Test
  void aHundredThousandKeysLoadInWellUnderASecond() {
    int count = 100_000;
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(
          new Change.Create(
              "virtual_key",
              "vk-" + i,
              "developer " + i,
              ("{\"id\":\"vk-%d\",\"name\":\"developer %d\",\"hash\":\"%064x\",\"is_active\":true,"
                      + "\"allow_all_providers\":true,\"team_id\":\"team-%d\",\"budgets\":[{\"id\":"
                      + "\"b-%d\",\"max_limit\":100,\"reset_duration\":\"1M\"}]}")
                  .formatted(i, i, i, i % 50, i)));
    }
    documents.write(changes);
    documents.since(0);

    long began = System.nanoTime();
    List<Document> all = documents.since(0);
    long millis = (System.nanoTime() - began) / 1_000_000;

    assertThat(all).hasSize(count);
    System.out.println(dialect + ": " + count + " documents in " + millis + " ms");
    assertThat(millis).isLessThan(1_000);
  }
}
