package dev.fairlead.app.telemetry.trace;

import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Tracing;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the spans of every receipt to a collector, which may be slow or away: so many batches are
 * under way at most, what comes while they are is dropped and counted. Loaded only when tracing is
 * on.
 */
public final class Traces implements ReceiptPump.Sink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
  private static final int MOST_UNDER_WAY = 8;
  private static final int MOST_SPANS = 512;
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final SpanExporter exporter;
  private final Spans spans;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private boolean failing;

  private Traces(SpanExporter exporter, Spans spans) {
    this.exporter = exporter;
    this.spans = spans;
  }

  /**
   * Opens an exporter; nothing is connected to before the first span.
   *
   * @param version of this program
   */
  public static Traces open(TracingSettings settings, String version) {
    AttributesBuilder resource = Attributes.builder();
    settings.resource().forEach(resource::put);
    resource.put("service.name", settings.serviceName()).put("service.version", version);
    return new Traces(
        switch (settings.protocol()) {
          case HTTP -> http(settings);
          case GRPC -> grpc(settings);
        },
        new Spans(
            new Tracing(true, settings.ratio()),
            Resource.create(resource.build()),
            InstrumentationScopeInfo.builder("dev.fairlead").setVersion(version).build()));
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
    for (Receipt receipt : batch) {
      spans.add(receipt, ready);
      if (ready.size() >= MOST_SPANS) {
        send(ready);
        ready = new ArrayList<>();
      }
    }
    if (!ready.isEmpty()) {
      send(ready);
    }
  }

  private void send(List<SpanData> batch) {
    if (underWay.get() >= MOST_UNDER_WAY) {
      dropped.addAndGet(batch.size());
      return;
    }
    underWay.incrementAndGet();
    CompletableResultCode result = exporter.export(batch);
    result.whenComplete(() -> {
      underWay.decrementAndGet();
      if (result.isSuccess()) {
        sent.addAndGet(batch.size());
      } else {
        dropped.addAndGet(batch.size());
      }
      tell(result);
    });
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
    return dropped.get();
  }

  @Override
  public void close() {
    exporter.flush().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    exporter.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }
}
