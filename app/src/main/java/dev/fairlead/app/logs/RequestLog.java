package dev.fairlead.app.logs;

import dev.fairlead.app.telemetry.Metrics;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.port.ExchangeObserver;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.LogStore;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The request log from an event loop's side: remembers what is in flight, holds bodies within a
 * bound, and hands everything to the writer. Costs an event loop about a microsecond a request, and
 * a copy of a reply that comes in more than one piece.
 */
public final class RequestLog implements ExchangeObserver, AutoCloseable {
  private final Supplier<Snapshot> configuration;
  private final LogStore store;
  private final LogPump pump;
  private final CaptureBudget budget;
  private final Shed shed = new Shed();
  private final ConcurrentHashMap<String, Capture> inFlight = new ConcurrentHashMap<>();
  private final List<Consumer<LogRow>> tails = new CopyOnWriteArrayList<>();

  private RequestLog(
      Supplier<Snapshot> configuration,
      LogStore store,
      ReceiptRedactor redactor,
      LineErasure lines,
      long mostHeld,
      int bound) {
    this.configuration = configuration;
    this.store = store;
    this.budget = new CaptureBudget(mostHeld);
    this.pump = new LogPump(store, this::settings, redactor, lines, shed, bound, this::tell);
  }

  /**
   * Begins to log into {@code store}, which is opened by the log's own thread.
   *
   * @param configuration what is in force
   * @param redactor what receipts go through before they are written
   * @param lines what erases what is written of requests beside the store
   */
  public static RequestLog open(
      Supplier<Snapshot> configuration,
      LogStore store,
      ReceiptRedactor redactor,
      LineErasure lines) {
    return open(configuration, store, redactor, lines, CaptureBudget.ofHeap(), LogPump.BOUND);
  }

  /** As {@link #open}, with other bounds: bytes of bodies held and events waiting. */
  static RequestLog open(
      Supplier<Snapshot> configuration,
      LogStore store,
      ReceiptRedactor redactor,
      LineErasure lines,
      long mostHeld,
      int bound) {
    RequestLog log = new RequestLog(configuration, store, redactor, lines, mostHeld, bound);
    log.pump.start();
    return log;
  }

  LoggingSettings settings() {
    return configuration.get().client().logging();
  }

  @Override
  public @Nullable ReplyTap opened(Opening opening) {
    LoggingSettings settings = settings();
    boolean content =
        settings.rows() && settings.bodyDays() > 0 && ContentConsent.given(settings, opening);
    Capture capture = new Capture(opening, content, budget);
    inFlight.put(capture.id(), capture);
    if (content) {
      if (!pump.takesBodies() || !capture.holdBody(opening.body())) {
        shed.bodies.incrementAndGet();
        capture.shed = true;
      } else if (!pump.add(new LogPump.Opened(capture))) {
        capture.shed = true;
        giveBack(capture);
        shed.bodies.incrementAndGet();
      }
    }
    return capture;
  }

  private static void giveBack(Capture capture) {
    var body = capture.takeBody();
    if (body != null) {
      capture.gaveBody(body);
    }
  }

  @Override
  public void closed(Receipt receipt) {
    Capture capture = inFlight.remove(receipt.id());
    if (capture != null) {
      capture.close();
    }
    if (!settings().rows()) {
      forget(capture);
    } else if (!pump.add(new LogPump.Closed(receipt, capture))) {
      shed.rows.incrementAndGet();
      forget(capture);
    }
  }

  private static void forget(@Nullable Capture capture) {
    if (capture != null) {
      capture.gaveReply();
    }
  }

  /** Requests whose reply is not over. */
  Collection<Capture> inFlight() {
    return Collections.unmodifiableCollection(inFlight.values());
  }

  @Nullable Capture inFlight(String id) {
    return inFlight.get(id);
  }

  /** Tells {@code tail} of every request that ends from now on, on the writer's thread. */
  void follow(Consumer<LogRow> tail) {
    tails.add(tail);
  }

  void unfollow(Consumer<LogRow> tail) {
    tails.remove(tail);
  }

  private void tell(LogRow row) {
    for (Consumer<LogRow> tail : tails) {
      tail.accept(row);
    }
  }

  LogStore store() {
    return store;
  }

  /** Does what only the writer may do. */
  LogPump pump() {
    return pump;
  }

  /** Shows how the log fares in {@code metrics}. */
  public void measure(Metrics metrics) {
    metrics.gauge("fairlead.log.waiting", "Events the request log has not written", pump::waiting);
    metrics.gauge("fairlead.log.held.bytes", "Bytes of bodies waiting to be logged", budget::used);
    metrics.counter("fairlead.log.rows", "Requests written to the log", pump::written);
    metrics.counter("fairlead.log.shed.texts", "Requests not found by their words", shed::texts);
    metrics.counter("fairlead.log.shed.bodies", "Prompts and replies not logged", shed::bodies);
    metrics.counter("fairlead.log.shed.rows", "Requests not logged for want of time", shed::rows);
    metrics.counter("fairlead.log.lost", "Requests a failing store did not take", shed::lost);
    metrics.counter("fairlead.log.truncated", "Replies logged without their end", shed::truncated);
    metrics.counter(
        "fairlead.log.unredacted",
        "Bodies not logged because a redaction rule took too long",
        shed::unredacted);
  }

  /** What was not kept. */
  public Shed shed() {
    return shed;
  }

  /** Events not yet written. */
  public int waiting() {
    return pump.waiting();
  }

  /** Rows written. */
  public long written() {
    return pump.written();
  }

  /** Bytes of prompts and replies that wait. */
  public long held() {
    return budget.used();
  }

  /** Requests under way. */
  public int underWay() {
    return inFlight.size();
  }

  @Override
  public void close() {
    pump.close();
  }
}
