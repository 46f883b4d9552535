package dev.fairlead.store;

import dev.fairlead.core.port.Documents;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A database and the ways into it. Calls block until their work is done: they belong on virtual or
 * background threads, never on an event loop. Safe for use by many threads.
 *
 * <p>What goes wrong leaves as {@link Documents.Conflict} when a value that must be unique is
 * taken, and as {@link Documents.Unavailable} otherwise.
 */
public sealed interface Database extends AutoCloseable permits SqliteDatabase, PostgresDatabase {
  /** What is done in one transaction. On PostgreSQL it may be done again when that failed. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T run(Sql sql) throws SQLException;
  }

  /** Reads: all statements see the same state. Changes are refused. */
  <T extends @Nullable Object> T read(Work<T> work);

  /** Changes: everything the work did is kept when it returns, and nothing when it throws. */
  <T extends @Nullable Object> T write(Work<T> work);

  /** Which SQL it understands. */
  Dialect dialect();

  /** Where it is, for messages; holds no secret. */
  String place();

  @Override
  void close();
}
