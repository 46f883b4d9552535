package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import org.jspecify.annotations.Nullable;

/**
 * A model somebody wants.
 *
 * @param keyId id or name of the provider key to use, or null for any
 */
record Wanted(ModelRef ref, @Nullable String keyId) {
  static Wanted of(ModelRef ref) {
    return new Wanted(ref, null);
  }

  @Override
  public String toString() {
    return ref.toString();
  }
}
