package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution.Named;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.models.Successor;
import dev.fairlead.core.routing.Candidates.Candidate;
import dev.fairlead.core.routing.RuleBook.Ready;
import dev.fairlead.core.routing.RuleBook.Rules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From a model name to the targets that may serve it. Pure but for a look at what is cooling and at
 * what is remembered of sessions: alias, rules, weights, then fallbacks, each target made by {@link
 * Candidates}.
 */
public final class Planner {
  /** Most targets of one plan; what a client lists beyond that is reported as skipped. */
  public static final int MOST_TARGETS = 16;

  /** What came of it. */
  public sealed interface Outcome {
    /** Go on with {@code plan}. */
    record Planned(Plan plan) implements Outcome {}

    /**
     * No target may or can serve this.
     *
     * @param rule the routing rule that decided, or null
     */
    record Refused(Failure failure, @Nullable Named rule) implements Outcome {}
  }

  /**
   * How an outcome came about.
   *
   * @param first where the name of the model itself leads, or null for nowhere
   * @param rules looked at, in order
   * @param required tags the providers have to carry
   */
  public record Explanation(
      @Nullable ModelRef first, List<RuleSeen> rules, Set<String> required, Outcome outcome) {
    public Explanation {
      rules = List.copyOf(rules);
      required = Set.copyOf(required);
    }
  }

  private final ModelCatalogue catalogue;
  private final SessionModels sessions;
  private final RuleBook book;
  private final SessionSeals seals;
  private final ModelNames names;
  private final Candidates candidates;

  /** A planner that knows {@code catalogue} of models, and what sessions use and require. */
  public Planner(
      Health health,
      ModelCatalogue catalogue,
      LearnedWindows windows,
      SessionModels sessions,
      RuleBook book,
      SessionSeals seals,
      Latencies latencies) {
    this.catalogue = catalogue;
    this.sessions = sessions;
    this.book = book;
    this.seals = seals;
    this.names = new ModelNames(sessions, latencies);
    this.candidates = new Candidates(health, catalogue, windows);
  }

  /** A planner that knows nothing of models and takes no rules. */
  public Planner(Health health) {
    this(
        health,
        ModelCatalogue.NONE,
        new LearnedWindows(System::currentTimeMillis),
        new SessionModels(System::currentTimeMillis),
        RuleBook.closed(),
        new SessionSeals(),
        new Latencies(System::currentTimeMillis));
  }

  /** The rules of {@code snapshot}, which say what has to be looked for in requests. */
  public Rules rules(Snapshot snapshot) {
    return book.of(snapshot.governance());
  }

  /** Plans {@code question} against {@code snapshot}. */
  public Outcome plan(Question question, Snapshot snapshot) {
    return new Planning(question, snapshot, null).run();
  }

  /** As {@link #plan}, but leaves no trace, and tells how it came about. */
  public Explanation explain(Question question, Snapshot snapshot) {
    List<RuleSeen> seen = new ArrayList<>();
    Planning planning = new Planning(question, snapshot, seen);
    Outcome outcome = planning.run();
    return new Explanation(planning.first, seen, planning.required, outcome);
  }

  /** Who came upon a target. */
  private enum By {
    /** The way through the rules, on which it was held against all of them. */
    WALK,
    /** A rule that names it as one of its targets or fallbacks. */
    RULE,
    /** The request, the configuration, or what the name leads to besides. */
    REQUEST
  }

  /** One question on its way. */
  private final class Planning {
    private final Question question;
    private final Snapshot snapshot;
    private final @Nullable List<RuleSeen> trace;
    private final List<Target> fit = new ArrayList<>(2);
    private final List<Target> cooling = new ArrayList<>(0);
    private final List<String> skipped = new ArrayList<>(0);
    private final List<Wanted> tried = new ArrayList<>(2);
    private @Nullable ModelRef first;
    private Set<String> required = Set.of();

    /** For the rules that hold for it; null when there are none. */
    private final RuleWalk.@Nullable Asked asked;

    private final Set<String> notes = new LinkedHashSet<>();
    private @Nullable Failure failure;

    Planning(Question question, Snapshot snapshot, @Nullable List<RuleSeen> trace) {
      this.question = question;
      this.snapshot = snapshot;
      this.trace = trace;
      Rules all = rules(snapshot);
      List<Ready> rules =
          all.isEmpty() ? List.of() : all.inOrder(question.principal(), snapshot.governance());
      this.asked =
          rules.isEmpty()
              ? null
              : new RuleWalk.Asked(
                  question, snapshot, names, rules, book.usage(), trace, new HashSet<>());
    }

    Outcome run() {
      ModelNames.Resolution resolution = names.resolve(question, snapshot);
      List<ModelRef> refs =
          switch (resolution) {
            case ModelNames.Resolution.Found(List<ModelRef> found, boolean _) -> found;
            case ModelNames.Resolution.Unknown _ -> List.of();
          };
      Open open = open(refs);
      refs = open.refs();
      RuleWalk.Led led = open.led();
      first = refs.isEmpty() ? null : refs.getFirst();
      required = required(led);
      if (led.refused() != null) {
        return new Outcome.Refused(led.refused(), led.rule());
      }
      if (led.targets().isEmpty()
          && resolution instanceof ModelNames.Resolution.Unknown(Failure unknown)) {
        return new Outcome.Refused(unknown, led.rule());
      }
      List<Wanted> primary = led.targets().isEmpty() ? wanted(refs) : led.targets();
      for (int i = 0; i < primary.size(); i++) {
        consider(primary.get(i), i == 0 ? By.WALK : led.targets().isEmpty() ? By.REQUEST : By.RULE);
      }
      Failure bad = fallbacks(primary, led.fallbacks());
      if (bad != null) {
        return new Outcome.Refused(bad, led.rule());
      }
      fit.addAll(cooling);
      if (fit.isEmpty()) {
        return new Outcome.Refused(nothing(), led.rule());
      }
      remember(resolution);
      List<Target> targets = withSuccessors();
      notes.addAll(led.notes());
      return new Outcome.Planned(
          new Plan(targets, skipped, led.rule(), required, List.copyOf(notes)));
    }

    private static List<Wanted> wanted(List<ModelRef> refs) {
      if (refs.size() == 1) {
        return List.of(Wanted.of(refs.getFirst()));
      }
      List<Wanted> wanted = new ArrayList<>(refs.size());
      for (ModelRef ref : refs) {
        wanted.add(Wanted.of(ref));
      }
      return wanted;
    }

    private RuleWalk.Led led(@Nullable ModelRef from) {
      return asked == null ? RuleWalk.Led.NOWHERE : RuleWalk.walk(asked, from);
    }

    /** The places a name leads to, and where the rules lead from the first of them. */
    private record Open(List<ModelRef> refs, RuleWalk.Led led) {}

    /**
     * What is left of {@code refs} from the first on that no rule refuses, so that a draw never
     * decides whether a request is served; all of them when all are refused.
     */
    private Open open(List<ModelRef> refs) {
      RuleWalk.Led drawn = led(refs.isEmpty() ? null : refs.getFirst());
      if (drawn.refused() == null || refs.size() < 2) {
        return new Open(refs, drawn);
      }
      List<String> refused = new ArrayList<>();
      Failure why = drawn.refused();
      for (int i = 1; i < refs.size(); i++) {
        refused.add(refs.get(i - 1) + ": " + why.message());
        RuleWalk.Led next = led(refs.get(i));
        if (next.refused() == null) {
          skipped.addAll(refused);
          return new Open(refs.subList(i, refs.size()), next);
        }
        why = next.refused();
      }
      return new Open(refs, drawn);
    }

    /** What the rules say of {@code wanted}, which none of them was asked about yet. */
    private RuleWalk.Restriction restriction(Wanted wanted, By by) {
      return by == By.WALK || asked == null
          ? RuleWalk.Restriction.NONE
          : RuleWalk.restriction(asked, wanted.ref(), by == By.RULE);
    }

    /** The candidate for {@code wanted}, by everything required of it. */
    private Candidate candidate(Wanted wanted, By by) {
      RuleWalk.Restriction restriction = restriction(wanted, by);
      notes.addAll(restriction.notes());
      if (restriction.denied() != null) {
        return Candidate.no(restriction.denied());
      }
      Set<String> tags = required;
      if (!restriction.required().isEmpty()) {
        tags = new HashSet<>(required);
        tags.addAll(restriction.required());
      }
      return candidates.of(question, snapshot, wanted, tags);
    }

    /** What the gateway, the key, the rules and the session require; seals the session. */
    private Set<String> required(RuleWalk.Led led) {
      Set<String> own =
          question.principal() instanceof Principal.KeyHolder(VirtualKey key, var _)
              ? key.requiredTags()
              : Set.of();
      String session = question.session();
      Set<String> sealed =
          session == null ? Set.of() : seals.of(question.principal().id(), session);
      if (session != null && !led.sealing().isEmpty() && trace == null) {
        seals.seal(question.principal().id(), session, led.sealing());
      }
      Set<String> everybodys = snapshot.governance().requiredTags();
      if (own.isEmpty() && sealed.isEmpty() && everybodys.isEmpty() && led.required().isEmpty()) {
        return Set.of();
      }
      Set<String> all = new HashSet<>(everybodys);
      all.addAll(own);
      all.addAll(sealed);
      all.addAll(led.required());
      return Set.copyOf(all);
    }

    private void consider(Wanted wanted, By by) {
      if (tried.contains(wanted)) {
        return;
      }
      tried.add(wanted);
      Candidate candidate = candidate(wanted, by);
      if (candidate.target() == null) {
        Failure why = candidate.failure();
        failure = failure == null ? why : failure;
        skipped.add(wanted + ": " + (why == null ? "" : why.message()));
      } else if (fit.size() + cooling.size() >= MOST_TARGETS) {
        skipped.add(wanted + ": a plan has at most " + MOST_TARGETS + " targets");
      } else {
        List<Target> group = candidate.cooling() ? cooling : fit;
        group.add(candidate.target());
        group.addAll(candidate.otherwise());
      }
    }

    /** Behind the first choices those of the rule, the request, or the configuration. */
    private @Nullable Failure fallbacks(List<Wanted> primary, List<ModelRef> ofRule) {
      if (!ofRule.isEmpty()) {
        ofRule.forEach(ref -> consider(Wanted.of(ref), By.RULE));
        return null;
      }
      Fallbacks asked = Fallbacks.ofRequest(question, snapshot);
      if (asked.failure() != null) {
        return asked.failure();
      }
      if (!question.fallbacks().isEmpty()) {
        asked.refs().forEach(ref -> consider(Wanted.of(ref), By.REQUEST));
        return null;
      }
      List<ModelRef> ofKeys = ofKeys(cooling, ofKeys(fit, List.of()));
      for (ModelRef ref : Fallbacks.configured(question, snapshot, primary)) {
        consider(Wanted.of(ref), By.REQUEST);
      }
      for (ModelRef ref : ofKeys) {
        consider(Wanted.of(ref), By.REQUEST);
      }
      return null;
    }

    private static List<ModelRef> ofKeys(List<Target> targets, List<ModelRef> before) {
      List<ModelRef> all = before;
      for (Target target : targets) {
        List<ModelRef> own = Fallbacks.ofKey(target);
        if (!own.isEmpty()) {
          all = new ArrayList<>(all);
          all.addAll(own);
        }
      }
      return all;
    }

    private Failure nothing() {
      return failure != null
          ? failure
          : new Failure.ClientFault(
              404, "model_not_found", "No provider serves " + question.model() + ".", "model");
    }

    private void remember(ModelNames.Resolution resolution) {
      if (trace == null
          && question.session() != null
          && resolution
              instanceof ModelNames.Resolution.Found(List<ModelRef> refs, boolean onPurpose)
          && onPurpose) {
        sessions.used(question.principal().id(), question.session(), refs.getFirst());
      }
    }

    /**
     * Behind each model that its vendor has given up the one that takes its place. The old name is
     * asked for first all the same: some may still use it, and a table grows old.
     */
    private List<Target> withSuccessors() {
      List<Target> all = new ArrayList<>(fit.size());
      for (Target target : fit) {
        all.add(target);
        String model = target.modelFor(0);
        ModelInfo known = catalogue.find(target.provider(), model);
        Successor next = known == null ? null : known.retired();
        if (next == null || all.size() >= MOST_TARGETS) {
          continue;
        }
        ModelRef ref = new ModelRef(target.provider().name(), next.model());
        Target instead = candidate(Wanted.of(ref), By.REQUEST).target();
        if (instead != null) {
          all.add(
              new Target(
                  instead.provider(),
                  instead.operation(),
                  instead.model(),
                  instead.keys(),
                  instead.direct(),
                  new Target.Retired(model, next.since())));
        }
      }
      return all;
    }
  }
}
