package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution.Named;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Destination;
import dev.fairlead.core.port.UsageView;
import dev.fairlead.core.routing.Condition.Answer;
import dev.fairlead.core.routing.Condition.Verdict;
import dev.fairlead.core.routing.RuleBook.Ready;
import dev.fairlead.core.routing.RuleTally.Effect;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the rules. Rules that require tags are all looked at, whatever else is
 * taken, also for the model another rule leads to; of the others the first that matches is taken.
 * What is tried besides, such as a fallback, is held against all rules that restrict.
 */
final class RuleWalk {
  /** Most rules taken one after another. */
  static final int MOST_CHAINED = 10;

  private static final String RULE_DENIED = "rule_denied";

  /**
   * Where the rules led.
   *
   * @param refused why the request is not served, or null
   * @param rule the rule taken last, or null
   * @param targets where it goes, best first; empty for where its own name leads
   * @param fallbacks where it goes then; empty for the request's own
   * @param required tags the providers must carry
   * @param sealing those of them that hold for the session from now on
   */
  record Led(
      @Nullable Failure refused,
      @Nullable Named rule,
      List<Wanted> targets,
      List<ModelRef> fallbacks,
      Set<String> required,
      Set<String> sealing,
      List<String> notes) {
    static final Led NOWHERE =
        new Led(null, null, List.of(), List.of(), Set.of(), Set.of(), List.of());
  }

  /**
   * One request that is held against rules, however often while it is planned.
   *
   * @param trace takes what was seen of each rule, or null
   * @param counted what was counted of the request already; written to
   */
  record Asked(
      Question question,
      Snapshot snapshot,
      ModelNames names,
      List<Ready> rules,
      UsageView usage,
      @Nullable List<RuleSeen> trace,
      Set<Counted> counted) {}

  /** That a rule which only observes would have had an effect on a request. */
  record Counted(String ruleId, Effect effect) {}

  private final Asked asked;
  private final Set<String> required = new HashSet<>();
  private final Set<String> sealing = new HashSet<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private @Nullable Named taken;
  private @Nullable Named guard;

  private RuleWalk(Asked asked) {
    this.asked = asked;
  }

  /**
   * Goes through the rules.
   *
   * @param first where the request's own name leads, or null when it leads nowhere
   */
  static Led walk(Asked asked, @Nullable ModelRef first) {
    return new RuleWalk(asked).run(first);
  }

  /**
   * What the rules say of a target they did not lead to themselves, such as a fallback.
   *
   * @param denied why it may not be asked, or null
   * @param required tags its provider must carry besides those of the request
   */
  record Restriction(@Nullable Failure denied, Set<String> required, List<String> notes) {
    static final Restriction NONE = new Restriction(null, Set.of(), List.of());
  }

  /**
   * Holds {@code ref} against the rules that restrict.
   *
   * @param chosen whether a rule names it as its own target or fallback: what it requires of its
   *     providers holds all the same, but no rule behind that one denies it
   */
  static Restriction restriction(Asked asked, ModelRef ref, boolean chosen) {
    return new RuleWalk(asked).restrict(ref, chosen);
  }

  private Restriction restrict(ModelRef ref, boolean chosen) {
    RuleFacts facts = facts(ref);
    Failure refused = guards(facts, ref);
    if (refused == null && !chosen) {
      refused = denials(facts, ref);
    }
    return new Restriction(refused, Set.copyOf(required), List.copyOf(notes));
  }

  private @Nullable Failure denials(RuleFacts facts, ModelRef ref) {
    for (Ready ready : asked.rules()) {
      RoutingRule rule = ready.rule();
      if (rule.action() instanceof Action.Deny(String message)) {
        Answer answer = ask(ready, facts);
        Failure undecided = undecided(ready, answer);
        boolean holds = undecided != null || holds(rule, answer);
        boolean acts = rule.enforcement() == Enforcement.ENFORCE;
        seen(rule, ref, answer, acts && holds);
        if (holds && acts) {
          return undecided == null ? denied(rule, message) : undecided;
        }
        if (holds) {
          note(ready, Effect.DENIED, "would have refused " + ref);
        }
      }
    }
    return null;
  }

  private Led run(@Nullable ModelRef first) {
    ModelRef now = first;
    List<Wanted> targets = List.of();
    List<ModelRef> fallbacks = List.of();
    Set<ModelRef> visited = new HashSet<>();
    if (now != null) {
      visited.add(now);
    }
    for (int depth = 0; depth <= MOST_CHAINED; depth++) {
      RuleFacts facts = facts(now);
      Failure refused = guards(facts, now);
      if (refused != null) {
        return led(refused, targets, fallbacks);
      }
      Step step = depth == MOST_CHAINED ? new Step.End(List.of(), null) : choose(facts, now);
      switch (step) {
        case Step.Stop(Failure failure) -> {
          return led(failure, targets, fallbacks);
        }
        case Step.End(List<Wanted> to, RoutingRule rule) -> {
          if (rule != null) {
            targets = to;
            fallbacks = rule.fallbacks();
            ModelRef next = to.getFirst().ref();
            boolean fresh = visited.add(next);
            boolean moved = !next.equals(now);
            now = next;
            if (rule.chain() && fresh) {
              continue;
            }
            // What is required of the model it came to holds, too.
            Failure last = moved ? guards(facts(now), now) : null;
            return led(last, targets, fallbacks);
          }
          return led(null, targets, fallbacks);
        }
      }
    }
    return led(null, targets, fallbacks);
  }

  /** What came of looking at the rules once. */
  private sealed interface Step {
    record Stop(Failure failure) implements Step {}

    /** {@code rule} is null when none matched. */
    record End(List<Wanted> to, @Nullable RoutingRule rule) implements Step {}
  }

  private Led led(@Nullable Failure refused, List<Wanted> targets, List<ModelRef> fallbacks) {
    return new Led(
        refused,
        taken == null ? guard : taken,
        targets,
        fallbacks,
        Set.copyOf(required),
        Set.copyOf(sealing),
        List.copyOf(notes));
  }

  private RuleFacts facts(@Nullable ModelRef now) {
    return new RuleFacts(
        asked.question(),
        asked.snapshot(),
        now == null ? "" : now.provider(),
        now == null ? asked.question().model() : now.model(),
        ZoneId.systemDefault(),
        asked.usage());
  }

  private @Nullable Failure guards(RuleFacts facts, @Nullable ModelRef now) {
    for (Ready ready : asked.rules()) {
      RoutingRule rule = ready.rule();
      if (rule.action() instanceof Action.Require(Set<String> tags)) {
        Answer answer = ask(ready, facts);
        Failure undecided = undecided(ready, answer);
        boolean holds = holds(rule, answer);
        boolean acts = rule.enforcement() == Enforcement.ENFORCE;
        seen(rule, now, answer, acts && holds);
        if (undecided != null && acts) {
          guard = named(rule);
          return undecided;
        }
        if (undecided != null || (holds && !acts)) {
          note(
              ready,
              undecided == null ? Effect.SEALED : Effect.DENIED,
              undecided == null ? "would require the tags " + tags : "would have refused");
        } else if (holds) {
          guard = named(rule);
          required.addAll(tags);
          if (answer.verdict() == Verdict.TRUE) {
            sealing.addAll(tags);
          }
        }
      }
    }
    return null;
  }

  private Step choose(RuleFacts facts, @Nullable ModelRef now) {
    for (Ready ready : asked.rules()) {
      RoutingRule rule = ready.rule();
      if (rule.action() instanceof Action.Require) {
        continue;
      }
      Answer answer = ask(ready, facts);
      Failure undecided = undecided(ready, answer);
      boolean holds = holds(rule, answer);
      boolean acts = rule.enforcement() == Enforcement.ENFORCE;
      seen(rule, now, answer, acts && holds);
      if (undecided != null) {
        if (acts) {
          taken = named(rule);
          return new Step.Stop(undecided);
        }
        note(ready, Effect.DENIED, "would have refused the request");
        continue;
      }
      if (!holds) {
        continue;
      }
      switch (rule.action()) {
        case Action.Deny(String message) -> {
          if (acts) {
            taken = named(rule);
            return new Step.Stop(denied(rule, message));
          }
          note(ready, Effect.DENIED, "would have refused the request");
        }
        case Action.Route(List<Destination> destinations) -> {
          List<Wanted> to = drawn(rule, destinations, now);
          if (to.isEmpty()) {
            continue;
          }
          if (acts) {
            taken = named(rule);
            return new Step.End(to, rule);
          }
          note(ready, Effect.REDIRECTED, "would have sent the request to " + to.getFirst());
        }
        case Action.Require _ -> {}
      }
    }
    return new Step.End(List.of(), null);
  }

  private static Failure denied(RoutingRule rule, String message) {
    return Failure.Denied.forbidden(
        RULE_DENIED,
        message.isBlank()
            ? "The rule \"" + rule.name() + "\" of this gateway does not allow it."
            : message);
  }

  private List<Wanted> drawn(
      RoutingRule rule, List<Destination> destinations, @Nullable ModelRef now) {
    if (destinations.isEmpty() && now != null) {
      // A rule that only says where requests go when their own target failed.
      return List.of(Wanted.of(now));
    }
    List<Destination> ordered =
        destinations.size() < 2
            ? destinations
            : KeyOrder.order(
                destinations,
                d -> d.provider() + "/" + d.model() + "#" + d.keyId(),
                Destination::weight,
                asked.question(),
                rule.id());
    List<Wanted> wanted = new ArrayList<>(ordered.size());
    for (Destination to : ordered) {
      ModelRef ref = resolved(to, now);
      if (ref != null) {
        wanted.add(new Wanted(ref, to.keyId()));
      }
    }
    return Disabled.last(wanted, Wanted::ref, asked.snapshot());
  }

  private @Nullable ModelRef resolved(Destination to, @Nullable ModelRef now) {
    String own = now == null ? asked.question().model() : now.model();
    String model = to.model() == null || to.model().isEmpty() ? own : to.model();
    if (to.provider() != null && !to.provider().isEmpty()) {
      return new ModelRef(to.provider(), model);
    }
    if (now != null) {
      return new ModelRef(now.provider(), model);
    }
    return asked.names().resolve(asked.question().about(model), asked.snapshot())
            instanceof ModelNames.Resolution.Found(List<ModelRef> refs, boolean _)
        ? refs.getFirst()
        : null;
  }

  private static Answer ask(Ready ready, RuleFacts facts) {
    return ready.broken() == null
        ? ready.condition().test(facts)
        : Answer.unknown("the rule is not valid: " + ready.broken());
  }

  private static boolean holds(RoutingRule rule, Answer answer) {
    return switch (answer.verdict()) {
      case TRUE -> true;
      case FALSE -> false;
      case UNKNOWN -> rule.onUnknown() == RoutingRule.OnUnknown.MATCH;
    };
  }

  private static @Nullable Failure undecided(Ready ready, Answer answer) {
    RoutingRule rule = ready.rule();
    if (answer.verdict() != Verdict.UNKNOWN
        || (ready.broken() == null && rule.onUnknown() != RoutingRule.OnUnknown.DENY)) {
      return null;
    }
    return Failure.Denied.forbidden(
        "rule_undecided",
        "The rule \""
            + rule.name()
            + "\" of this gateway cannot be decided for this request ("
            + answer.why()
            + "), and then refuses it. Ask the operator of this gateway.");
  }

  private void seen(RoutingRule rule, @Nullable ModelRef now, Answer answer, boolean acted) {
    List<RuleSeen> trace = asked.trace();
    if (trace != null) {
      trace.add(new RuleSeen(rule, now, answer, acted));
    }
  }

  private void note(Ready ready, Effect effect, String what) {
    notes.add("rule \"" + ready.rule().name() + "\" (observed only) " + what);
    if (asked.trace() == null && asked.counted().add(new Counted(ready.rule().id(), effect))) {
      ready.tally().count(effect, System.currentTimeMillis());
    }
  }

  private static Named named(RoutingRule rule) {
    return new Named(rule.id(), rule.name());
  }
}
