package dev.fairlead.app.serve;

import dev.fairlead.core.port.Documents;
import dev.fairlead.store.Database;
import dev.fairlead.store.MigrationSeries;
import dev.fairlead.store.Migrations;
import dev.fairlead.store.SqliteDatabase;
import dev.fairlead.store.SqliteSettings;
import dev.fairlead.store.StoredAdmin;
import dev.fairlead.store.UnusableDatabase;
import dev.fairlead.store.admin.AdminStore;
import java.io.IOException;
import java.nio.file.Path;

/** The database of a gateway's accounts, sessions, tokens and audit log. */
public final class ControlStore implements AutoCloseable {
  private static final String FILE = "fairlead.db";

  private final Database database;

  private ControlStore(Database database) {
    this.database = database;
  }

  /**
   * Opens the database in {@code directory}, and brings it up to date.
   *
   * @throws IOException when it cannot be used; the message says why
   */
  public static ControlStore open(Path directory) throws IOException {
    try {
      Database database = SqliteDatabase.open(SqliteSettings.durable(directory.resolve(FILE)));
      Migrations.run(database, MigrationSeries.CONFIG, Migrations.Mode.MIGRATE);
      return new ControlStore(database);
    } catch (UnusableDatabase | Documents.Unavailable unusable) {
      throw new IOException(unusable.getMessage(), unusable);
    }
  }

  public AdminStore admin() {
    return StoredAdmin.of(database);
  }

  public Database database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
  }
}
