package dev.fairlead.provider;

import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.Reject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The header {@code anthropic-beta}: a list of names, in one header or several. */
public final class BetaHeader {
  private static final String NAME = "anthropic-beta";

  private BetaHeader() {}

  /**
   * Headers without some betas.
   *
   * @param applied those of the rejects that made a difference
   */
  public record Spared(Headers headers, Set<Reject> applied) {
    public Spared {
      applied = Set.copyOf(applied);
    }
  }

  /** Leaves out the betas {@code rejects} name; a header that would be empty goes altogether. */
  public static Spared without(Headers headers, Set<Reject> rejects) {
    Set<String> unwanted = new HashSet<>();
    for (Reject reject : rejects) {
      if (reject instanceof Reject.Beta(String value)) {
        unwanted.add(value);
      }
    }
    if (unwanted.isEmpty() || !headers.contains(NAME)) {
      return new Spared(headers, Set.of());
    }
    Set<Reject> applied = new LinkedHashSet<>();
    Headers.Builder kept = Headers.builder();
    headers.forEach((name, value) -> {
      String rest = name.equalsIgnoreCase(NAME) ? without(value, unwanted, applied) : value;
      if (!rest.isEmpty() || value.isEmpty()) {
        kept.add(name, rest);
      }
    });
    return applied.isEmpty() ? new Spared(headers, Set.of()) : new Spared(kept.build(), applied);
  }

  private static String without(String value, Set<String> unwanted, Set<Reject> applied) {
    List<String> kept = new ArrayList<>();
    boolean changed = false;
    for (String beta : value.split(",", -1)) {
      String bare = beta.strip();
      if (unwanted.contains(bare)) {
        applied.add(new Reject.Beta(bare));
        changed = true;
      } else {
        kept.add(beta);
      }
    }
    return changed ? String.join(",", kept).strip() : value;
  }
}
