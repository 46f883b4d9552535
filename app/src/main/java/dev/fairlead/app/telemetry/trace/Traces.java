package dev.fairlead.app.telemetry.trace;

import dev.fairlead.app.logs.CaptureBudget;
import dev.fairlead.app.logs.ReceiptRedactor;
import dev.fairlead.app.telemetry.Metrics;
import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.port.ExchangeObserver;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the spans of every receipt to a collector, which may be slow or away: so many batches are
 * under way at most, what comes while they are is dropped and counted. Loaded only when tracing is
 * on. Where spans carry what was said, they are made on a thread of their own, which can wait a
 * moment for the collector.
 */
public final class Traces implements ReceiptPump.Sink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
  private static final int MOST_UNDER_WAY = 8;
  private static final int MOST_SPANS = 512;
  private static final int MOST_WAITING = 16_384;

  /** Collectors take messages of 4 MiB by gRPC unless told otherwise. */
  private static final int MOST_CONTENT = 1 << 20;

  private static final long PATIENCE_MILLIS = 1_000;
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final SpanExporter exporter;
  private final Spans spans;
  private final ReceiptRedactor redactor;
  private final @Nullable SpanContents contents;
  private final Semaphore places = new Semaphore(MOST_UNDER_WAY);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private boolean failing;

  private Traces(
      TracingSettings settings,
      String version,
      Supplier<LoggingSettings> logging,
      ReceiptRedactor redactor,
      long mostHeld) {
    this.redactor = redactor;
    AttributesBuilder resource = Attributes.builder();
    settings.resource().forEach(resource::put);
    resource.put("service.name", settings.serviceName()).put("service.version", version);
    Tracing tracing = new Tracing(true, settings.ratio());
    exporter =
        switch (settings.protocol()) {
          case HTTP -> http(settings);
          case GRPC -> grpc(settings);
        };
    contents =
        settings.content()
            ? new SpanContents(logging, tracing, mostHeld, MOST_WAITING, this)
            : null;
    spans =
        new Spans(
            tracing,
            Resource.create(resource.build()),
            InstrumentationScopeInfo.builder("dev.fairlead").setVersion(version).build(),
            contents == null ? _ -> null : contents::read);
  }

  /**
   * Opens an exporter; nothing is connected to before the first span.
   *
   * @param version of this program
   * @param logging what may be kept of contents, and what is replaced in them
   * @param redactor what receipts go through before they are sent
   */
  public static Traces open(
      TracingSettings settings,
      String version,
      Supplier<LoggingSettings> logging,
      ReceiptRedactor redactor) {
    Traces traces = new Traces(settings, version, logging, redactor, CaptureBudget.ofHeap());
    if (traces.contents != null) {
      traces.contents.start();
      LOG.info("traces carry prompts and replies to {}", settings.endpoint().getHost());
    }
    return traces;
  }

  /**
   * What is to be told of requests, and by that makes spans of their receipts; null when receipts
   * are to be handed to {@link #take} instead.
   */
  public @Nullable ExchangeObserver observer() {
    return contents;
  }

  /** Shows how it fares in {@code metrics}. */
  public void measure(Metrics metrics) {
    metrics.counter("fairlead.spans.sent", "Spans the collector has taken", this::sent);
    metrics.counter("fairlead.spans.dropped", "Spans the collector has not taken", this::dropped);
    SpanContents said = contents;
    if (said != null) {
      metrics.gauge(
          "fairlead.spans.held.bytes", "Bytes of bodies waiting for their spans", said::bytes);
      metrics.counter(
          "fairlead.spans.contents.shed",
          "Spans without the prompt and reply they had",
          said::shed);
    }
  }

  private static SpanExporter http(TracingSettings settings) {
    OtlpHttpSpanExporterBuilder http =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(settings.timeout())
            .setCompression("gzip");
    settings.headers().forEach((name, value) -> http.addHeader(name, value.reveal()));
    if (settings.trusted() != null) {
      http.setTrustedCertificates(settings.trusted().getBytes(StandardCharsets.UTF_8));
    }
    return http.build();
  }

  private static SpanExporter grpc(TracingSettings settings) {
    OtlpGrpcSpanExporterBuilder grpc =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(settings.timeout())
            .setCompression("gzip");
    settings.headers().forEach((name, value) -> grpc.addHeader(name, value.reveal()));
    if (settings.trusted() != null) {
      grpc.setTrustedCertificates(settings.trusted().getBytes(StandardCharsets.UTF_8));
    }
    return grpc.build();
  }

  @Override
  public void take(List<Receipt> batch) {
    List<SpanData> ready = new ArrayList<>(Math.min(MOST_SPANS, batch.size() * 2));
    int said = 0;
    for (Receipt receipt : batch) {
      said += spans.add(redactor.of(receipt), ready);
      if (ready.size() >= MOST_SPANS || said >= MOST_CONTENT) {
        send(ready);
        ready = new ArrayList<>();
        said = 0;
      }
    }
    if (!ready.isEmpty()) {
      send(ready);
    }
  }

  private void send(List<SpanData> batch) {
    if (!mayLeave()) {
      dropped.addAndGet(batch.size());
      return;
    }
    CompletableResultCode result = exporter.export(batch);
    result.whenComplete(() -> {
      places.release();
      if (result.isSuccess()) {
        sent.addAndGet(batch.size());
      } else {
        dropped.addAndGet(batch.size());
      }
      tell(result);
    });
  }

  private boolean mayLeave() {
    try {
      return places.tryAcquire()
          || (contents != null && places.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Once when it begins to fail and once when it works again, not for every batch. */
  private synchronized void tell(CompletableResultCode result) {
    if (result.isSuccess() == failing) {
      failing = !result.isSuccess();
      if (failing) {
        Throwable why = result.getFailureThrowable();
        LOG.warn(
            "traces cannot be sent to the collector{}; they are dropped until it takes them",
            why == null ? "" : ": " + why.getMessage());
      } else {
        LOG.info("traces are sent to the collector again");
      }
    }
  }

  /** Spans the collector has taken. */
  public long sent() {
    return sent.get();
  }

  /** Spans it has not. */
  public long dropped() {
    return dropped.get() + (contents == null ? 0 : contents.shedReceipts());
  }

  @Override
  public void close() {
    if (contents != null) {
      contents.close();
    }
    exporter.flush().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    exporter.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }
}
