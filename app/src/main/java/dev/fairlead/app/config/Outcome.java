package dev.fairlead.app.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a change of the configuration. */
public sealed interface Outcome {
  /**
   * It is written and in force.
   *
   * @param before null for something new
   * @param after null for something removed
   * @param secretShownOnce the value of a new virtual key, which is nowhere else; or null
   */
  record Done(@Nullable Entity before, @Nullable Entity after, @Nullable String secretShownOnce)
      implements Outcome {
    /** Without the secret. */
    @Override
    public String toString() {
      return "Done[before=" + before + ", after=" + after + "]";
    }
  }

  /** It is no valid entity; at least one fault. */
  record Invalid(List<Fault> faults) implements Outcome {
    public Invalid {
      faults = List.copyOf(faults);
    }
  }

  /**
   * It contradicts something else: a name that is taken, a change made meanwhile.
   *
   * @param field whose value is taken, or null
   */
  record Conflict(@Nullable String field, String message) implements Outcome {
    public Conflict(String message) {
      this(null, message);
    }
  }

  /** There is no such entity. */
  record Missing(String message) implements Outcome {}

  /** It stands in the file or the environment and is changed there. */
  record ReadOnly(String message) implements Outcome {}

  /**
   * One thing that is wrong.
   *
   * @param path of the field inside the entity, like {@code budgets[0].max_limit}; empty for the
   *     whole
   */
  record Fault(String path, String message) {}
}
