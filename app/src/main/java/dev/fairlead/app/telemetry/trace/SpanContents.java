package dev.fairlead.app.telemetry.trace;

import dev.fairlead.app.logs.CaptureBudget;
import dev.fairlead.app.logs.ContentConsent;
import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.port.ExchangeObserver;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prompts and replies on their way into spans. Exists only while spans carry them; an event loop
 * pays a reference for each piece, and what is said is read on the thread that makes spans.
 */
final class SpanContents implements ExchangeObserver {
  /** Largest request that is read. */
  static final int MOST_BODY = 8 << 20;

  private final Supplier<LoggingSettings> settings;
  private final Tracing tracing;
  private final CaptureBudget budget;
  private final ConcurrentHashMap<String, HeldContent> held = new ConcurrentHashMap<>();
  private final AtomicLong shed = new AtomicLong();
  private final ReceiptPump pump;

  /**
   * Holds nothing yet.
   *
   * @param settings what may be kept, asked when a request begins and again when it leaves
   * @param tracing which requests have a span
   * @param mostHeld bytes of all requests together
   * @param mostWaiting receipts whose span is not made yet
   * @param spans makes and sends the spans, on a thread of its own
   */
  SpanContents(
      Supplier<LoggingSettings> settings,
      Tracing tracing,
      long mostHeld,
      int mostWaiting,
      ReceiptPump.Sink spans) {
    this.settings = settings;
    this.tracing = tracing;
    this.budget = new CaptureBudget(mostHeld);
    this.pump =
        new ReceiptPump(
            "fairlead-spans",
            mostWaiting,
            List.of(batch -> {
              try {
                spans.take(batch);
              } finally {
                batch.forEach(this::forget);
              }
            }),
            this::forget);
  }

  void start() {
    pump.start();
  }

  @Override
  public @Nullable ReplyTap opened(Opening opening) {
    var request = opening.request();
    if (!request.operation().generates()
        || !ContentConsent.given(settings.get(), opening)
        || !tracing.span(request.id(), request.caller().trace()).sampled()) {
      return null;
    }
    if (opening.body().length() > MOST_BODY || !budget.take(HeldContent.size(opening.body()))) {
      shed.incrementAndGet();
      return null;
    }
    HeldContent content = new HeldContent(opening.body(), budget);
    held.put(request.id(), content);
    return content;
  }

  @Override
  public void closed(Receipt receipt) {
    pump.closed(receipt);
  }

  private void forget(Receipt receipt) {
    HeldContent content = held.remove(receipt.id());
    if (content != null) {
      content.release();
    }
  }

  /** What is said in the request of {@code receipt}, or null when that is nobody's business. */
  @Nullable SpanContent read(Receipt receipt) {
    HeldContent content = held.get(receipt.id());
    LoggingSettings now = settings.get();
    if (content == null || !now.content()) {
      return null;
    }
    SpanContent read = ContentReading.read(content, receipt, now.redactions());
    if (read == null) {
      shed.incrementAndGet();
    }
    return read;
  }

  /** Requests whose span lacks what was said although it should not. */
  long shed() {
    return shed.get();
  }

  /** Receipts no span was made of. */
  long shedReceipts() {
    return pump.shed();
  }

  /** Bytes held. */
  long bytes() {
    return budget.used();
  }

  /** Makes the spans of what waits and ends. */
  void close() {
    pump.close();
  }
}
