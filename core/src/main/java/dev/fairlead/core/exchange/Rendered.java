package dev.fairlead.core.exchange;

import dev.fairlead.core.failure.Failure;

/** What became of a client's request when it was written for a target. */
public sealed interface Rendered permits UpstreamRequest, Rendered.Unfit {
  /** The target lacks something the request cannot do without; {@code failure} names it. */
  record Unfit(Failure failure) implements Rendered {}
}
