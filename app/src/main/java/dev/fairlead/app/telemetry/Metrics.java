package dev.fairlead.app.telemetry;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.model.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * Numbers for Prometheus. Everything about requests comes from receipts. Labels whose values a stranger can choose are
 * bounded: after {@link #MOST_MODELS} different models the next one is counted as {@code other}.
 */
public final class Metrics implements ReceiptPump.Sink, AutoCloseable {
  /** Different values of the label {@code model}. */
  public static final int MOST_MODELS = 500;

  private static final Duration[] LATENCY = {
    Duration.ofMillis(5),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(2),
    Duration.ofMinutes(5),
  };

  private static final Duration[] OVERHEAD = {
    Duration.ofNanos(50_000),
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(250),
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Set<String> models = new HashSet<>();

  /** Creates the registry with the numbers of the JVM and the process. */
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /** A number that is asked for when it is scraped. */
  public void gauge(String name, String help, DoubleSupplier value) {
    Gauge.builder(name, value::getAsDouble).description(help).strongReference(true).register(registry);
  }

  /** A count kept elsewhere. */
  public void counter(String name, String help, DoubleSupplier value) {
    FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
        .description(help)
        .register(registry);
  }

  /** The state of all numbers in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void take(List<Receipt> batch) {
    for (Receipt receipt : batch) {
      count(receipt);
    }
  }

  private void count(Receipt receipt) {
    Attempt last = receipt.attempts().isEmpty() ? null : receipt.attempts().getLast();
    Tags tags =
        Tags.of(
            "provider", last == null ? "none" : last.provider(),
            "model", last == null ? "none" : model(last.model()),
            "operation", receipt.operation() == null ? "none" : receipt.operation().label(),
            "client", receipt.caller().client());
    counter(
            "fairlead.requests",
            "Requests by how they ended",
            tags.and(
                "outcome", receipt.outcome().label(),
                "status", Integer.toString(receipt.status()),
                "failure", receipt.failureCode() == null ? "" : failure(receipt.failureCode())))
        .increment();
    for (Attempt attempt : receipt.attempts()) {
      counter(
              "fairlead.upstream.requests",
              "Calls of providers by how they ended",
              Tags.of(
                  "provider", attempt.provider(),
                  "model", model(attempt.model()),
                  "status", Integer.toString(attempt.status()),
                  "failure", attempt.failure() == null ? "" : attempt.failure().label()))
          .increment();
    }
    int retries = Math.max(0, receipt.attempts().size() - 1);
    if (retries > 0) {
      counter("fairlead.request.retries", "Attempts beyond the first", tags).increment(retries);
    }
    time("fairlead.request.duration", "From the request's head to the last byte", LATENCY, tags)
        .record(receipt.timings().total(), TimeUnit.MICROSECONDS);
    if (receipt.timings().firstByte() >= 0 && last != null) {
      time("fairlead.first.byte", "From the request's head to the reply's first byte", LATENCY, tags)
          .record(receipt.timings().firstByte(), TimeUnit.MICROSECONDS);
      time("fairlead.overhead", "Time up to the first byte spent in the gateway", OVERHEAD, Tags.empty())
          .record(receipt.timings().overhead(), TimeUnit.MICROSECONDS);
    }
    usage(receipt, tags);
  }

  private void usage(Receipt receipt, Tags tags) {
    Usage usage = receipt.usage();
    String[] kinds = {"input", "cache_read", "cache_write", "output", "reasoning"};
    long[] counts = {
      usage.inputUncached(),
      usage.cacheRead(),
      usage.cacheWrite5m() + usage.cacheWrite1h(),
      usage.output(),
      usage.reasoning()
    };
    for (int i = 0; i < kinds.length; i++) {
      if (counts[i] > 0) {
        counter(
                "fairlead.tokens",
                "Tokens by kind; reasoning is part of output",
                tags.and("kind", kinds[i], "estimated", Boolean.toString(usage.estimated())))
            .increment((double) counts[i]);
      }
    }
    if (receipt.costNanoUsd().isPresent()) {
      counter("fairlead.cost.usd", "Cost in US dollars", tags)
          .increment(receipt.costNanoUsd().getAsLong() / 1e9);
    } else {
      counter("fairlead.unpriced.requests", "Requests whose cost is not known", tags).increment();
    }
  }

  private Counter counter(String name, String help, Tags tags) {
    return Counter.builder(name).description(help).tags(tags).register(registry);
  }

  private Timer time(String name, String help, Duration[] buckets, Tags tags) {
    return Timer.builder(name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  private String model(String model) {
    if (models.contains(model)) {
      return model;
    }
    if (models.size() >= MOST_MODELS) {
      return "other";
    }
    models.add(model);
    return model;
  }

  /** Failure codes may be a provider's own words; only the form of a code is let through. */
  private static String failure(String code) {
    return code.length() <= 40 && code.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_')
        ? code
        : "other";
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
