package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What one request holds of all counters it passes, from its admission to its receipt. */
final class Reservation implements Permit {
  private static final Comparator<Hold> IN_ORDER =
      Comparator.comparingLong(hold -> hold.counter().order);
  private static final Hold[] NO_HOLDS = {};

  private final Ledger ledger;
  private final Ask ask;
  private final List<Gate> scoped;
  private final boolean strict;

  /** All holds in the order of their counters; those of the present target among them. */
  private Hold[] holds;

  private @Nullable Bound bound;
  private boolean tried;
  private boolean closed;
  private List<String> warnings = List.of();

  Reservation(Ledger ledger, Ask ask, Chain chain) {
    this.ledger = ledger;
    this.ask = ask;
    this.scoped = chain.scoped();
    this.strict = chain.strict();
    this.holds = ordered(holds(chain.whole(), null));
  }

  private Hold[] holds(List<Gate> gates, @Nullable Target at) {
    Hold[] made = new Hold[gates.size()];
    int count = 0;
    for (int i = 0; i < made.length; i++) {
      Gate gate = gates.get(i);
      if ((gate.applies.clients().all() || gate.applies.clients().matches(ask.caller().client()))
          && (at == null || gate.counts(at))) {
        Counter counter = ledger.counter(gate, ask);
        if (counter != null) {
          made[count++] = new Hold(gate, counter);
        }
      }
    }
    return count == made.length ? made : Arrays.copyOf(made, count);
  }

  private static Hold[] ordered(Hold[] some) {
    for (int i = 1; i < some.length; i++) {
      if (some[i].counter().order < some[i - 1].counter().order) {
        Arrays.sort(some, IN_ORDER);
        break;
      }
    }
    return some;
  }

  /** A target and what a request to it is expected to use. */
  private record Bound(Target target, Demand demand) {}

  /**
   * Reserves for the first of the plan's targets that may be called; tells what refused the first
   * when none may, else null.
   */
  @Nullable Hold first() {
    Hold first = null;
    for (Target candidate : ask.plan().targets()) {
      Hold refused = prepare(candidate);
      if (refused == null) {
        return null;
      }
      first = first == null ? refused : first;
      if (!refused.gate.scoped() && !refused.gate.unit.isEstimated()) {
        // Wherever the request went, it would be one more.
        break;
      }
    }
    return first;
  }

  @Override
  public Failure.@Nullable Denied attempt(Target next) {
    Hold refused = prepare(next);
    if (refused != null) {
      return Denials.counted(refused, ledger.now());
    }
    tried = true;
    return null;
  }

  /** Reserves what an attempt at {@code next} may cost; tells what refused, or null. */
  @SuppressWarnings("ReferenceEquality") // Targets of one plan are told apart by what they are.
  private @Nullable Hold prepare(Target next) {
    Bound before = bound;
    Bound wanted;
    Hold[] all = holds;
    if (before != null && before.target() == next) {
      wanted = before;
    } else {
      leave();
      all = withScoped(next);
      wanted = new Bound(next, Demand.of(ask, next, strict, ledger.sources()));
    }
    if (want(all, wanted.demand()) || wanted != before) {
      Hold refused = ledger.take(all, ask);
      if (refused != null) {
        leave();
        return refused;
      }
      note(all);
    }
    holds = all;
    bound = wanted;
    return null;
  }

  private Hold[] withScoped(Target next) {
    if (scoped.isEmpty()) {
      return holds;
    }
    Hold[] own = holds(scoped, next);
    if (own.length == 0) {
      return holds;
    }
    Hold[] all = Arrays.copyOf(holds, holds.length + own.length);
    System.arraycopy(own, 0, all, holds.length, own.length);
    return ordered(all);
  }

  /** What is lacking for another attempt at the price of {@code demand}. */
  private static boolean want(Hold[] wanted, Demand demand) {
    boolean any = false;
    for (Hold hold : wanted) {
      long level =
          switch (hold.gate.unit) {
            case MONEY -> Hold.sum(hold.charged, hold.gate.strict ? demand.most() : demand.usual());
            case TOKENS -> Hold.sum(hold.charged, demand.tokens());
            case REQUESTS, CONCURRENT -> 1;
          };
      hold.need = Math.max(0, level - hold.reserved);
      any |= hold.need > 0;
    }
    return any;
  }

  private void note(Hold[] taken) {
    for (Hold hold : taken) {
      if (hold.wouldBlock) {
        hold.wouldBlock = false;
        if (warnings.isEmpty()) {
          warnings = new ArrayList<>(2);
        }
        warnings.add(Denials.observed(hold, ledger.now()));
      }
    }
  }

  /** Gives up what counts only requests to the present target. */
  private void leave() {
    bound = null;
    if (scoped.isEmpty()) {
      return;
    }
    Hold[] kept = new Hold[holds.length];
    int count = 0;
    for (Hold hold : holds) {
      if (hold.gate.scoped()) {
        close(hold, tried);
      } else {
        kept[count++] = hold;
      }
    }
    holds = Arrays.copyOf(kept, count);
  }

  private void close(Hold hold, boolean reached) {
    if (hold.gate.unit == Unit.REQUESTS && reached) {
      hold.charged = 1;
    }
    boolean held = hold.reserved > 0;
    hold.close(0);
    ledger.changed(hold.counter());
    if (held) {
      ledger.freed(hold.counter());
    }
  }

  @Override
  public void progress(Target at, String model, Usage soFar) {
    long cost = -1;
    for (Hold hold : holds) {
      long more =
          switch (hold.gate.unit) {
            case MONEY -> {
              cost = cost >= 0 ? cost : ledger.sources().cost(ask, at, model, soFar);
              yield cost;
            }
            case TOKENS -> tokens(soFar);
            case REQUESTS, CONCURRENT -> 0;
          };
      if (hold.raise(Hold.sum(hold.charged, more))) {
        ledger.changed(hold.counter());
      }
    }
  }

  @Override
  public void charge(Target at, String model, Usage usage, OptionalLong costNanoUsd) {
    long cost =
        costNanoUsd.isPresent()
            ? costNanoUsd.getAsLong()
            : ledger.sources().cost(ask, at, model, usage);
    for (Hold hold : holds) {
      switch (hold.gate.unit) {
        case MONEY ->
            hold.charge(
                hold.gate.strict ? atMost(cost, at, usage) : Math.max(0, cost), usage.estimated());
        case TOKENS -> hold.charge(tokens(usage), usage.estimated());
        case REQUESTS, CONCURRENT -> {}
      }
    }
    if (!usage.estimated() && usage.output() > 0) {
      ledger
          .sources()
          .estimates()
          .learn(
              Demand.modelName(at, model),
              Demand.textBytes(ask),
              usage.input(),
              usage.output() / ask.choices());
    }
  }

  /** An estimate of what was used is no better than what is known to be used at most. */
  @SuppressWarnings("ReferenceEquality") // As in prepare.
  private long atMost(long cost, Target at, Usage usage) {
    Bound known = bound;
    return usage.estimated() && known != null && known.target() == at
        ? Math.clamp(cost, 0, known.demand().most())
        : Math.max(0, cost);
  }

  private static long tokens(Usage usage) {
    return Hold.sum(usage.input(), usage.output());
  }

  @Override
  public void settle() {
    close(true);
  }

  @Override
  public void release() {
    close(false);
  }

  @Override
  public void abandon() {
    if (!tried || closed) {
      close(tried);
      return;
    }
    closed = true;
    for (Hold hold : holds) {
      long lost = Math.max(0, hold.reserved - hold.charged);
      switch (hold.gate.unit) {
        case MONEY, TOKENS -> {
          hold.charged = Hold.sum(hold.charged, lost);
          hold.close(lost);
        }
        case REQUESTS -> {
          hold.charged = 1;
          hold.close(0);
        }
        case CONCURRENT -> hold.close(0);
      }
      ledger.changed(hold.counter());
      ledger.freed(hold.counter());
    }
    holds = NO_HOLDS;
    ledger.closed();
  }

  private void close(boolean reached) {
    if (closed) {
      ledger.closedAgain();
      return;
    }
    closed = true;
    for (Hold hold : holds) {
      close(hold, reached);
    }
    holds = NO_HOLDS;
    ledger.closed();
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public Headers replyHeaders() {
    return UnifiedHeaders.of(ask, holds);
  }
}
