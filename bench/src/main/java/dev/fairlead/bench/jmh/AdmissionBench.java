package dev.fairlead.bench.jmh;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.admission.Admission.Decision;
import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.OllamaSettings;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.exchange.Receipt.Caller;
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
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.ledger.Journal;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.Price;
import dev.fairlead.core.pricing.PriceTable;
import dev.fairlead.core.pricing.Rates;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the gate costs a request of a key in a team of a customer that passes four budgets, two of
 * them strict, and four limits: from its reservation to its settlement, estimates and prices
 * included; and what a refusal costs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class AdmissionBench {
  private static final Origin ORIGIN = new Origin(Origin.Source.FILE, "config.json");
  private static final long PLENTY = Long.MAX_VALUE / 4;
  private static final Usage USED = new Usage(500, 0, 0, 0, 100, 0, false);
  private static final OptionalLong COST = OptionalLong.of(3_000_000);

  private final Target target =
      new Target(provider(), Operation.CHAT_COMPLETION, "m", List.of(), null);
  private final Plan plan = new Plan(List.of(target), List.of());
  private Ledger ledger = ledger();
  private Snapshot open = snapshot(PLENTY);
  private Snapshot spent = snapshot(1);

  /** Begins with a ledger that knows nothing. */
  @Setup(Level.Iteration)
  public void fresh() {
    ledger = ledger();
    open = snapshot(PLENTY);
    spent = snapshot(1);
  }

  private static Ledger ledger() {
    Rates rates = new Rates(2_500_000, 1_250_000, 2_500_000, 2_500_000, 10_000_000);
    ModelPrices prices =
        new ModelPrices("m", 128_000L, 16_384L, new Price(rates, List.of(), 0), List.of());
    return new Ledger(
        PriceTable.builder().add("p", List.of("m"), List.of(), prices).build(),
        ModelCatalogue.NONE,
        Journal.NONE,
        List.of(),
        System::currentTimeMillis);
  }

  private static ProviderConfig provider() {
    return new ProviderConfig(
        "p",
        "p",
        false,
        true,
        ProviderConfig.Auth.BEARER,
        List.of(),
        new NetworkConfig(
            URI.create("https://provider.test"),
            Map.of(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            0,
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            false,
            false,
            null,
            false,
            100,
            Duration.ofSeconds(30),
            null),
        10,
        10,
        EnumSet.allOf(Operation.class),
        Map.of(),
        true,
        ORIGIN);
  }

  private static Budget budget(
      String id, Owner owner, long limit, Period.Unit unit, boolean strict) {
    return new Budget(
        id,
        id,
        owner,
        Applies.TO_ALL,
        limit,
        schedule(unit),
        strict ? Strictness.STRICT : Strictness.NORMAL,
        Enforcement.ENFORCE,
        null,
        Budget.WhenUnavailable.OPEN,
        ORIGIN);
  }

  private static RateLimit limit(String id, Owner owner, boolean requests) {
    RateLimit.PerWindow most = new RateLimit.PerWindow(PLENTY, schedule(Period.Unit.MINUTE));
    return new RateLimit(
        id,
        id,
        owner,
        Applies.TO_ALL,
        requests ? most : null,
        requests ? null : most,
        null,
        Enforcement.ENFORCE,
        ORIGIN);
  }

  private static Schedule schedule(Period.Unit unit) {
    return new Schedule(new Period(1, unit), true, ZoneId.of("Europe/Berlin"), 1, Instant.EPOCH);
  }

  private static Snapshot snapshot(long customerLimit) {
    Owner key = new Owner.OfKey("k");
    Owner team = new Owner.OfTeam("t");
    Owner customer = new Owner.OfCustomer("c");
    List<Budget> budgets = new ArrayList<>();
    budgets.add(budget("k-day", key, PLENTY, Period.Unit.DAY, true));
    budgets.add(budget("k-month", key, PLENTY, Period.Unit.MONTH, false));
    budgets.add(budget("t-month", team, PLENTY, Period.Unit.MONTH, false));
    budgets.add(budget("c-year", customer, customerLimit, Period.Unit.YEAR, true));
    return new Snapshot(
        1,
        Map.of("p", provider()),
        Map.of(),
        new Governance(
            Map.of("c", new Customer("c", "c", ORIGIN)),
            Map.of("t", new Team("t", "t", "c", ORIGIN)),
            Map.of(),
            Governance.byOwner(budgets),
            Governance.limitsByOwner(
                List.of(
                    limit("k-r", key, true),
                    limit("k-t", key, false),
                    limit("t-r", team, true),
                    limit("c-t", customer, false))),
            List.of(),
            List.of(),
            Set.of()),
        new ClientSettings(
            true,
            false,
            false,
            1_000_000,
            List.of(),
            List.of(),
            List.of(),
            AddressBlocks.NONE,
            null,
            false,
            Set.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            null,
            OllamaSettings.USUAL,
            true,
            LoggingSettings.USUAL),
        List.of(),
        List.of());
  }

  private Decision reserve(Snapshot snapshot) {
    return ledger.reserve(
        new Ask(
            "id",
            HOLDER,
            Attribution.NONE,
            snapshot,
            Caller.UNKNOWN,
            null,
            Operation.CHAT_COMPLETION,
            plan,
            PromptFloor.NONE,
            2_048,
            256L,
            1,
            System.currentTimeMillis()));
  }

  private static final Principal HOLDER =
      new Principal.KeyHolder(
          new VirtualKey(
              "k",
              "k",
              "h",
              true,
              null,
              true,
              List.of(),
              "",
              null,
              "t",
              null,
              null,
              AddressBlocks.NONE,
              Set.of(),
              true,
              ORIGIN),
          null);

  /** Reserve, one attempt, settle. */
  @Benchmark
  public boolean served() {
    if (!(reserve(open) instanceof Decision.Admit(Permit permit))
        || permit.attempt(target) != null) {
      throw new IllegalStateException("refused");
    }
    permit.charge(target, "m", USED, COST);
    permit.settle();
    return true;
  }

  /** The customer's budget, the last that is asked, says no. */
  @Benchmark
  public Decision refused() {
    Decision decision = reserve(spent);
    if (!(decision instanceof Decision.Refuse)) {
      throw new IllegalStateException("admitted");
    }
    return decision;
  }
}
