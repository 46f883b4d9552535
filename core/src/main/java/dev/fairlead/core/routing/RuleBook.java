package dev.fairlead.core.routing;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Scope;
import dev.fairlead.core.governance.Team;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.port.UsageView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a configuration, compiled once and kept while requests still use it. Whoever puts a
 * configuration in force calls {@link #of} before, so that no event loop compiles. Thread-safe.
 */
public final class RuleBook {
  /** Configurations whose rules are kept: the one in force and those requests began with. */
  private static final int KEPT = 4;

  /** A book of a gateway that has no rules and takes none. */
  public static RuleBook closed() {
    return new RuleBook(
        expression -> {
          throw new IllegalArgumentException("rules are not available here");
        },
        UsageView.NONE);
  }

  private final Condition.Compiler compiler;
  private final UsageView usage;
  private final AtomicReference<List<Rules>> recent = new AtomicReference<>(List.of());

  /**
   * An empty book.
   *
   * @param usage how full budgets are that rules ask about
   */
  public RuleBook(Condition.Compiler compiler, UsageView usage) {
    this.compiler = compiler;
    this.usage = usage;
  }

  UsageView usage() {
    return usage;
  }

  /** The compiled rules of {@code governance}. */
  public Rules of(Governance governance) {
    if (governance.rules().isEmpty()) {
      return Rules.NONE;
    }
    for (Rules known : recent.get()) {
      if (known.source.equals(governance.rules())) {
        return known;
      }
    }
    Rules fresh = compile(governance.rules());
    recent.updateAndGet(before -> {
      List<Rules> after = new ArrayList<>(KEPT);
      after.add(fresh);
      before.stream().limit(KEPT - 1L).forEach(after::add);
      return List.copyOf(after);
    });
    return fresh;
  }

  private Rules compile(List<RoutingRule> source) {
    Map<Scope, List<Ready>> byScope = new HashMap<>();
    Map<String, RuleTally> tallies = tallies();
    Set<Variable> needs = EnumSet.noneOf(Variable.class);
    for (RoutingRule rule : source) {
      if (rule.enabled()) {
        Ready ready = ready(rule, tallies.computeIfAbsent(rule.id(), _ -> new RuleTally()));
        needs.addAll(ready.condition().needs());
        byScope.computeIfAbsent(rule.scope(), _ -> new ArrayList<>()).add(ready);
      }
    }
    byScope.replaceAll((_, rules) ->
        rules.stream()
            .sorted(Comparator.comparingInt((Ready ready) -> ready.rule().priority()))
            .toList());
    return new Rules(source, Map.copyOf(byScope), needs);
  }

  /** What was counted goes on when a configuration with the same rules follows. */
  private Map<String, RuleTally> tallies() {
    Map<String, RuleTally> tallies = new HashMap<>();
    for (Rules known : recent.get()) {
      known.byScope.values().stream()
          .flatMap(List::stream)
          .forEach(ready -> tallies.putIfAbsent(ready.rule().id(), ready.tally()));
    }
    return tallies;
  }

  private Ready ready(RoutingRule rule, RuleTally tally) {
    if (rule.expression().isBlank()) {
      return new Ready(rule, ALWAYS, null, tally);
    }
    try {
      Condition condition = compiler.compile(rule.expression());
      boolean restricts =
          rule.action() instanceof Action.Deny || rule.action() instanceof Action.Require;
      return new Ready(rule, restricts ? new FailingClosed(condition) : condition, null, tally);
    } catch (IllegalArgumentException invalid) {
      // Such a rule is refused when it is saved. Should one get here all the same, skipping it
      // could let through what it was written to stop.
      return new Ready(rule, ALWAYS, String.valueOf(invalid.getMessage()), tally);
    }
  }

  private static final Condition ALWAYS =
      new Condition() {
        @Override
        public Set<Variable> needs() {
          return Set.of();
        }

        @Override
        public Answer test(Facts facts) {
          return Answer.TRUE;
        }
      };

  /** What a rule that restricts asks: no request gets past it because evaluation fails. */
  private record FailingClosed(Condition condition) implements Condition {
    @Override
    public Set<Variable> needs() {
      return condition.needs();
    }

    @Override
    public Answer test(Facts facts) {
      Answer answer = condition.test(facts);
      return answer.failed() ? new Answer(Verdict.TRUE, answer.why(), true) : answer;
    }
  }

  /**
   * A rule and its condition.
   *
   * @param broken why it cannot be asked, or null
   * @param tally counts what it would have done while it only observes
   */
  record Ready(RoutingRule rule, Condition condition, @Nullable String broken, RuleTally tally) {}

  /** The rules of one configuration. */
  public static final class Rules {
    static final Rules NONE = new Rules(List.of(), Map.of(), Set.of());

    private final List<RoutingRule> source;
    private final Map<Scope, List<Ready>> byScope;
    private final Revealed.Wanted wanted;

    private Rules(List<RoutingRule> source, Map<Scope, List<Ready>> byScope, Set<Variable> needs) {
      this.source = source;
      this.byScope = byScope;
      this.wanted =
          needs.isEmpty()
              ? Revealed.Wanted.NOTHING
              : new Revealed.Wanted(
                  needs.contains(Variable.REPOSITORY)
                      || needs.contains(Variable.CWD)
                      || needs.contains(Variable.BRANCH),
                  needs.contains(Variable.PATHS),
                  needs.contains(Variable.HAS_IMAGES));
    }

    /** What has to be looked for in requests. */
    public Revealed.Wanted wanted() {
      return wanted;
    }

    /** What those that only observe would have done since the start, as written. */
    public List<RuleTally.Observed> observed() {
      Map<String, RuleTally> tallies = new HashMap<>();
      for (List<Ready> ready : byScope.values()) {
        ready.forEach(one -> tallies.put(one.rule().id(), one.tally()));
      }
      List<RuleTally.Observed> all = new ArrayList<>();
      for (RoutingRule rule : source) {
        RuleTally tally = tallies.get(rule.id());
        if (tally != null && rule.enforcement() == Enforcement.OBSERVE) {
          all.add(tally.of(rule));
        }
      }
      return all;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
      return byScope.isEmpty();
    }

    /** Those that hold for {@code principal}, in the order in which they are looked at. */
    List<Ready> inOrder(Principal principal, Governance governance) {
      List<Ready> global = byScope.getOrDefault(new Scope.Global(), List.of());
      if (!(principal instanceof Principal.KeyHolder(VirtualKey key, var _))) {
        return global;
      }
      List<Ready> all = new ArrayList<>(byScope.getOrDefault(new Scope.OfKey(key.id()), List.of()));
      Team team = governance.teamOf(key);
      if (team != null) {
        all.addAll(byScope.getOrDefault(new Scope.OfTeam(team.id()), List.of()));
      }
      Customer customer = governance.customerOf(key);
      if (customer != null) {
        all.addAll(byScope.getOrDefault(new Scope.OfCustomer(customer.id()), List.of()));
      }
      all.addAll(global);
      return all;
    }
  }
}
