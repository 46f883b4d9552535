package dev.fairlead.core.governance;

/** How much is reserved for a request whose price is not known before it ends. */
public enum Strictness {
  /** The most the request can cost: never overshoots. */
  STRICT,
  /** What such requests usually cost: overshoots by at most what is in flight. */
  NORMAL
}
