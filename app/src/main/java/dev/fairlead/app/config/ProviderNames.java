package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Nearest;
import dev.fairlead.app.config.shape.Problem;
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
    return check(name, at.line(), at.column(), path);
  }

  /** As {@link #check(String, Json, String)}, for a place known by line and column. */
  boolean check(String name, int line, int column, String path) {
    if (configured.containsKey(name)) {
      return true;
    }
    if (Catalogue.row(name) != null || Catalogue.knownButNotServed(name)) {
      findings.note(
          path + " refers to " + name + ", which is not configured; it has no effect until it is");
      return true;
    }
    findings.problems().add(new Problem(path, line, column, unknown(name)));
    return false;
  }

  /** Whether {@code name} is configured, or is that of a provider that may be some day. */
  boolean known(String name) {
    return configured.containsKey(name)
        || Catalogue.row(name) != null
        || Catalogue.knownButNotServed(name);
  }

  /** What to say of a reference to {@code name}, which is not known. */
  String unknown(String name) {
    String meant = Nearest.to(name, configured.keySet());
    if (meant == null) {
      meant = Nearest.to(name, Catalogue.rows().keySet());
    }
    return "refers to provider \""
        + name
        + "\", which is not configured"
        + (meant == null ? "; configured are " + told() : "; did you mean " + meant + "?");
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
