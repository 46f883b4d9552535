package dev.fairlead.store.ledger;

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
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.Schedule;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.ledger.Journal;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.ledger.Quota;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A ledger with one yearly budget for everybody, of which requests of 100 nano-USD each are paid.
 * Its main method spends until it is killed and says what it has answered.
 */
final class Spender {
  static final long COST = 100;
  private static final Origin ORIGIN = new Origin(Origin.Source.FILE, "config.json");
  private static final ProviderConfig PROVIDER = provider();
  private static final Target TARGET =
      new Target(PROVIDER, Operation.CHAT_COMPLETION, "m", List.of(), null);

  final Ledger ledger;
  private final Snapshot snapshot;

  Spender(Journal journal, List<Journal.Saved> known, long limit) {
    ledger =
        new Ledger(
            (_, _, usage, _) -> OptionalLong.of(usage.output() == 0 ? 0 : COST),
            ModelCatalogue.NONE,
            journal,
            known,
            System::currentTimeMillis);
    snapshot = snapshot(limit);
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

  private static Snapshot snapshot(long limit) {
    Budget budget =
        new Budget(
            "b",
            "b",
            new Owner.Everybody(),
            Applies.TO_ALL,
            limit,
            new Schedule(new Period(1, Period.Unit.YEAR), true, ZoneId.of("UTC"), 1, Instant.EPOCH),
            Strictness.STRICT,
            Enforcement.ENFORCE,
            null,
            Budget.WhenUnavailable.OPEN,
            ORIGIN);
    return new Snapshot(
        1,
        Map.of("p", PROVIDER),
        Map.of(),
        new Governance(
            Map.of(),
            Map.of(),
            Map.of(),
            Governance.byOwner(List.of(budget)),
            Map.of(),
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

  Decision reserve() {
    return ledger.reserve(
        new Ask(
            "id",
            new Principal.Anonymous(null),
            Attribution.NONE,
            snapshot,
            Caller.UNKNOWN,
            null,
            Operation.CHAT_COMPLETION,
            new Plan(List.of(TARGET), List.of()),
            PromptFloor.NONE,
            100,
            10L,
            1,
            System.currentTimeMillis()));
  }

  /** A permit whose attempt has begun, or null when refused. */
  @Nullable Permit begin() {
    if (reserve() instanceof Decision.Admit(Permit permit) && permit.attempt(TARGET) == null) {
      return permit;
    }
    return null;
  }

  /** The same, waiting for what shared counters say. */
  @Nullable Permit beginShared() {
    Decision decision = reserve();
    if (decision instanceof Decision.Pending(var later, long _)) {
      decision = later.toCompletableFuture().join();
    }
    return decision instanceof Decision.Admit(Permit permit) && permit.attempt(TARGET) == null
        ? permit
        : null;
  }

  static void end(Permit permit) {
    permit.charge(TARGET, "m", new Usage(10, 0, 0, 0, 10, 0, false), OptionalLong.of(COST));
    permit.settle();
  }

  Quota quota() {
    return ledger.usage(snapshot).getFirst();
  }

  /** Spends in the file named by its argument; each line is how many requests were answered. */
  public static void main(String... arguments) throws IOException {
    LedgerFile file = LedgerFile.open(Path.of(arguments[0]), System::currentTimeMillis);
    Spender spender = new Spender(file, file.loaded(), Long.MAX_VALUE / 4);
    // One that will be under way when the end comes.
    if (spender.begin() == null) {
      throw new IllegalStateException("refused");
    }
    for (long answered = 1; ; answered++) {
      Permit permit = spender.begin();
      if (permit == null) {
        throw new IllegalStateException("refused");
      }
      end(permit);
      if (answered % 1_000 == 0) {
        System.out.println(answered);
        System.out.flush();
      }
    }
  }
}
