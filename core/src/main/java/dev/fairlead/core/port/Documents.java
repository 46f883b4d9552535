package dev.fairlead.core.port;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entities kept in the database, each a JSON document in the shape the configuration file gives it.
 * Secrets inside are sealed, virtual keys hold a hash instead of their value. Blocking: never
 * called on an event loop.
 */
public interface Documents {
  /**
   * One entity.
   *
   * @param kind {@code provider}, {@code virtual_key}, {@code team} …
   * @param id unique within its kind
   * @param name unique within its kind, for people
   * @param json the document
   * @param revision of the whole database at its last change; rises with every change
   * @param deleted whether it is gone; then {@code json} is empty
   */
  record Document(
      String kind, String id, String name, String json, long revision, boolean deleted) {}

  /** One change. */
  sealed interface Change {
    /** Creates an entity; fails when id or name is taken. */
    record Create(String kind, String id, String name, String json) implements Change {}

    /** Replaces an entity that is still at {@code revision}. */
    record Replace(String kind, String id, String name, String json, long revision)
        implements Change {}

    /** Removes an entity that is still at {@code revision}. */
    record Remove(String kind, String id, long revision) implements Change {}
  }

  /** The database cannot be reached or does not work. */
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A change met another one, or a name that is taken; nothing was written. */
  final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Conflict(String message) {
      super(message);
    }
  }

  /** Every entity changed after {@code revision}, deleted ones included; 0 for all that exist. */
  List<Document> since(long revision);

  /** Makes all changes or none, and returns the new revision. */
  default long write(List<Change> changes) {
    return write(changes, null);
  }

  /**
   * Makes all changes and notes them, or does neither, and returns the new revision.
   *
   * @param note goes into the audit log with them, or null
   */
  long write(List<Change> changes, @Nullable AuditEntry note);
}
