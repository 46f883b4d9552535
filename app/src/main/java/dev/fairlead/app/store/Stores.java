package dev.fairlead.app.store;

import dev.fairlead.app.config.StorePlace;
import dev.fairlead.app.config.StoreSettings;
import dev.fairlead.app.keys.InstalledSecret;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.serve.AppDirectory;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.store.Database;
import dev.fairlead.store.MigrationSeries;
import dev.fairlead.store.Migrations;
import dev.fairlead.store.PostgresDatabase;
import dev.fairlead.store.SecretBox;
import dev.fairlead.store.SecretCheck;
import dev.fairlead.store.SqliteDatabase;
import dev.fairlead.store.SqliteLibrary;
import dev.fairlead.store.SqliteSettings;
import dev.fairlead.store.StoredAdmin;
import dev.fairlead.store.StoredDocuments;
import dev.fairlead.store.UnusableDatabase;
import dev.fairlead.store.admin.AdminStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an app directory keeps in a database: entities of the configuration, and the tables of the
 * control API. Without a store the former are absent and the latter last as long as the process.
 */
public final class Stores implements AutoCloseable {
  private final StoreSettings settings;
  private final Database database;
  private final SecretBox secrets;
  private final KeyHasher hasher;
  private final @Nullable StoredDocuments documents;
  private final AdminStore admin;
  private final @Nullable AppDirectory locked;

  private Stores(
      StoreSettings settings,
      Database database,
      SecretBox secrets,
      KeyHasher hasher,
      @Nullable StoredDocuments documents,
      @Nullable AppDirectory locked) {
    this.settings = settings;
    this.database = database;
    this.secrets = secrets;
    this.hasher = hasher;
    this.documents = documents;
    this.admin = StoredAdmin.of(database);
    this.locked = locked;
  }

  /**
   * Opens what {@code settings} name and brings it up to date.
   *
   * @param directory the app directory, whose lock the caller holds
   * @param settings without problems
   * @throws IOException when it cannot be used; the message names the place and what to do
   */
  public static Stores open(Path directory, StoreSettings settings, Migrations.Mode mode)
      throws IOException {
    return open(directory, settings, mode, null);
  }

  /**
   * Opens the store of an app directory that no process serves from, for commands. Holds the
   * directory's lock until it is closed.
   *
   * @throws IOException when a gateway runs there (see {@link AppDirectory#holder}), or the store
   *     cannot be used
   */
  public static Stores openAlone(Path directory, Map<String, String> environment)
      throws IOException {
    return openAlone(directory, environment, Migrations.Mode.MIGRATE);
  }

  private static Stores openAlone(
      Path directory, Map<String, String> environment, Migrations.Mode mode) throws IOException {
    AppDirectory locked = AppDirectory.open(directory);
    try {
      locked.lock();
      StoreSettings settings = StoreSettings.read(directory, environment);
      if (!settings.problems().isEmpty()) {
        throw new IOException(
            "The configuration cannot be used:\n  " + String.join("\n  ", settings.problems()));
      }
      return open(directory, settings, mode, locked);
    } catch (IOException | RuntimeException failed) {
      locked.close();
      throw failed;
    }
  }

  /**
   * Brings the store up to date and does nothing else.
   *
   * @return where it is, for people to read
   */
  public static String migrate(Path directory, Map<String, String> environment) throws IOException {
    try (Stores stores = openAlone(directory, environment)) {
      return stores.database.place();
    }
  }

  private static Stores open(
      Path directory, StoreSettings settings, Migrations.Mode mode, @Nullable AppDirectory locked)
      throws IOException {
    SqliteLibrary.keepIn(directory);
    byte[] secret = secret(directory, settings);
    Database database = null;
    try {
      database = database(settings.config());
      boolean lasts = !(settings.config() instanceof StorePlace.Off);
      Migrations.run(database, MigrationSeries.CONFIG, lasts ? mode : Migrations.Mode.MIGRATE);
      SecretBox secrets = SecretBox.of(secret);
      SecretCheck.check(database, secrets);
      return new Stores(
          settings,
          database,
          secrets,
          KeyHasher.of(secret),
          lasts ? StoredDocuments.of(database) : null,
          locked);
    } catch (UnusableDatabase | dev.fairlead.core.port.Documents.Unavailable unusable) {
      if (database != null) {
        database.close();
      }
      throw new IOException(unusable.getMessage(), unusable);
    }
  }

  private static Database database(StorePlace place) {
    return switch (place) {
      case StorePlace.Off _ -> SqliteDatabase.inMemory();
      case StorePlace.Sqlite(Path file) -> SqliteDatabase.open(SqliteSettings.durable(file));
      case StorePlace.Postgres(var postgres) -> PostgresDatabase.open(postgres);
    };
  }

  private static byte[] secret(Path directory, StoreSettings settings) throws IOException {
    SecureRandom random = new SecureRandom();
    String set = settings.encryptionKey();
    byte[] secret;
    try {
      secret =
          set == null
              ? InstalledSecret.secret(directory, random)
              : set.getBytes(StandardCharsets.UTF_8);
    } catch (KeyFileException damaged) {
      throw new IOException(damaged.getMessage(), damaged);
    }
    if (secret != null) {
      return secret;
    }
    if (settings.config() instanceof StorePlace.Off) {
      byte[] passing = new byte[32];
      random.nextBytes(passing);
      return passing;
    }
    throw new IOException(
        "The app directory "
            + directory
            + " cannot be written to, so the secret that seals the store cannot be kept there. Make"
            + " it writable, or set encryption_key in config.json or FAIRLEAD_ENCRYPTION_KEY.");
  }

  /** The entities of the configuration, or null when only the file counts. */
  public @Nullable StoredDocuments documents() {
    return documents;
  }

  /** The control API's tables. */
  public AdminStore admin() {
    return admin;
  }

  /** Seals and opens the secrets in documents. */
  public SecretBox secrets() {
    return secrets;
  }

  /** Hashes under the same secret as the configuration's. */
  public KeyHasher hasher() {
    return hasher;
  }

  /** The database of the configuration, for tables of others; migrated by each for itself. */
  public Database database() {
    return database;
  }

  /** What was opened, and where logs belong. */
  public StoreSettings settings() {
    return settings;
  }

  @Override
  public void close() throws IOException {
    if (documents != null) {
      documents.close();
    }
    database.close();
    if (locked != null) {
      locked.close();
    }
  }
}
