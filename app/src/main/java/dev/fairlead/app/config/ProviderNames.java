package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Nearest;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.provider.Catalogue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The providers other parts of the file may refer to. */
final class ProviderNames {
  private final Map<String, ProviderConfig> configured;
  private final Findings findings;

  ProviderNames(Map<String, ProviderConfig> configured, Findings findings) {
    this.configured = configured;
    this.findings = findings;
  }

  @Nullable ProviderConfig configured(String name) {
    return configured.get(name);
  }

  /**
   * Whether {@code name} may be referred to. One that is known but not configured is noted only:
   * its key may come tomorrow. Any other is a problem.
   */
  boolean check(String name, Json at, String path) {
    if (configured.containsKey(name)) {
      return true;
    }
    if (Catalogue.row(name) != null || Catalogue.knownButNotServed(name)) {
      findings.note(
          path + " refers to " + name + ", which is not configured; it has no effect until it is");
      return true;
    }
    String meant = Nearest.to(name, configured.keySet());
    if (meant == null) {
      meant = Nearest.to(name, Catalogue.rows().keySet());
    }
    findings.problem(
        at,
        path,
        "refers to provider \""
            + name
            + "\", which is not configured"
            + (meant == null ? "; configured are " + told() : "; did you mean " + meant + "?"));
    return false;
  }

  private String told() {
    return configured.isEmpty() ? "none" : String.join(", ", configured.keySet());
  }

  /** Checks the providers of {@code items} and reads them. */
  List<ModelRef> refs(List<Json> items, String path) {
    for (int i = 0; i < items.size(); i++) {
      ModelRef ref = ModelRefs.one(items.get(i));
      if (ref != null) {
        check(ref.provider(), items.get(i), path + "[" + i + "]");
      }
    }
    return ModelRefs.read(items);
  }
}
