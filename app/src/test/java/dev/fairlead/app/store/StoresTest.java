package dev.fairlead.app.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.app.config.StorePlace;
import dev.fairlead.app.config.StoreSettings;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.keys.KeyFileImport;
import dev.fairlead.app.serve.AppDirectory;
import dev.fairlead.core.port.Documents.Change;
import dev.fairlead.core.port.Documents.Document;
import dev.fairlead.store.Migrations;
import dev.fairlead.store.StoredDocuments;
import dev.fairlead.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
  private static final Map<String, String> NOTHING = Map.of();

  @TempDir Path directory;

  private void config(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json);
  }

  private StoreSettings settings(Map<String, String> environment) {
    return StoreSettings.read(directory, environment);
  }

  private Stores open(Map<String, String> environment) throws IOException {
    return Stores.open(directory, settings(environment), Migrations.Mode.MIGRATE);
  }

  private static StoredDocuments documents(Stores stores) {
    return Objects.requireNonNull(stores.documents());
  }

  @Test
  void withoutAFileTheStoreIsASqliteFileInTheAppDirectory() throws Exception {
    assertThat(settings(NOTHING).config())
        .isEqualTo(new StorePlace.Sqlite(directory.resolve("config.db")));
    assertThat(settings(NOTHING).logs())
        .isEqualTo(new StorePlace.Sqlite(directory.resolve("logs.db")));

    try (Stores stores = open(NOTHING)) {
      documents(stores).write(List.of(new Change.Create("team", "t1", "one", "{}")));
      assertThat(stores.secrets().open(stores.secrets().seal("word", "a/b/c"), "a/b/c"))
          .isEqualTo("word");
    }
    try (Stores stores = open(NOTHING)) {
      assertThat(documents(stores).since(0)).extracting(Document::id).containsExactly("t1");
    }
    assertThat(directory.resolve("config.db")).exists();
  }

  @Test
  void pathsStartFromTheAppDirectoryAndReferencesAreFollowed() throws Exception {
    config(
        """
        {"config_store": {"enabled": true, "type": "postgres", "config": {
          "host": "env.PG_HOST", "port": "env.PG_PORT", "user": "fairlead",
          "password": "env.PG_PASSWORD", "db_name": "gateway", "ssl_mode": "verify-full",
          "max_open_conns": 7, "conn_max_lifetime": "5m"}},
         "logs_store": {"type": "sqlite", "config": {"path": "./sub/../mine.db"}}}
        """);
    StoreSettings read =
        settings(Map.of("PG_HOST", "db.example.com", "PG_PORT", "6432", "PG_PASSWORD", "hush"));

    assertThat(read.problems()).isEmpty();
    assertThat(read.logs()).isEqualTo(new StorePlace.Sqlite(directory.resolve("mine.db")));
    assertThat(read.config())
        .isInstanceOfSatisfying(
            StorePlace.Postgres.class,
            place -> {
              assertThat(place.settings().host()).isEqualTo("db.example.com");
              assertThat(place.settings().port()).isEqualTo(6432);
              assertThat(place.settings().password()).isEqualTo("hush");
              assertThat(place.settings().sslMode()).isEqualTo("verify-full");
              assertThat(place.settings().mostOpen()).isEqualTo(7);
              assertThat(place.settings().lifetime()).hasMinutes(5);
            });
    assertThat(read.toString()).doesNotContain("hush");
  }

  @Test
  void whatIsMissingOrWrongIsNamedWithItsPlace() throws Exception {
    config(
        """
        {"config_store": {"type": "postgres", "config": {
          "user": "env.PG_USER", "db_name": "x", "port": "many", "ssl_mode": "maybe"}},
         "logs_store": {"config": {"path": "config.db"}}}
        """);

    assertThat(settings(NOTHING).problems())
        .anySatisfy(problem -> assertThat(problem).contains("config_store.config.host"))
        .anySatisfy(
            problem -> assertThat(problem).contains("config_store.config.user").contains("PG_USER"))
        .anySatisfy(problem -> assertThat(problem).contains("config_store.config.port"))
        .anySatisfy(problem ->
            assertThat(problem).contains("config_store.config.ssl_mode").contains("verify-full"));
    config("{\"logs_store\": {\"config\": {\"path\": \"config.db\"}}}");
    assertThat(settings(NOTHING).problems())
        .singleElement()
        .asString()
        .contains("logs_store.config.path");
  }

  @Test
  void aStoreThatIsOffHasNoDocumentsAndForgetsAtTheEnd() throws Exception {
    config("{\"config_store\": {\"enabled\": false}}");

    try (Stores stores = open(NOTHING)) {
      assertThat(stores.documents()).isNull();
      stores.admin().putSetting("a", "b");
      assertThat(stores.admin().setting("a")).isEqualTo("b");
    }
    try (Stores stores = open(NOTHING)) {
      assertThat(stores.admin().setting("a")).isNull();
    }
    assertThat(directory.resolve("config.db")).doesNotExist();
  }

  @Test
  void anotherEncryptionKeyIsRefused() throws Exception {
    open(Map.of("FAIRLEAD_ENCRYPTION_KEY", "the first key of all")).close();

    assertThatThrownBy(() -> open(Map.of("FAIRLEAD_ENCRYPTION_KEY", "the second key of all")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another encryption key")
        .hasMessageContaining("config.db");
    open(Map.of("BIFROST_ENCRYPTION_KEY", "the first key of all")).close();
  }

  @Test
  void anOlderStoreIsNotMigratedWhenThatIsForbidden() {
    assertThatThrownBy(
            () -> Stores.open(directory, settings(NOTHING), Migrations.Mode.REFUSE_PENDING))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("-migrate-only");
  }

  @Test
  void aCommandHasTheStoreToItselfOrIsToldWhoHasIt() throws Exception {
    try (AppDirectory gateway = AppDirectory.open(directory)) {
      gateway.lock();
      assertThatThrownBy(() -> Stores.openAlone(directory, NOTHING))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Another Fairlead");
    }
    try (Stores alone = Stores.openAlone(directory, NOTHING)) {
      assertThat(documents(alone).since(0)).isEmpty();
    }
    assertThat(Stores.migrate(directory, NOTHING)).contains("config.db");
  }

  @Test
  void keysOfTheKeyFileMoveIntoTheStoreOnce() throws Exception {
    try (Stores stores = open(NOTHING)) {
      KeyFile file = keyFile(stores);
      KeyFile.Issued issued = file.create("anna", null, null);
      file.create("otto", null, null);
      file.setActive("otto", false);
      byte[] before = Files.readAllBytes(file.path());

      assertThat(KeyFileImport.run(directory, stores.hasher(), documents(stores))).isEqualTo(2);

      List<Document> moved = documents(stores).since(0);
      assertThat(moved).extracting(Document::name).containsExactlyInAnyOrder("anna", "otto");
      assertThat(moved)
          .anySatisfy(document ->
              assertThat(document.json())
                  .contains(stores.hasher().hash(issued.value()))
                  .doesNotContain(issued.value()));
      assertThat(file.path()).doesNotExist();
      assertThat(directory.resolve("keys.json.imported")).hasBinaryContent(before);
      assertThat(KeyFileImport.run(directory, stores.hasher(), documents(stores))).isZero();

      // As after a crash between writing and renaming.
      Files.write(file.path(), before);
      assertThat(KeyFileImport.run(directory, stores.hasher(), documents(stores))).isZero();
      assertThat(documents(stores).since(0)).isEqualTo(moved);
      assertThat(directory.resolve("keys.json.imported.2")).exists();
    }
  }

  @Test
  void aKeyWhoseNameIsTakenInTheStoreStopsTheMove() throws Exception {
    try (Stores stores = open(NOTHING)) {
      documents(stores).write(List.of(new Change.Create("virtual_key", "x", "anna", "{}")));
      KeyFile file = keyFile(stores);
      file.create("anna", null, null);
      file.create("otto", null, null);

      assertThatThrownBy(() -> KeyFileImport.run(directory, stores.hasher(), documents(stores)))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("anna");
      assertThat(documents(stores).since(0)).hasSize(1);
      assertThat(file.path()).exists();
    }
  }

  private KeyFile keyFile(Stores stores) {
    return new KeyFile(directory, stores.hasher(), Clock.systemUTC(), new SecureRandom());
  }

  @Test
  void twoReplicasShareAPostgresDatabaseUnderOneKey(@TempDir Path second) throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      server.createDatabase("gateway");
      String json =
          """
          {"config_store": {"type": "postgres", "config": {"host": "127.0.0.1", "port": %d,
            "user": "%s", "db_name": "gateway", "ssl_mode": "disable",
            "password_command": {"command": "echo", "args": ["hush"]}}}}
          """
              .formatted(server.port(), PostgresServer.USER);
      config(json);
      Files.writeString(second.resolve("config.json"), json);
      Map<String, String> key = Map.of("FAIRLEAD_ENCRYPTION_KEY", "one key for all of them");

      try (Stores one = open(key);
          Stores other =
              Stores.open(
                  second, StoreSettings.read(second, key), Migrations.Mode.REFUSE_PENDING)) {
        documents(one).write(List.of(new Change.Create("team", "t1", "one", "{}")));
        assertThat(documents(other).since(0)).hasSize(1);
      }
      assertThatThrownBy(() -> open(NOTHING))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("replicas");
    }
  }
}
