package dev.fairlead.core.pricing;

/** What something cost, if that is known. */
public sealed interface Cost {
  /** This much, in nano-USD (10⁻⁹ USD). */
  record Known(long nanoUsd) implements Cost {}

  /** Nobody knows; it is not free. */
  record Unpriced(String provider, String model) implements Cost {}
}
