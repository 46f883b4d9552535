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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for Prometheus. Everything about requests comes from receipts. Labels whose values a
 * stranger can choose are bounded: after {@link #MOST_MODELS} different models the next one is
 * counted as {@code other}.
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
  private final Map<Labels, Series> series = new HashMap<>();
  private final Map<Called, Counter> calls = new HashMap<>();
  private final Timer overhead =
      time(
          "fairlead.overhead",
          "Time up to the first byte spent in the gateway",
          OVERHEAD,
          Tags.empty());

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
    Gauge.builder(name, value::getAsDouble)
        .description(help)
        .strongReference(true)
        .register(registry);
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
    Series series =
        series(
            new Labels(
                last == null ? "none" : last.provider(),
                last == null ? "none" : model(last.model()),
                receipt.operation() == null ? "none" : receipt.operation().label(),
                receipt.caller().client()));
    series.outcome(receipt).increment();
    for (Attempt attempt : receipt.attempts()) {
      attempt(attempt).increment();
    }
    if (receipt.attempts().size() > 1) {
      series.retries.increment(receipt.attempts().size() - 1.0);
    }
    series.duration.record(receipt.timings().total(), TimeUnit.MICROSECONDS);
    if (receipt.timings().firstByte() >= 0 && last != null) {
      series.firstByte.record(receipt.timings().firstByte(), TimeUnit.MICROSECONDS);
      overhead.record(receipt.timings().overhead(), TimeUnit.MICROSECONDS);
    }
    series.usage(receipt.usage());
    if (receipt.costNanoUsd().isPresent()) {
      series.cost.increment(receipt.costNanoUsd().getAsLong() / 1e9);
    } else {
      series.unpriced.increment();
    }
  }

  /** The labels most numbers about a request share. */
  private record Labels(String provider, String model, String operation, String client) {}

  private record Ending(String outcome, int status, String failure) {}

  private record Called(String provider, String model, int status, String failure) {}

  private Series series(Labels labels) {
    Series known = series.get(labels);
    if (known == null) {
      known = new Series(labels);
      series.put(labels, known);
    }
    return known;
  }

  private Counter attempt(Attempt attempt) {
    Called called =
        new Called(
            attempt.provider(),
            model(attempt.model()),
            attempt.status(),
            attempt.failure() == null ? "" : attempt.failure().label());
    Counter known = calls.get(called);
    if (known == null) {
      known =
          counter(
              "fairlead.upstream.requests",
              "Calls of providers by how they ended",
              Tags.of(
                  "provider", called.provider(),
                  "model", called.model(),
                  "status", Integer.toString(called.status()),
                  "failure", called.failure()));
      calls.put(called, known);
    }
    return known;
  }

  /** The meters of one set of labels, looked up once: finding a meter costs more than counting. */
  private final class Series {
    private static final String[] KINDS = {
      "input", "cache_read", "cache_write", "output", "reasoning"
    };

    private final Tags tags;
    private final Map<Ending, Counter> outcomes = new HashMap<>();
    private final @Nullable Counter[] tokens = new Counter[KINDS.length * 2];
    private final Counter retries;
    private final Timer duration;
    private final Timer firstByte;
    private final Counter cost;
    private final Counter unpriced;

    Series(Labels labels) {
      tags =
          Tags.of(
              "provider", labels.provider(),
              "model", labels.model(),
              "operation", labels.operation(),
              "client", labels.client());
      retries = counter("fairlead.request.retries", "Attempts beyond the first", tags);
      duration =
          time(
              "fairlead.request.duration",
              "From the request's head to the last byte",
              LATENCY,
              tags);
      firstByte =
          time(
              "fairlead.first.byte",
              "From the request's head to the reply's first byte",
              LATENCY,
              tags);
      cost = counter("fairlead.cost.usd", "Cost in US dollars", tags);
      unpriced = counter("fairlead.unpriced.requests", "Requests whose cost is not known", tags);
    }

    Counter outcome(Receipt receipt) {
      Ending ending =
          new Ending(
              receipt.outcome().label(),
              receipt.status(),
              receipt.failureCode() == null ? "" : failure(receipt.failureCode()));
      Counter known = outcomes.get(ending);
      if (known == null) {
        known =
            counter(
                "fairlead.requests",
                "Requests by how they ended",
                tags.and(
                    "outcome", ending.outcome(),
                    "status", Integer.toString(ending.status()),
                    "failure", ending.failure()));
        outcomes.put(ending, known);
      }
      return known;
    }

    void usage(Usage usage) {
      add(0, usage.inputUncached(), usage.estimated());
      add(1, usage.cacheRead(), usage.estimated());
      add(2, usage.cacheWrite5m() + usage.cacheWrite1h(), usage.estimated());
      add(3, usage.output(), usage.estimated());
      add(4, usage.reasoning(), usage.estimated());
    }

    private void add(int kind, long count, boolean estimated) {
      if (count <= 0) {
        return;
      }
      int index = estimated ? KINDS.length + kind : kind;
      Counter known = tokens[index];
      if (known == null) {
        known =
            counter(
                "fairlead.tokens",
                "Tokens by kind; reasoning is part of output",
                tags.and("kind", KINDS[kind], "estimated", Boolean.toString(estimated)));
        tokens[index] = known;
      }
      known.increment((double) count);
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
