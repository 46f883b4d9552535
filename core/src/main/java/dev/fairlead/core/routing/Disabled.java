package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Providers that are configured and disabled: no target is ever made at one. Where a name leads to
 * several providers they come last, as if they were not there, but so that plans tell why they were
 * passed over.
 */
final class Disabled {
  /** Code of the denial. */
  static final String CODE = "provider_disabled";

  private Disabled() {}

  /** Whether {@code ref} leads to a provider that is disabled. */
  static boolean is(ModelRef ref, Snapshot snapshot) {
    ProviderConfig provider = snapshot.provider(ref.provider());
    return provider != null && !provider.enabled();
  }

  /** {@code refs}, those of disabled providers last. */
  static List<ModelRef> last(List<ModelRef> refs, Snapshot snapshot) {
    return last(refs, ref -> ref, snapshot);
  }

  /** As {@link #last(List, Snapshot)}, for what leads to the model that {@code to} says. */
  static <T> List<T> last(List<T> all, Function<T, ModelRef> to, Snapshot snapshot) {
    List<T> disabled = new ArrayList<>(0);
    for (T each : all) {
      if (is(to.apply(each), snapshot)) {
        disabled.add(each);
      }
    }
    if (disabled.isEmpty() || disabled.size() == all.size()) {
      return all;
    }
    List<T> ordered = new ArrayList<>(all);
    ordered.removeIf(each -> is(to.apply(each), snapshot));
    ordered.addAll(disabled);
    return ordered;
  }

  /** Why {@code provider} is not asked for {@code model}. */
  static Failure.Denied denial(ProviderConfig provider, String model) {
    return Failure.Denied.forbidden(
        CODE,
        "Provider "
            + provider.name()
            + " is disabled, so it cannot answer for model "
            + model
            + ". Ask for a model of another provider, or ask the operator of this gateway to enable"
            + " it (providers."
            + provider.name()
            + ".enabled).");
  }

  /** The names of all providers, for messages. */
  static String names(Snapshot snapshot) {
    StringJoiner names = new StringJoiner(", ");
    for (ProviderConfig provider : snapshot.providers().values()) {
      names.add(provider.enabled() ? provider.name() : provider.name() + " (disabled)");
    }
    return names.toString();
  }
}
