package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.governance.RoutingRule;
import org.jspecify.annotations.Nullable;

/**
 * A look at a rule.
 *
 * @param about where the request would have gone at that moment, or null for nowhere
 * @param acted whether the rule decided something
 */
public record RuleSeen(
    RoutingRule rule, @Nullable ModelRef about, Condition.Answer answer, boolean acted) {}
