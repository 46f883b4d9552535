package dev.fairlead.core.ledger;

import org.jspecify.annotations.Nullable;

/**
 * Where counters are kept so that they outlive the process. Told of counters that have changed; it
 * asks for their state when it writes. None of this blocks.
 */
public interface Journal {
  /** Keeps nothing. */
  Journal NONE =
      new Journal() {
        @Override
        public void changed(Source source) {}

        @Override
        public boolean failing() {
          return false;
        }
      };

  /**
   * A counter as kept.
   *
   * @param id of the counter
   * @param windowStart epoch milliseconds
   * @param windowEnd epoch milliseconds
   * @param used settled in that window
   * @param reserved held by requests under way; what is found here after a crash counts as used
   * @param estimated the part of {@code used} that no provider has confirmed
   */
  record Saved(
      String id,
      Unit unit,
      long windowStart,
      long windowEnd,
      long used,
      long reserved,
      long estimated) {}

  /** Something whose state has changed. */
  interface Source {
    /**
     * The state to write; changes from now on are told anew. Null when there is nothing to keep any
     * more. May be asked again when what it gave could not be written.
     */
    @Nullable Saved take();
  }

  /** Told once for any number of changes until the state is taken. Any thread; never blocks. */
  void changed(Source source);

  /** Whether what has been counted cannot be written at present. */
  boolean failing();
}
