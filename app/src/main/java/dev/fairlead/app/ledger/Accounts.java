package dev.fairlead.app.ledger;

import dev.fairlead.app.telemetry.Metrics;
import dev.fairlead.core.ledger.Journal;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.store.Database;
import dev.fairlead.store.PostgresDatabase;
import dev.fairlead.store.ledger.LedgerFile;
import dev.fairlead.store.ledger.SharedLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ledger, where it is kept, and its upkeep. */
public final class Accounts implements AutoCloseable {
  private static final String FILE = "ledger.db";
  private static final long SWEEP_SECONDS = 60;

  private final Ledger ledger;
  private final Book book;
  private final ScheduledExecutorService upkeep;

  /** Where counters are kept. */
  private sealed interface Book {
    /** A file of this gateway alone. */
    record Own(LedgerFile file) implements Book {}

    /** A database that several gateways share. */
    record Shared(SharedLedger shared) implements Book {}
  }

  private Accounts(Ledger ledger, Book book, ScheduledExecutorService upkeep) {
    this.ledger = ledger;
    this.book = book;
    this.upkeep = upkeep;
  }

  /**
   * Opens the ledger with all that was counted before: in {@code database} when that is one several
   * gateways may share, else in a file of {@code directory}.
   *
   * @throws IOException when it cannot be used; the message says what to do
   */
  public static Accounts open(
      Path directory, Database database, Pricer pricer, ModelCatalogue models) throws IOException {
    Book book =
        database instanceof PostgresDatabase postgres
            ? new Book.Shared(share(postgres))
            : new Book.Own(LedgerFile.open(directory.resolve(FILE), System::currentTimeMillis));
    Ledger ledger =
        switch (book) {
          case Book.Own(LedgerFile file) -> ledger(pricer, models, file, file.loaded());
          case Book.Shared(SharedLedger shared) -> ledger(pricer, models, shared, shared.loaded());
        };
    ScheduledExecutorService upkeep =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fairlead-upkeep").daemon(true).factory());
    upkeep.scheduleWithFixedDelay(ledger::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    return new Accounts(ledger, book, upkeep);
  }

  private static SharedLedger share(PostgresDatabase database) throws IOException {
    try {
      return SharedLedger.open(database.connections());
    } catch (SQLException failed) {
      throw new IOException(
          "The counters of budgets in "
              + database.place()
              + " cannot be used: "
              + failed.getMessage()
              + ". What is spent could not be counted, so the gateway does not start. Its user must"
              + " be allowed to make tables in the schema fairlead.",
          failed);
    }
  }

  private static Ledger ledger(
      Pricer pricer, ModelCatalogue models, Journal journal, List<Journal.Saved> known) {
    return new Ledger(pricer, models, journal, known, System::currentTimeMillis);
  }

  /** The gate requests pass. */
  public Ledger ledger() {
    return ledger;
  }

  /** Why nothing can be recorded at present, or null. */
  public @Nullable String problem() {
    return switch (book) {
      case Book.Own(LedgerFile file) -> file.problem();
      case Book.Shared(SharedLedger shared) -> shared.problem();
    };
  }

  /** Shows figures of the ledger. */
  public void gauges(Metrics metrics) {
    metrics.gauge("fairlead.ledger.counters", "Counters of budgets and limits", ledger::counters);
    metrics.gauge(
        "fairlead.ledger.failing",
        "1 while the ledger's file or database cannot be written",
        () -> problem() == null ? 0 : 1);
    if (book instanceof Book.Own(LedgerFile file)) {
      metrics.gauge(
          "fairlead.ledger.waiting",
          "Counters not yet written to the ledger's file",
          file::waiting);
      metrics.counter(
          "fairlead.ledger.written", "States of counters written to the file", file::written);
    }
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
    switch (book) {
      case Book.Own(LedgerFile file) -> file.close();
      case Book.Shared(SharedLedger shared) -> shared.close();
    }
  }
}
