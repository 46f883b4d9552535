package dev.fairlead.core.ledger;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A journal that several nodes share. Of counters that must not overshoot a node may use only what
 * it has leased; of the others it is told now and then what all nodes have used. None of this
 * blocks.
 */
public interface Leases extends Journal {
  /**
   * How a node stands with a counter.
   *
   * @param used by this node in this window, in all
   * @param reserved by requests under way here
   * @param leased what this node may use in this window, in all, what it has used included
   * @param known whether the shared counter has heard of this node in this window
   */
  record Standing(
      String id,
      Unit unit,
      long windowStart,
      long windowEnd,
      long used,
      long reserved,
      long leased,
      boolean known) {}

  /** A counter of this node. */
  interface Shared extends Source {
    String id();

    /**
     * How it stands.
     *
     * @param returning whether to give up what is leased and neither used nor reserved
     */
    Standing standing(boolean returning);

    /**
     * What all other nodes have used and leased in the window that begins at {@code windowStart}.
     */
    void elsewhere(long windowStart, long taken);

    /** The shared counter has heard of this node in that window. */
    void reported(long windowStart);

    /** {@code amount} more may be used in that window. */
    void granted(long windowStart, long amount);

    /** The nodes have given this one up and counted its share as used. */
    void lost(long windowStart);
  }

  /** Tells where counters of this node are found by id. */
  void attach(Function<String, @Nullable Shared> counters);

  /**
   * Leases {@code need} or more of {@code counter}, of which all nodes together may use {@code
   * limit}. Completed on any thread within a bounded time, exceptionally when the shared counters
   * cannot be reached; true when something was leased.
   */
  CompletableFuture<Boolean> lease(Shared counter, long need, long limit);
}
