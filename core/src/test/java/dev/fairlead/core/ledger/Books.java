package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.admission.Admission.Decision;
import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.Schedule;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.governance.Team;
import dev.fairlead.core.governance.User;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Target;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A ledger with a hand-moved clock, one virtual key in a team of a customer, and two providers. */
final class Books {
  static final long NOON = Instant.parse("2026-03-18T12:00:00Z").toEpochMilli();
  static final Origin ORIGIN = new Origin(Origin.Source.FILE, "config.json");
  static final Schedule DAILY = schedule(Period.Unit.DAY, true);

  /**
   * A token costs one nano-USD, written or read; {@code unpriced} has no prices, {@code dear} ten
   * times as much. Virtual key {@code golden} pays seven times, provider key {@code silver} costs
   * five times as much.
   */
  static final Pricer PRICER =
      new Pricer() {
        @Override
        public OptionalLong nanoUsd(
            ProviderConfig provider, String model, Usage usage, long atMillis) {
          return switch (provider.name()) {
            case "unpriced" -> OptionalLong.empty();
            case "dear" -> OptionalLong.of(10 * (usage.input() + usage.output()));
            default -> OptionalLong.of(usage.input() + usage.output());
          };
        }

        @Override
        public @Nullable Quote quote(Sale sale, Usage usage) {
          Quote plain = Pricer.super.quote(sale, usage);
          long times =
              ("golden".equals(sale.virtualKey()) ? 7L : 1L)
                  * ("silver".equals(sale.providerKey()) ? 5L : 1L);
          return plain == null ? null : new Quote(times * plain.nanoUsd(), plain.assumed());
        }
      };

  final AtomicLong clock = new AtomicLong(NOON);
  final List<Journal.Source> changed = new ArrayList<>();
  final List<Budget> budgets = new ArrayList<>();
  final List<RateLimit> limits = new ArrayList<>();
  final Ledger ledger;
  volatile boolean failing;
  private int version = 1;
  private @Nullable Snapshot snapshot;

  Books() {
    this(List.of(), 1_000);
  }

  Books(List<Journal.Saved> known, int mostSessions) {
    this(known, mostSessions, 0);
  }

  /** Where requests may wait for others to give back what they hold. */
  static Books patient() {
    return new Books(List.of(), 1_000, 100);
  }

  private Books(List<Journal.Saved> known, int mostSessions, int mostWaiting) {
    Journal journal =
        new Journal() {
          @Override
          public void changed(Source source) {
            synchronized (changed) {
              changed.add(source);
            }
          }

          @Override
          public boolean failing() {
            return failing;
          }
        };
    ledger =
        new Ledger(
            PRICER, ModelCatalogue.NONE, journal, known, clock::get, mostSessions, mostWaiting);
  }

  static Schedule schedule(Period.Unit unit, boolean aligned) {
    return new Schedule(
        new Period(1, unit), aligned, ZoneId.of("UTC"), 1, Instant.ofEpochMilli(NOON));
  }

  Books strict(String id, Owner owner, long limit) {
    return budget(id, owner, limit, Strictness.STRICT, Enforcement.ENFORCE, Applies.TO_ALL);
  }

  Books normal(String id, Owner owner, long limit) {
    return budget(id, owner, limit, Strictness.NORMAL, Enforcement.ENFORCE, Applies.TO_ALL);
  }

  Books budget(
      String id, Owner owner, long limit, Strictness strict, Enforcement mode, Applies applies) {
    return budget(
        new Budget(
            id,
            id,
            owner,
            applies,
            limit,
            DAILY,
            strict,
            mode,
            null,
            Budget.WhenUnavailable.OPEN,
            ORIGIN));
  }

  Books budget(Budget budget) {
    budgets.removeIf(old -> old.id().equals(budget.id()));
    budgets.add(budget);
    return edited();
  }

  Books limit(
      String id, Owner owner, @Nullable Long requests, @Nullable Long tokens, @Nullable Integer n) {
    limits.add(
        new RateLimit(
            id,
            id,
            owner,
            Applies.TO_ALL,
            requests == null ? null : new RateLimit.PerWindow(requests, DAILY),
            tokens == null ? null : new RateLimit.PerWindow(tokens, DAILY),
            n,
            Enforcement.ENFORCE,
            ORIGIN));
    return edited();
  }

  Books edited() {
    version++;
    snapshot = null;
    return this;
  }

  static Applies only(String provider) {
    return new Applies(NameFilter.of(List.of(provider)), NameFilter.ALL, NameFilter.ALL, false);
  }

  static Applies perSession() {
    return new Applies(NameFilter.ALL, NameFilter.ALL, NameFilter.ALL, true);
  }

  Snapshot snapshot() {
    Snapshot known = snapshot;
    if (known == null) {
      Snapshot plain = Entities.snapshot();
      known =
          new Snapshot(
              version,
              Map.of("cheap", Entities.provider("cheap"), "dear", Entities.provider("dear")),
              Map.of(),
              new Governance(
                  Map.of("c1", new Customer("c1", "Acme", ORIGIN)),
                  Map.of("t1", new Team("t1", "Payments", "c1", ORIGIN)),
                  Map.of("u1", new User("u1", "Ann", null, true, "t1", ORIGIN)),
                  Governance.byOwner(budgets),
                  Governance.limitsByOwner(limits),
                  List.of(),
                  List.of(),
                  Set.of()),
              plain.client(),
              List.of(),
              List.of());
      snapshot = known;
    }
    return known;
  }

  static Principal key(String id) {
    return new Principal.KeyHolder(
        new VirtualKey(
            id,
            id,
            "h" + id,
            true,
            null,
            true,
            List.of(),
            "",
            "u1",
            null,
            null,
            null,
            dev.fairlead.core.config.AddressBlocks.NONE,
            Set.of(),
            true,
            ORIGIN),
        null);
  }

  static Target target(String provider) {
    ProviderConfig config = Entities.provider(provider);
    return new Target(config, Operation.CHAT_COMPLETION, "m", List.of(), null);
  }

  /** A request of 80 bytes, which count for at most 56 and usually 23 tokens. */
  Ask ask(String key, long maxTokens, Target... targets) {
    return ask(key, maxTokens, null, targets);
  }

  Ask ask(String key, @Nullable Long maxTokens, @Nullable String session, Target... targets) {
    return ask(key, maxTokens, session, "unknown", Operation.CHAT_COMPLETION, targets);
  }

  Ask ask(
      String key,
      @Nullable Long maxTokens,
      @Nullable String session,
      String client,
      Operation operation,
      Target... targets) {
    return new Ask(
        "id",
        key(key),
        Attribution.of(key(key), snapshot().governance(), Headers.EMPTY),
        snapshot(),
        new Caller(client, ""),
        session,
        operation,
        new Plan(Arrays.asList(targets), List.of()),
        PromptFloor.NONE,
        80,
        maxTokens,
        1,
        clock.get());
  }

  Permit admitted(Ask ask) {
    return switch (ledger.reserve(ask)) {
      case Decision.Admit(Permit permit) -> permit;
      case Decision.Refuse(Failure.Denied denied) -> throw new AssertionError(denied.message());
      case Decision.Pending _ -> throw new AssertionError("pending");
    };
  }

  Failure.Denied refused(Ask ask) {
    return switch (ledger.reserve(ask)) {
      case Decision.Refuse(Failure.Denied denied) -> denied;
      case Decision.Admit _, Decision.Pending _ -> throw new AssertionError("admitted");
    };
  }

  Quota quota(String id) {
    return ledger.usage(snapshot()).stream()
        .filter(quota -> quota.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** What a journal would hold now. */
  List<Journal.Saved> saved() {
    List<Journal.Saved> saved = new ArrayList<>();
    synchronized (changed) {
      for (Journal.Source source : changed) {
        Journal.Saved one = source.take();
        if (one != null) {
          saved.removeIf(old -> old.id().equals(one.id()));
          saved.add(one);
        }
      }
    }
    return saved;
  }
}
