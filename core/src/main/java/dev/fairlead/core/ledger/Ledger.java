package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.Pricer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The gate every request passes: reserves on all counters that concern it before a provider is
 * called, or on none, and settles afterwards. Used by all event loops; what it locks it holds for
 * well below a microsecond. Does no I/O: a {@link Journal} keeps the counters.
 */
public final class Ledger implements Admission {
  /** Most slices leased one after the other for one request. */
  private static final int MOST_FETCHES = 64;

  private static final long LONGEST_FETCH_MILLIS = 10_000;

  private final Demand.Sources sources;
  private final LongSupplier clock;
  private final Journal journal;
  private final @Nullable Leases leases;
  private final Counters counters;
  private final AtomicReference<Chain.@Nullable Book> book = new AtomicReference<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger closedTwice = new AtomicInteger();
  private final LongAdder refused = new LongAdder();
  private final Waiting waiting;

  /**
   * Creates a ledger.
   *
   * @param pricer prices of models; one it does not know costs {@link Governance#UNKNOWN_PRICE}
   * @param catalogue what models write at most
   * @param journal where counters are kept
   * @param known counters kept by an earlier process
   * @param clock epoch milliseconds
   */
  public Ledger(
      Pricer pricer,
      ModelCatalogue catalogue,
      Journal journal,
      List<Journal.Saved> known,
      LongSupplier clock) {
    this(pricer, catalogue, journal, known, clock, Counters.MOST_SESSIONS, Waiting.MOST);
  }

  Ledger(
      Pricer pricer,
      ModelCatalogue catalogue,
      Journal journal,
      List<Journal.Saved> known,
      LongSupplier clock,
      int mostSessions,
      int mostWaiting) {
    this.sources = new Demand.Sources(pricer, catalogue, new Estimates());
    this.waiting = new Waiting(this::judge, mostWaiting);
    this.journal = journal;
    this.clock = clock;
    this.leases = journal instanceof Leases shared ? shared : null;
    this.counters = new Counters(known, mostSessions, leases);
    if (leases != null) {
      leases.attach(counters::find);
    }
  }

  @Override
  public Decision reserve(Ask ask) {
    Chain chain = book(ask.snapshot()).of(ask.principal());
    if (chain.isEmpty()) {
      open.incrementAndGet();
      return new Decision.Admit(new Unlimited());
    }
    if (journal.failing()) {
      Gate closed = closedGate(chain);
      if (closed != null) {
        refused.increment();
        return new Decision.Refuse(Denials.blind(closed));
      }
    }
    Waiting.Verdict verdict = judge(ask, chain);
    Hold against = verdict.refused();
    if (against == null) {
      return new Decision.Admit(Objects.requireNonNull(verdict.admitted()));
    }
    if (against.lacksLease > 0 && leases != null) {
      return new Decision.Pending(
          fetch(leases, ask, chain, against, 1), ask.atMillis() + LONGEST_FETCH_MILLIS);
    }
    if (against.gate.unit == Unit.MONEY && against.mayFitLater()) {
      Decision later = waiting.await(ask, chain, against, Denials.of(against, now()));
      if (later != null) {
        return later;
      }
    }
    refused.increment();
    return new Decision.Refuse(Denials.counted(against, now()));
  }

  /** Leases what was lacking and asks again, until it is decided. */
  private CompletableFuture<Decision> fetch(
      Leases from, Ask ask, Chain chain, Hold lacking, int round) {
    return from.lease(lacking.counter(), lacking.lacksLease, lacking.seenLimit)
        .exceptionally(_ -> false)
        .thenCompose(got -> {
          Gate closed = from.failing() ? closedGate(chain) : null;
          if (closed != null) {
            return refuse(Denials.blind(closed));
          }
          Waiting.Verdict verdict = judge(ask, chain);
          Hold against = verdict.refused();
          if (against == null) {
            return CompletableFuture.completedFuture(
                new Decision.Admit(Objects.requireNonNull(verdict.admitted())));
          }
          boolean other = !against.gate.id.equals(lacking.gate.id);
          // The answer may have been another request's, or others may have been faster.
          return against.lacksLease > 0 && (got || other || round == 1) && round < MOST_FETCHES
              ? fetch(from, ask, chain, against, round + 1)
              : refuse(Denials.counted(against, now()));
        });
  }

  private CompletableFuture<Decision> refuse(Failure.Denied denied) {
    refused.increment();
    return CompletableFuture.completedFuture(new Decision.Refuse(denied));
  }

  private Waiting.Verdict judge(Ask ask, Chain chain) {
    Reservation reservation = new Reservation(this, ask, chain);
    Hold against = reservation.first();
    if (against != null) {
      return new Waiting.Verdict(null, against);
    }
    open.incrementAndGet();
    return new Waiting.Verdict(reservation, null);
  }

  private static @Nullable Gate closedGate(Chain chain) {
    for (Gate gate : chain.whole()) {
      if (gate.closedWhenBlind && !gate.observe) {
        return gate;
      }
    }
    for (Gate gate : chain.scoped()) {
      if (gate.closedWhenBlind && !gate.observe) {
        return gate;
      }
    }
    return null;
  }

  /** The chains of {@code snapshot}; those of the newest configuration are kept. */
  @SuppressWarnings("ReferenceEquality") // Comparing whole configurations would cost too much.
  private Chain.Book book(Snapshot snapshot) {
    Chain.Book known = book.get();
    if (known != null && known.snapshot() == snapshot) {
      return known;
    }
    Chain.Book fresh = new Chain.Book(snapshot);
    // A request that began under an older configuration ends under it, without replacing the new.
    if (known == null || known.snapshot().version() <= snapshot.version()) {
      book.compareAndSet(known, fresh);
    }
    return fresh;
  }

  Demand.Sources sources() {
    return sources;
  }

  long now() {
    return clock.getAsLong();
  }

  /** The counter a request takes from, or null where it counts sessions and there is none. */
  @Nullable Counter counter(Gate gate, Ask ask) {
    if (!gate.applies.perSession()) {
      return gate.counter(counters, now());
    }
    String session = ask.session();
    return session == null ? null : gate.counter(counters, ask.principal().id(), session, now());
  }

  /** Reserves what {@code holds} need, all or nothing; tells which refused, or null. */
  @Nullable Hold take(Hold[] holds, Ask ask) {
    long now = now();
    Hold refused = Hold.take(holds, 0, holds.length, now);
    while (refused != null && refused.counter().retired) {
      Counter successor = counter(refused.gate, ask);
      if (successor == null) {
        return refused;
      }
      refused.moveTo(successor);
      Arrays.sort(holds, Comparator.comparingLong(hold -> hold.counter().order));
      refused = Hold.take(holds, 0, holds.length, now);
    }
    if (refused == null) {
      for (Hold hold : holds) {
        changed(hold.counter());
        if (leases != null && hold.gate.leased() && hold.runsLow()) {
          // Ahead of need, so that the next request does not have to wait.
          var _ = leases.lease(hold.counter(), hold.reserved, hold.limit());
        }
      }
    }
    return refused;
  }

  void changed(Counter counter) {
    if (counter.unit != Unit.CONCURRENT && counter.soil()) {
      journal.changed(counter);
    }
  }

  /** Something of {@code counter} was given back. */
  void freed(Counter counter) {
    if (counter.awaited()) {
      waiting.freed(counter);
    }
  }

  void closed() {
    open.decrementAndGet();
  }

  void closedAgain() {
    closedTwice.incrementAndGet();
  }

  /** Permits not closed yet; 0 when the gateway is at rest. */
  public int open() {
    return open.get();
  }

  /** How often a permit was closed that had been closed before; anything but 0 is our bug. */
  public int closedTwice() {
    return closedTwice.get();
  }

  /** Requests waiting for others to give back what they hold of a budget. */
  public int waiting() {
    return waiting.count();
  }

  /** Requests refused since the start. */
  public long refused() {
    return refused.sum();
  }

  /** Counters in memory. */
  public int counters() {
    return counters.size();
  }

  /** Sessions whose counters made room for others since the start. */
  public long sessionsEvicted() {
    return counters.evicted();
  }

  /** Forgets counters that have nothing to remember. Called now and then, from any thread. */
  public void sweep() {
    counters.sweep(now());
  }

  /**
   * How the budgets and limits of {@code principal} stand, those of its team and so on included.
   */
  public List<Quota> quota(Principal principal, Snapshot snapshot) {
    Chain chain = book(snapshot).of(principal);
    List<Quota> quotas = new ArrayList<>();
    chain.whole().forEach(gate -> add(gate, quotas));
    chain.scoped().forEach(gate -> add(gate, quotas));
    return List.copyOf(quotas);
  }

  /**
   * As {@link #quota}, and how those stand that every session has a counter of its own for: of the
   * sessions of {@code principal} that are remembered, the most recently used.
   *
   * @param most sessions of one budget or limit
   */
  public List<Quota> quotaWithSessions(Principal principal, Snapshot snapshot, int most) {
    List<Quota> quotas = new ArrayList<>(quota(principal, snapshot));
    Chain chain = book(snapshot).of(principal);
    for (List<Gate> gates : List.of(chain.whole(), chain.scoped())) {
      for (Gate gate : gates) {
        if (gate.applies.perSession()) {
          String prefix = gate.sessionsOf(principal.id());
          List<Counter> known = counters.sessions(prefix);
          for (Counter counter : known.subList(Math.max(0, known.size() - most), known.size())) {
            quotas.add(Quota.of(gate, counter, counter.id.substring(prefix.length()), now()));
          }
        }
      }
    }
    return List.copyOf(quotas);
  }

  /** How every budget and limit stands that is configured, by owner. */
  public List<Quota> usage(Snapshot snapshot) {
    Governance governance = snapshot.governance();
    Chain.Book chains = book(snapshot);
    TreeSet<String> owners = new TreeSet<>(governance.budgetsByOwner().keySet());
    owners.addAll(governance.limitsByOwner().keySet());
    List<Quota> quotas = new ArrayList<>();
    for (String owner : owners) {
      for (Gate gate : chains.of(owner)) {
        add(gate, quotas);
      }
    }
    return List.copyOf(quotas);
  }

  private void add(Gate gate, List<Quota> quotas) {
    if (!gate.applies.perSession()) {
      quotas.add(Quota.of(gate, gate.counter(counters, now()), now()));
    }
  }

  /** Sets what is used of a counter to nothing; what is reserved stays. False when unknown. */
  public boolean reset(String counterId) {
    Counter counter = counters.find(counterId);
    if (counter == null) {
      return false;
    }
    counter.reset(now());
    changed(counter);
    return true;
  }

  /** What a request holds that nothing limits. */
  private final class Unlimited implements Permit {
    private boolean closed;

    @Override
    public void settle() {
      close();
    }

    @Override
    public void release() {
      close();
    }

    private void close() {
      if (closed) {
        closedTwice.incrementAndGet();
      } else {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
