package dev.fairlead.app.config;

import dev.fairlead.core.config.Origin;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the entities of the configuration that are kept in the database, and shows all of them.
 * Each change is checked by building the whole configuration it would give, and is in force when
 * the call returns. Blocking.
 */
public interface ConfigEditor {
  /**
   * One entity.
   *
   * @param json in the shape of config.json; secrets masked, virtual keys without their value
   * @param revision rises with every change; 0 for what is not kept in the database
   */
  record Entity(
      String kind, String id, String name, String json, Origin origin, long revision) {}

  /** What came of a change. */
  sealed interface Outcome {
    /**
     * It was made.
     *
     * @param before null for what is new
     * @param after null for what is gone
     * @param secretShownOnce a virtual key's value, or null
     */
    record Done(
        @Nullable Entity before, @Nullable Entity after, @Nullable String secretShownOnce)
        implements Outcome {}

    /** The entity cannot be used as it is written. */
    record Invalid(List<Fault> faults) implements Outcome {}

    /** A name or id is taken, or somebody changed the entity at the same time. */
    record Conflict(String message) implements Outcome {}

    /** There is no such entity. */
    record Missing(String message) implements Outcome {}

    /** The entity is kept elsewhere, which the message names. */
    record ReadOnly(String message) implements Outcome {}
  }

  /** Something wrong at {@code path} inside the entity. */
  record Fault(String path, String message) {}

  /** Every entity of {@code kind}, wherever it comes from. */
  List<Entity> list(String kind);

  @Nullable Entity find(String kind, String id);

  Outcome create(String kind, byte[] json);

  /** Replaces all of it. */
  Outcome replace(String kind, String id, byte[] json);

  /** Changes the fields given (RFC 7396). */
  Outcome merge(String kind, String id, byte[] json);

  Outcome remove(String kind, String id);

  /** Gives a virtual key a new value; the one before works for {@code grace} more. */
  Outcome rotate(String keyId, Duration grace);
}
