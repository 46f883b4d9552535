package dev.fairlead.store;

import dev.fairlead.core.port.AuditEntry;
import dev.fairlead.core.port.Documents;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents in a database. Every write takes the next revision under a lock, so that revisions
 * become visible in their order and {@link #since} misses nothing. What is removed stays as a small
 * mark, for replicas that have yet to hear of it.
 */
public final class StoredDocuments implements Documents, AutoCloseable {
  /** Channel of PostgreSQL on which a new revision is announced. */
  static final String CHANNEL = "fairlead_documents";

  private static final Logger LOG = LoggerFactory.getLogger(StoredDocuments.class);
  private static final String REVISION = "SELECT value FROM counters WHERE name = 'revision'";

  private final Database database;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final @Nullable PostgresFollower follower;

  private StoredDocuments(Database database) {
    this.database = database;
    this.follower =
        database instanceof PostgresDatabase postgres
            ? PostgresFollower.start(postgres, CHANNEL, REVISION, this::changedElsewhere)
            : null;
  }

  /** The documents in {@code database}, which is migrated. Closing them leaves it open. */
  public static StoredDocuments of(Database database) {
    return new StoredDocuments(database);
  }

  /**
   * Calls {@code listener} on a thread of its own after another process changed documents: on
   * PostgreSQL within two seconds while it can be reached, otherwise once it can be again. It may
   * be called without need. SQLite files have one process and so no other changes.
   *
   * @return ends that
   */
  public Runnable onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void changedElsewhere() {
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException failed) {
        LOG.warn("a change of the database could not be taken over; it is tried again", failed);
      }
    }
  }

  /** The revision of the last change; 0 before the first. */
  public long revision() {
    return database.read(sql -> sql.number(REVISION));
  }

  @Override
  public List<Document> since(long revision) {
    return database.read(sql ->
        sql.list(
            "SELECT kind, id, name, json, revision, deleted FROM documents"
                + (revision == 0 ? " WHERE deleted = 0" : " WHERE revision > " + revision)
                + " ORDER BY revision, kind, id",
            row ->
                new Document(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getInt(6) != 0)));
  }

  @Override
  public long write(List<Change> changes, @Nullable AuditEntry note) {
    changes.forEach(StoredDocuments::check);
    Written written =
        database.write(sql -> {
          long next = sql.number(REVISION);
          if (changes.isEmpty()) {
            return new Written(next, next);
          }
          // The row's lock makes the next writer wait until this one is visible.
          sql.change("UPDATE counters SET value = value + 1 WHERE name = 'revision'");
          next = sql.number(REVISION);
          for (Change change : changes) {
            try {
              apply(sql, change, next);
            } catch (SQLException failed) {
              if (Failures.isTaken(failed)) {
                throw taken(change);
              }
              throw failed;
            }
          }
          if (note != null) {
            AdminRows.append(sql, note);
          }
          if (database.dialect() == Dialect.POSTGRES) {
            sql.each("SELECT pg_notify(?, '')", _ -> {}, CHANNEL);
          }
          return new Written(next - 1, next);
        });
    if (follower != null) {
      follower.seen(written.before(), written.revision());
    }
    return written.revision();
  }

  private record Written(long before, long revision) {}

  /** PostgreSQL keeps no such character, and nothing that people name has one. */
  private static void check(Change change) {
    String text =
        switch (change) {
          case Change.Create(String kind, String id, String name, String json) ->
              kind + id + name + json;
          case Change.Replace(String kind, String id, String name, String json, long _) ->
              kind + id + name + json;
          case Change.Remove(String kind, String id, long _) -> kind + id;
        };
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a document with a NUL character in it");
    }
  }

  private static void apply(Sql sql, Change change, long revision) throws SQLException {
    switch (change) {
      case Change.Create(String kind, String id, String name, String json) -> {
        int made =
            sql.change(
                "INSERT INTO documents (kind, id, name, json, revision, deleted)"
                    + " VALUES (?, ?, ?, ?, ?, 0)"
                    + " ON CONFLICT (kind, id) DO UPDATE SET name = excluded.name,"
                    + " json = excluded.json, revision = excluded.revision, deleted = 0"
                    + " WHERE documents.deleted = 1",
                kind,
                id,
                name,
                json,
                revision);
        if (made == 0) {
          throw new Conflict("there is a " + kind + " with the id " + id + " already");
        }
      }
      case Change.Replace(String kind, String id, String name, String json, long known) ->
          expectOne(
              sql,
              sql.change(
                  "UPDATE documents SET name = ?, json = ?, revision = ?"
                      + " WHERE kind = ? AND id = ? AND revision = ? AND deleted = 0",
                  name,
                  json,
                  revision,
                  kind,
                  id,
                  known),
              kind,
              id);
      case Change.Remove(String kind, String id, long known) ->
          expectOne(
              sql,
              sql.change(
                  "UPDATE documents SET json = '', revision = ?, deleted = 1"
                      + " WHERE kind = ? AND id = ? AND revision = ? AND deleted = 0",
                  revision,
                  kind,
                  id,
                  known),
              kind,
              id);
    }
  }

  private static void expectOne(Sql sql, int changed, String kind, String id) throws SQLException {
    if (changed == 1) {
      return;
    }
    boolean there =
        sql.number(
                "SELECT count(*) FROM documents WHERE kind = ? AND id = ? AND deleted = 0",
                kind,
                id)
            > 0;
    throw new Conflict(
        there
            ? "the " + kind + " " + id + " was changed by somebody else meanwhile; look at it again"
            : "there is no " + kind + " " + id + " any more");
  }

  private static Conflict taken(Change change) {
    return switch (change) {
      case Change.Create(String kind, String _, String name, String _) -> named(kind, name);
      case Change.Replace(String kind, String _, String name, String _, long _) ->
          named(kind, name);
      case Change.Remove(String kind, String id, long _) -> named(kind, id);
    };
  }

  private static Conflict named(String kind, String name) {
    return new Conflict("there is a " + kind + " called \"" + name + "\" already");
  }

  /** Stops following other replicas. */
  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
  }
}
