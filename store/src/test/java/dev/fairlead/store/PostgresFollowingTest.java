package dev.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Documents.Change;
import dev.fairlead.testkit.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas on a server of their own, which is stopped and started under them. */
class PostgresFollowingTest {
  private static final Duration PROMISED = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final LinkedBlockingQueue<Long> heard = new LinkedBlockingQueue<>();
  private PostgresServer server;
  private Replica writer;
  private Replica reader;

  /** A process's view of the database. */
  private record Replica(PostgresDatabase database, StoredDocuments documents) {
    static Replica of(PostgresSettings settings) {
      PostgresDatabase database = PostgresDatabase.open(settings);
      Migrations.run(database, MigrationSeries.CONFIG, Migrations.Mode.MIGRATE);
      return new Replica(database, StoredDocuments.of(database));
    }

    void close() {
      documents.close();
      database.close();
    }
  }

  @BeforeEach
  void start() {
    server = PostgresServer.start();
    server.createDatabase("shared");
    PostgresSettings settings = Databases.settings(server, "shared");
    writer = Replica.of(settings);
    reader = Replica.of(settings);
    reader.documents().onChange(() -> heard.add(reader.documents().revision()));
  }

  @AfterEach
  void stop() {
    reader.close();
    writer.close();
    server.close();
  }

  private static List<Change> team(String id) {
    return List.of(new Change.Create("team", id, id, "{}"));
  }

  private void hears(long revision, Duration within) throws InterruptedException {
    Long told = heard.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    while (told != null && told < revision) {
      told = heard.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    }
    assertThat(told).as("revision heard of within " + within).isEqualTo(revision);
  }

  @Test
  void anotherReplicaHearsOfAChangeInTimeAndTheWriterIsNotToldOfItsOwn() throws Exception {
    LinkedBlockingQueue<String> own = new LinkedBlockingQueue<>();
    writer.documents().onChange(() -> own.add("told"));

    long revision = writer.documents().write(team("t1"));

    hears(revision, PROMISED);
    assertThat(reader.documents().since(0))
        .extracting(Documents.Document::id)
        .containsExactly("t1");
    long answer = reader.documents().write(team("t2"));
    assertThat(own.poll(PROMISED.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("told");
    assertThat(own).isEmpty();
    assertThat(heard).isEmpty();
    assertThat(writer.documents().revision()).isEqualTo(answer);
  }

  @Test
  void aLostServerIsSaidToBeUnavailableAndFollowedAgainWhenItIsBack() throws Exception {
    hears(writer.documents().write(team("t1")), PROMISED);

    server.kill();

    assertThatThrownBy(() -> reader.documents().since(0))
        .isInstanceOf(Documents.Unavailable.class)
        .hasMessageContaining("127.0.0.1:" + server.port());
    server.resume();
    long revision = writer.documents().write(team("t2"));
    hears(revision, LONG);
    hears(writer.documents().write(team("t3")), PROMISED);
  }

  @Test
  void aConnectionCutByTheServerCostsNoChange() throws Exception {
    reader
        .database()
        .<Integer>write(sql -> {
          sql.each(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE datname = 'shared' AND pid <> pg_backend_pid()",
              _ -> {});
          return 0;
        });

    long revision = writeAgain();

    hears(revision, LONG);
  }

  /** The first use of a connection that was cut fails, and the pool replaces it. */
  private long writeAgain() {
    try {
      return writer.documents().write(team("t1"));
    } catch (Documents.Unavailable cut) {
      return writer.documents().write(team("t1"));
    }
  }

  @Test
  void aDatabaseThatCannotBeUsedIsRefusedWithWhatToDo() {
    PostgresSettings missing = Databases.settings(server, "missing");
    assertThatThrownBy(() -> PostgresDatabase.open(missing))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("missing")
        .hasMessageContaining("CREATE DATABASE");

    server.kill();
    PostgresSettings shared = Databases.settings(server, "shared");
    assertThatThrownBy(() -> PostgresDatabase.open(shared))
        .isInstanceOf(UnusableDatabase.class)
        .hasMessageContaining("127.0.0.1:" + server.port() + "/shared")
        .hasMessageContaining("Start it");
    server.resume();
  }
}
