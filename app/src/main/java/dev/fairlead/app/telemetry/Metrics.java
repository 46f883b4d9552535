package dev.fairlead.app.telemetry;

import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.Health;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
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
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for Prometheus. Everything about requests comes from receipts. Labels whose values a
 * stranger can choose are bounded: after {@link #MOST_MODELS} different models the next one is
 * counted as {@code other}, and so is who spends after {@link #MOST_SPENDERS}. Who spends is a
 * family of its own, so that its labels are never multiplied with models and buckets.
 */
public final class Metrics implements ReceiptPump.Sink, AutoCloseable {
  /** Different values of the label {@code model}. */
  public static final int MOST_MODELS = 500;

  /** Different holders of keys, with the tags of their requests. */
  public static final int MOST_SPENDERS = 2_000;

  private static final Duration[] TOKEN_GAP = {
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(35),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
  };

  private static final double[] SIZE = {
    1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24
  };

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

  private final BatchClock clock = new BatchClock();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Set<String> models = new HashSet<>();
  private final Map<Labels, Series> series = new HashMap<>();
  private final Map<Called, Counter> calls = new HashMap<>();
  private final Map<Upstream, Timer> upstream = new HashMap<>();
  private final Map<Rotation, Counter> rotations = new HashMap<>();
  private final Map<Spender, Spend> spend = new HashMap<>();
  private final List<String> tagLabels;

  /**
   * Held because the registry refers to them weakly and repeats the last count once they are gone.
   */
  private final List<DoubleSupplier> counted = new CopyOnWriteArrayList<>();

  private volatile Runnable refresh = () -> {};
  private final Timer overhead =
      time(
          "fairlead.overhead",
          "Time up to the first byte spent in the gateway",
          OVERHEAD,
          Tags.empty());

  /** Numbers without the clients' own tags. */
  public Metrics() {
    this(List.of());
  }

  /**
   * Creates the registry with the numbers of the JVM and the process.
   *
   * @param tagLabels names of the tags ({@code x-bf-dim-NAME} headers) that become labels of what
   *     is spent
   */
  public Metrics(List<String> tagLabels) {
    this.tagLabels = List.copyOf(tagLabels);
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
    counted.add(value);
    FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
        .description(help)
        .register(registry);
  }

  /**
   * Numbers of each provider in force: requests it is busy with, those that wait for a place at it,
   * and for each of its keys whether it is used now.
   */
  public void providers(Supplier<Snapshot> configuration, Health health, Capacity capacity) {
    MultiGauge busy = gauges("fairlead.provider.busy", "Requests under way at a provider");
    MultiGauge waiting =
        gauges("fairlead.provider.waiting", "Requests waiting for a place at a provider");
    MultiGauge up =
        gauges(
            "fairlead.provider.key.up",
            "1 when a provider key is used, 0 while it is switched off or avoided");
    refresh =
        () -> {
          Map<String, ProviderConfig> providers = configuration.get().providers();
          List<MultiGauge.Row<?>> rows = new ArrayList<>();
          for (ProviderConfig provider : providers.values()) {
            for (ProviderKey key : provider.keys()) {
              boolean used =
                  provider.enabled()
                      && key.enabled()
                      && health.coolingOf(provider.name(), key.id()) == null;
              rows.add(
                  MultiGauge.Row.of(
                      Tags.of(
                          "provider", provider.name(), "key_id", key.id(), "key_name", key.name()),
                      used ? 1 : 0));
            }
          }
          up.register(rows, true);
          busy.register(byProvider(providers.keySet(), capacity::busy), true);
          waiting.register(byProvider(providers.keySet(), capacity::waiting), true);
        };
  }

  private MultiGauge gauges(String name, String help) {
    return MultiGauge.builder(name).description(help).register(registry);
  }

  private static List<MultiGauge.Row<?>> byProvider(
      Set<String> providers, ToIntFunction<String> number) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (String provider : providers) {
      rows.add(MultiGauge.Row.of(Tags.of("provider", provider), number.applyAsInt(provider)));
    }
    return rows;
  }

  /** The state of all numbers in Prometheus' text format. */
  public String scrape() {
    refresh.run();
    return registry.scrape();
  }

  @Override
  public void take(List<Receipt> batch) {
    clock.hold();
    try {
      for (Receipt receipt : batch) {
        count(receipt);
      }
    } finally {
      clock.release();
    }
  }

  /**
   * Reads the time once for a batch. Meters ask for it twice with each number, only to see whether
   * the minute has passed after which they forget their oldest maximum.
   */
  private static final class BatchClock implements Clock {
    private static final long RUNS = -1;
    private volatile long held = RUNS;

    void hold() {
      held = System.currentTimeMillis();
    }

    void release() {
      held = RUNS;
    }

    @Override
    public long wallTime() {
      long at = held;
      return at == RUNS ? System.currentTimeMillis() : at;
    }

    @Override
    public long monotonicTime() {
      return System.nanoTime();
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
    List<Attempt> attempts = receipt.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      attempt(attempt).increment();
      upstream(attempt).record(attempt.totalMicros(), TimeUnit.MICROSECONDS);
      if (i > 0) {
        rotated(attempts.get(i - 1), attempt);
      }
    }
    series.result(receipt).increment();
    series.request.record((double) receipt.requestBytes());
    series.response.record((double) receipt.replyBytes());
    spent(receipt);
    if (receipt.attempts().size() > 1) {
      series.retries.increment(receipt.attempts().size() - 1.0);
    }
    series.duration.record(receipt.timings().total(), TimeUnit.MICROSECONDS);
    if (receipt.timings().firstByte() >= 0 && last != null) {
      series.firstByte.record(receipt.timings().firstByte(), TimeUnit.MICROSECONDS);
      overhead.record(receipt.timings().overhead(), TimeUnit.MICROSECONDS);
    }
    if (receipt.stream() && receipt.timings().firstByte() >= 0 && last != null) {
      series.firstToken.record(receipt.timings().firstByte(), TimeUnit.MICROSECONDS);
      long gaps = receipt.usage().output() - 1;
      if (gaps > 0 && receipt.outcome() == Receipt.Outcome.COMPLETED) {
        // The mean over one reply: what a reader feels, without a clock call for each frame.
        series.gap.record(
            (receipt.timings().total() - receipt.timings().firstByte()) * 1_000 / gaps,
            TimeUnit.NANOSECONDS);
      }
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

  private record Upstream(String provider, String model, boolean success) {}

  private record Rotation(String provider, String key, String failure) {}

  /** Who spends, by names people know; empty where there is none. */
  private record Spender(String key, String user, String team, String customer, List<String> tags) {
    static final String OTHER = "other";
  }

  /** What somebody has spent. */
  private record Spend(Counter requests, Counter tokens, Counter usd) {}

  private void spent(Receipt receipt) {
    Attribution whom = receipt.attribution();
    List<String> tags = new ArrayList<>(tagLabels.size());
    for (String label : tagLabels) {
      tags.add(whom.tags().getOrDefault(label, ""));
    }
    Spender spender =
        new Spender(
            whom.key() == null ? receipt.principal() : whom.key().name(),
            name(whom.user()),
            name(whom.team()),
            name(whom.customer()),
            List.copyOf(tags));
    Spend known = spend.get(spender);
    if (known == null) {
      if (spend.size() >= MOST_SPENDERS) {
        List<String> others = tagLabels.stream().map(_ -> Spender.OTHER).toList();
        spender = new Spender(Spender.OTHER, Spender.OTHER, Spender.OTHER, Spender.OTHER, others);
        known = spend.get(spender);
      }
      if (known == null) {
        known = spend(spender);
        spend.put(spender, known);
      }
    }
    known.requests().increment();
    known.tokens().increment((double) receipt.usage().input() + receipt.usage().output());
    known.usd().increment(receipt.costNanoUsd().orElse(0) / 1e9);
  }

  private Spend spend(Spender spender) {
    Tags tags =
        Tags.of(
            "virtual_key", spender.key(),
            "user", spender.user(),
            "team", spender.team(),
            "customer", spender.customer());
    for (int i = 0; i < tagLabels.size(); i++) {
      tags = tags.and("tag_" + tagLabels.get(i).replace('-', '_'), spender.tags().get(i));
    }
    return new Spend(
        counter("fairlead.spender.requests", "Requests by who is charged", tags),
        counter("fairlead.spender.tokens", "Tokens, input and output, by who is charged", tags),
        counter("fairlead.spender.cost.usd", "Cost in US dollars by who is charged", tags));
  }

  private static String name(Attribution.@Nullable Named whom) {
    return whom == null ? "" : whom.name();
  }

  private Timer upstream(Attempt attempt) {
    Upstream labels =
        new Upstream(attempt.provider(), model(attempt.model()), attempt.failure() == null);
    Timer known = upstream.get(labels);
    if (known == null) {
      known =
          time(
              "fairlead.upstream.latency",
              "From the start of an attempt to its end",
              LATENCY,
              Tags.of(
                  "provider", labels.provider(),
                  "model", labels.model(),
                  "is_success", Boolean.toString(labels.success())));
      upstream.put(labels, known);
    }
    return known;
  }

  /** An attempt that went on with another key of the same provider. */
  private void rotated(Attempt failed, Attempt next) {
    if (failed.failure() == null
        || failed.keyName() == null
        || !failed.provider().equals(next.provider())
        || failed.keyName().equals(next.keyName())) {
      return;
    }
    Rotation labels = new Rotation(failed.provider(), failed.keyName(), failed.failure().label());
    Counter known = rotations.get(labels);
    if (known == null) {
      known =
          counter(
              "fairlead.key.rotation.events",
              "Attempts given up for another key of the same provider",
              Tags.of(
                  "provider", labels.provider(),
                  "key_name", labels.key(),
                  "fail_reason", labels.failure()));
      rotations.put(labels, known);
    }
    known.increment();
  }

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
    private final Timer firstToken;
    private final Timer gap;
    private final DistributionSummary request;
    private final DistributionSummary response;
    private final Map<String, Counter> results = new HashMap<>();

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
      firstToken =
          time(
              "fairlead.stream.first.token.latency",
              "From a streamed request's head to the first byte of its reply",
              LATENCY,
              tags);
      gap =
          time(
              "fairlead.stream.inter.token.latency",
              "Mean time between two tokens of a streamed reply",
              TOKEN_GAP,
              tags);
      request = size("fairlead.request.size", "Bytes of request bodies as read", tags);
      response = size("fairlead.response.size", "Bytes of reply bodies as sent", tags);
    }

    /** Whether the client got what it asked for, and if not, whose matter that is. */
    Counter result(Receipt receipt) {
      String type = ErrorType.of(receipt);
      Counter known = results.get(type);
      if (known == null) {
        known =
            type.isEmpty()
                ? counter("fairlead.success.requests", "Requests that were served", tags)
                : counter(
                    "fairlead.error.requests",
                    "Requests that were not, by whose matter it is",
                    tags.and("error_type", type));
        results.put(type, known);
      }
      return known;
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

  private DistributionSummary size(String name, String help, Tags tags) {
    return DistributionSummary.builder(name)
        .baseUnit("bytes")
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(SIZE)
        .register(registry);
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
