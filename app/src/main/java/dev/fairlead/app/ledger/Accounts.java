package dev.fairlead.app.ledger;

import dev.fairlead.app.telemetry.Metrics;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.store.ledger.LedgerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ledger, the file it is kept in, and its upkeep. */
public final class Accounts implements AutoCloseable {
  private static final String FILE = "ledger.db";
  private static final long SWEEP_SECONDS = 60;

  private final Ledger ledger;
  private final LedgerFile file;
  private final ScheduledExecutorService upkeep;

  private Accounts(Ledger ledger, LedgerFile file, ScheduledExecutorService upkeep) {
    this.ledger = ledger;
    this.file = file;
    this.upkeep = upkeep;
  }

  /**
   * Opens the ledger of {@code directory} with all that was counted before.
   *
   * @throws IOException when it cannot be used; the message says what to do
   */
  public static Accounts open(Path directory, Pricer pricer, ModelCatalogue models)
      throws IOException {
    LedgerFile file = LedgerFile.open(directory.resolve(FILE), System::currentTimeMillis);
    Ledger ledger =
        new Ledger(
            pricer,
            Ledger.UNKNOWN_PRICE,
            models,
            file,
            file.loaded(),
            System::currentTimeMillis);
    ScheduledExecutorService upkeep =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fairlead-upkeep").daemon(true).factory());
    upkeep.scheduleWithFixedDelay(
        ledger::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    return new Accounts(ledger, file, upkeep);
  }

  /** The gate requests pass. */
  public Ledger ledger() {
    return ledger;
  }

  /** Why nothing can be recorded at present, or null. */
  public @Nullable String problem() {
    return file.problem();
  }

  /** Shows figures of the ledger. */
  public void gauges(Metrics metrics) {
    metrics.gauge("fairlead.ledger.counters", "Counters of budgets and limits", ledger::counters);
    metrics.gauge(
        "fairlead.ledger.waiting", "Counters not yet written to the ledger's file", file::waiting);
    metrics.gauge(
        "fairlead.ledger.failing",
        "1 while the ledger's file cannot be written",
        () -> file.failing() ? 1 : 0);
    metrics.counter(
        "fairlead.ledger.written", "States of counters written to the file", file::written);
    metrics.counter(
        "fairlead.ledger.refused", "Requests refused by budgets and limits", ledger::refused);
    metrics.counter(
        "fairlead.ledger.sessions.evicted",
        "Sessions whose counters made room for others",
        ledger::sessionsEvicted);
  }

  /** Writes what is left. Called when no request is under way any more. */
  @Override
  public void close() {
    upkeep.shutdownNow();
    file.close();
  }
}
