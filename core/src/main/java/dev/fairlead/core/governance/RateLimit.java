package dev.fairlead.core.governance;

import dev.fairlead.core.config.Origin;
import org.jspecify.annotations.Nullable;

/**
 * So many requests, tokens, or requests at once. Changing anything but the id keeps what has been
 * used.
 *
 * @param id stable; the counters are kept under it
 * @param requests most requests per window, or null
 * @param tokens most tokens per window, input and output together, or null
 * @param concurrent most requests under way at once, or null
 */
public record RateLimit(
    String id,
    String name,
    Owner owner,
    Applies applies,
    @Nullable PerWindow requests,
    @Nullable PerWindow tokens,
    @Nullable Integer concurrent,
    Enforcement enforcement,
    Origin origin) {
  /** So many in each window. */
  public record PerWindow(long limit, Schedule schedule) {
    public PerWindow {
      if (limit < 0) {
        throw new IllegalArgumentException("a limit is never negative");
      }
    }
  }
}
