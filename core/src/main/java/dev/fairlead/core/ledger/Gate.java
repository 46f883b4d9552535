package dev.fairlead.core.ledger;

import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.Schedule;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.routing.Target;
import org.jspecify.annotations.Nullable;

/** One limit on one counter, as the configuration has it: a budget, or one of a limit's three. */
final class Gate {
  final String id;
  final String ruleId;
  final String name;
  final Unit unit;
  final Owner owner;
  final String ownerWords;
  final @Nullable Schedule schedule;
  final boolean strict;
  final boolean observe;
  final boolean closedWhenBlind;
  final Applies applies;
  private final long version;
  private final long limit;
  private final long topUp;
  private final long topUpUntil;
  private final @Nullable String provider;
  private volatile @Nullable Counter counter;

  private Gate(
      String id,
      String ruleId,
      String name,
      Unit unit,
      Owner owner,
      String ownerWords,
      @Nullable Schedule schedule,
      boolean strict,
      Enforcement enforcement,
      boolean closedWhenBlind,
      Applies applies,
      long version,
      long limit,
      Budget.@Nullable TopUp topUp) {
    this.id = id;
    this.ruleId = ruleId;
    this.name = name;
    this.unit = unit;
    this.owner = owner;
    this.ownerWords = ownerWords;
    this.schedule = schedule;
    this.strict = strict;
    this.observe = enforcement == Enforcement.OBSERVE;
    this.closedWhenBlind = closedWhenBlind;
    this.applies = applies;
    this.version = version;
    this.limit = limit;
    this.topUp = topUp == null ? 0 : topUp.nanoUsd();
    this.topUpUntil =
        topUp == null || topUp.until() == null ? Long.MAX_VALUE : topUp.until().toEpochMilli();
    this.provider = owner instanceof Owner.OfGrant(var _, String at) ? at : null;
  }

  static Gate of(Budget budget, String ownerWords, long version) {
    return new Gate(
        budget.id(),
        budget.id(),
        budget.name(),
        Unit.MONEY,
        budget.owner(),
        ownerWords,
        budget.schedule(),
        budget.strictness() == Strictness.STRICT,
        budget.enforcement(),
        budget.whenUnavailable() == Budget.WhenUnavailable.CLOSED,
        budget.applies(),
        version,
        budget.limitNanoUsd(),
        budget.topUp());
  }

  static Gate of(RateLimit of, RateLimit.PerWindow limit, Unit unit, String words, long version) {
    return of(of, unit, limit.schedule(), limit.limit(), words, version);
  }

  static Gate concurrent(RateLimit of, int most, String words, long version) {
    return of(of, Unit.CONCURRENT, null, most, words, version);
  }

  private static Gate of(
      RateLimit of,
      Unit unit,
      @Nullable Schedule schedule,
      long limit,
      String words,
      long version) {
    return new Gate(
        of.id() + "/" + unit.label(),
        of.id(),
        of.name(),
        unit,
        of.owner(),
        words,
        schedule,
        false,
        of.enforcement(),
        false,
        of.applies(),
        version,
        limit,
        null);
  }

  /** Whether nodes that share its counter must lease before they use; else they may overshoot. */
  boolean leased() {
    return !observe && (strict || unit == Unit.REQUESTS || unit == Unit.TOKENS);
  }

  /** Whether it depends on where a request goes. */
  boolean scoped() {
    return provider != null || !applies.providers().all() || !applies.models().all();
  }

  /** Whether it counts requests that go to {@code target}. */
  boolean counts(Target target) {
    String name = target.provider().name();
    if (provider != null && !provider.equals(name)) {
      return false;
    }
    if (!applies.providers().all() && !applies.providers().matches(name)) {
      return false;
    }
    if (applies.models().all() || applies.models().matches(target.model())) {
      return true;
    }
    return applies.models().matches(target.modelFor(0))
        || applies.models().matches(name + "/" + target.model());
  }

  /** The most there may be in {@code tally}. */
  long limit(Tally tally) {
    return topUp == 0 || tally.start >= topUpUntil ? limit : sum(limit, topUp);
  }

  /** The counter all its requests share; not for gates with a counter for each session. */
  Counter counter(Counters counters, long now) {
    Counter known = counter;
    if (known == null || known.retired) {
      known = counters.of(id, unit, schedule, version, now);
      counter = known;
    }
    return known;
  }

  /** The counter of one session. */
  Counter counter(Counters counters, String principal, String session, long now) {
    return counters.session(sessionsOf(principal) + session, unit, schedule, version, now);
  }

  /** What the ids of the counters of a principal's sessions begin with. */
  String sessionsOf(String principal) {
    return id + "#" + principal + "#";
  }

  private static long sum(long a, long b) {
    return b > 0 && a > Long.MAX_VALUE - b ? Long.MAX_VALUE : Math.max(0, a + b);
  }
}
