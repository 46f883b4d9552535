package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes when what it asked for failed.
 *
 * @param refs in order; may repeat what is wanted anyway
 * @param failure what is wrong with those of the request, or null
 */
record Fallbacks(List<ModelRef> refs, @Nullable Failure failure) {
  private static final Fallbacks NONE = new Fallbacks(List.of(), null);

  /** Those the request itself lists. */
  static Fallbacks ofRequest(Question question, Snapshot snapshot) {
    if (question.fallbacks().isEmpty()) {
      return NONE;
    }
    List<ModelRef> refs = new ArrayList<>(question.fallbacks().size());
    for (int i = 0; i < question.fallbacks().size(); i++) {
      String written = question.fallbacks().get(i);
      ModelRef ref = ModelNames.qualified(written, snapshot);
      List<ModelRef> aliased =
          ref == null ? ModelNames.aliased(written, question, snapshot) : List.of(ref);
      int slash = written.indexOf('/');
      if (aliased != null) {
        refs.addAll(aliased);
      } else if (slash > 0 && slash < written.length() - 1) {
        // Of a provider that is not there: no reason to refuse what the first choice may well
        // serve.
        refs.add(new ModelRef(written.substring(0, slash), written.substring(slash + 1)));
      } else {
        return new Fallbacks(
            List.of(),
            new Failure.ClientFault(
                400,
                "invalid_fallback",
                "fallbacks["
                    + i
                    + "]: \""
                    + written
                    + "\" is neither provider/model nor an alias. Write provider/model with one of:"
                    + " "
                    + Disabled.names(snapshot)
                    + ".",
                "fallbacks"));
      }
    }
    return new Fallbacks(refs, null);
  }

  /** Those configured for the model's name, or else for a model it stands for. */
  static List<ModelRef> configured(Question question, Snapshot snapshot, List<Wanted> primary) {
    if (snapshot.client().fallbacks().isEmpty()) {
      return List.of();
    }
    List<ModelRef> found = snapshot.client().fallbacks().get(question.model());
    for (Wanted wanted : primary) {
      if (found == null) {
        found = snapshot.client().fallbacks().get(wanted.ref().toString());
      }
    }
    return found == null ? List.of() : found;
  }

  /** Those of the key that is tried first at {@code target}. */
  static List<ModelRef> ofKey(Target target) {
    ProviderKey key = target.key(0);
    return key == null ? List.of() : key.fallbacks();
  }
}
