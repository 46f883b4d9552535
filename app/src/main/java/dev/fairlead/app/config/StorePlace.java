package dev.fairlead.app.config;

import dev.fairlead.store.PostgresSettings;
import java.nio.file.Path;

/** Where something is kept. */
public sealed interface StorePlace {
  /** Nowhere, as the operator wants it. */
  record Off() implements StorePlace {}

  /** In a SQLite file; absolute. */
  record Sqlite(Path file) implements StorePlace {}

  /** In a PostgreSQL database. */
  record Postgres(PostgresSettings settings) implements StorePlace {}
}
