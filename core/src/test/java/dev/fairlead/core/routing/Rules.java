package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Destination;
import dev.fairlead.core.governance.RoutingRule.OnUnknown;
import dev.fairlead.core.governance.RoutingRule.Scope;
import dev.fairlead.core.governance.Team;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rules with a language of their own: {@code variable=value}, or {@code fails} for what fails. */
final class Rules {
  static final Origin ORIGIN = new Origin(Origin.Source.FILE, "config.json");

  private Rules() {}

  static Condition compile(String expression) {
    int equals = expression.indexOf('=');
    if (expression.equals("fails")) {
      return new Condition() {
        @Override
        public Set<Variable> needs() {
          return Set.of();
        }

        @Override
        public Answer test(Facts facts) {
          return Answer.failed("by zero");
        }
      };
    }
    if (equals < 0) {
      throw new IllegalArgumentException("no equals sign in " + expression);
    }
    Variable variable = Variable.named(expression.substring(0, equals));
    if (variable == null) {
      throw new IllegalArgumentException("unknown variable in " + expression);
    }
    String wanted = expression.substring(equals + 1);
    return new Condition() {
      @Override
      public Set<Variable> needs() {
        return EnumSet.of(variable);
      }

      @Override
      public Answer test(Facts facts) {
        Object value = facts.value(variable);
        return value == null
            ? Answer.unknown(variable.label() + " is not revealed")
            : value.toString().equals(wanted) ? Answer.TRUE : Answer.FALSE;
      }
    };
  }

  static RoutingRule rule(String name, String expression, Action action) {
    return rule(name, expression, action, new Scope.Global(), 0);
  }

  static RoutingRule rule(
      String name, String expression, Action action, Scope scope, int priority) {
    return new RoutingRule(
        "id-of-" + name,
        name,
        "",
        true,
        expression,
        false,
        action,
        List.of(),
        scope,
        priority,
        OnUnknown.NO_MATCH,
        Enforcement.ENFORCE,
        ORIGIN);
  }

  static RoutingRule chained(RoutingRule r) {
    return new RoutingRule(
        r.id(),
        r.name(),
        "",
        true,
        r.expression(),
        true,
        r.action(),
        r.fallbacks(),
        r.scope(),
        r.priority(),
        r.onUnknown(),
        r.enforcement(),
        r.origin());
  }

  static RoutingRule observed(RoutingRule r) {
    return new RoutingRule(
        r.id(),
        r.name(),
        "",
        true,
        r.expression(),
        r.chain(),
        r.action(),
        r.fallbacks(),
        r.scope(),
        r.priority(),
        r.onUnknown(),
        Enforcement.OBSERVE,
        r.origin());
  }

  static RoutingRule unknown(RoutingRule r, OnUnknown what) {
    return new RoutingRule(
        r.id(),
        r.name(),
        "",
        true,
        r.expression(),
        r.chain(),
        r.action(),
        r.fallbacks(),
        r.scope(),
        r.priority(),
        what,
        r.enforcement(),
        r.origin());
  }

  static RoutingRule fallingBack(RoutingRule r, ModelRef... fallbacks) {
    return new RoutingRule(
        r.id(),
        r.name(),
        "",
        true,
        r.expression(),
        r.chain(),
        r.action(),
        List.of(fallbacks),
        r.scope(),
        r.priority(),
        r.onUnknown(),
        r.enforcement(),
        r.origin());
  }

  static Action to(@Nullable String provider, @Nullable String model) {
    return new Action.Route(List.of(new Destination(provider, model, null, 1)));
  }

  static Action require(String... tags) {
    return new Action.Require(Set.of(tags));
  }

  static Snapshot governed(Snapshot s, RoutingRule... rules) {
    return governed(s, Set.of(), rules);
  }

  static Snapshot governed(Snapshot s, Set<String> required, RoutingRule... rules) {
    Governance none = Governance.NONE;
    Governance governance =
        new Governance(
            Map.of("acme", new Customer("acme", "Acme", ORIGIN)),
            Map.of("blue", new Team("blue", "Blue", "acme", ORIGIN)),
            none.users(),
            none.budgetsByOwner(),
            none.limitsByOwner(),
            List.of(rules),
            none.prices(),
            required);
    return new Snapshot(
        s.version(),
        s.providers(),
        s.virtualKeysByHash(),
        governance,
        s.client(),
        s.inert(),
        s.notes());
  }
}
