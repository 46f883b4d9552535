package dev.fairlead.core.routing;

import java.util.List;

/**
 * The targets for one request, in the order to try them.
 *
 * @param targets at least one
 * @param skipped targets that were left out, each with the reason, in words for people
 */
public record Plan(List<Target> targets, List<String> skipped) {
  public Plan {
    targets = List.copyOf(targets);
    skipped = List.copyOf(skipped);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a plan has a target");
    }
  }
}
