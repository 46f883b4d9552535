package dev.fairlead.core.routing;

import dev.fairlead.core.governance.Attribution.Named;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The targets for one request, in the order to try them.
 *
 * @param targets at least one
 * @param skipped targets that were left out, each with the reason, in words for people
 * @param rule the routing rule that sent the request here, or null
 * @param required tags every provider carries that the request may be sent to
 * @param notes what only the operator is told
 */
public record Plan(
    List<Target> targets,
    List<String> skipped,
    @Nullable Named rule,
    Set<String> required,
    List<String> notes) {
  public Plan {
    targets = List.copyOf(targets);
    skipped = List.copyOf(skipped);
    required = Set.copyOf(required);
    notes = List.copyOf(notes);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a plan has a target");
    }
  }

  /** A plan without rules. */
  public Plan(List<Target> targets, List<String> skipped) {
    this(targets, skipped, null, Set.of(), List.of());
  }
}
