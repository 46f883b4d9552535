package dev.fairlead.app.serve;

import dev.fairlead.app.config.StorePlace;
import dev.fairlead.app.connect.Arrivals;
import dev.fairlead.app.connect.ConnectApi;
import dev.fairlead.app.ledger.Accounts;
import dev.fairlead.app.ledger.QuotaEndpoint;
import dev.fairlead.app.logs.AuditedReading;
import dev.fairlead.app.logs.LineErasure;
import dev.fairlead.app.logs.LogApi;
import dev.fairlead.app.logs.ReceiptRedactor;
import dev.fairlead.app.logs.RequestLog;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.app.policy.CelConditions;
import dev.fairlead.app.policy.Explainer;
import dev.fairlead.app.policy.LedgerUsage;
import dev.fairlead.app.policy.RoutingRoutes;
import dev.fairlead.app.store.Stores;
import dev.fairlead.app.telemetry.Metrics;
import dev.fairlead.app.telemetry.ReceiptLog;
import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.app.telemetry.TelemetrySettings;
import dev.fairlead.app.telemetry.trace.Traces;
import dev.fairlead.app.telemetry.trace.TracingSettings;
import dev.fairlead.codec.translate.KeptThoughts;
import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.client.ClientRules;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.ExchangePolicy;
import dev.fairlead.core.identity.Identify;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.models.CacheWatch;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.port.ExchangeObserver;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.port.Site;
import dev.fairlead.core.pricing.GovernedPricer;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.Latencies;
import dev.fairlead.core.routing.LearnedRejects;
import dev.fairlead.core.routing.Planner;
import dev.fairlead.core.routing.RetryBudget;
import dev.fairlead.core.routing.RuleBook;
import dev.fairlead.core.routing.SessionModels;
import dev.fairlead.core.routing.SessionSeals;
import dev.fairlead.store.PostgresDatabase;
import dev.fairlead.store.log.LogStore;
import dev.fairlead.wire.ByteBudget;
import dev.fairlead.wire.Gateway;
import dev.fairlead.wire.Listener;
import dev.fairlead.wire.OllamaModels;
import dev.fairlead.wire.OpenConnections;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway, put together and serving. */
public final class GatewayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
  private static final Duration DRAIN = Duration.ofSeconds(25);
  private static final Duration END = Duration.ofSeconds(2);
  private static final int MOST_RECEIPTS_WAITING = 16_384;
  private static final int KEEP_LOG_DAYS = 30;
  private static final long MOST_LOG_BYTES = 1L << 30;
  private static final int MOST_WORK_WAITING = 256;

  private final AtomicReference<Snapshot> installed;
  private final AtomicBoolean ready = new AtomicBoolean();
  private final Listener listener;
  private final @Nullable Listener admin;
  private final ReceiptPump pump;
  private final RequestLog requests;
  private final LogApi logApi;
  private final ReceiptLog log;
  private final Metrics metrics;
  private final @Nullable Traces traces;
  private final ThreadPoolExecutor work;
  private final Accounts accounts;
  private final ByteBudget bodies;
  private final ControlApi control;
  private final RuleBook rules;

  private GatewayServer(
      AtomicReference<Snapshot> installed,
      Listener listener,
      @Nullable Listener admin,
      ReceiptPump pump,
      RequestLog requests,
      LogApi logApi,
      ReceiptLog log,
      Metrics metrics,
      @Nullable Traces traces,
      ThreadPoolExecutor work,
      Accounts accounts,
      ByteBudget bodies,
      RuleBook rules,
      ControlApi control) {
    this.rules = rules;
    this.bodies = bodies;
    this.control = control;
    this.installed = installed;
    this.listener = listener;
    this.admin = admin;
    this.pump = pump;
    this.requests = requests;
    this.logApi = logApi;
    this.log = log;
    this.metrics = metrics;
    this.traces = traces;
    this.work = work;
    this.accounts = accounts;
  }

  /**
   * Starts serving.
   *
   * @param first the configuration to begin with
   * @param stores where counters and the request log are kept; stays open as long as the server
   * @param basis what the control API stands on
   * @param hasher what virtual keys are looked up with
   * @throws IOException when an address cannot be listened on; the message says who holds it
   */
  public static GatewayServer start(
      ServeOptions options,
      Snapshot first,
      KeyHasher hasher,
      GovernedPricer.PriceSource prices,
      ModelCatalogue catalogue,
      TelemetrySettings telemetry,
      Stores stores,
      ControlApi.Basis basis)
      throws IOException {
    AtomicReference<Snapshot> installed = new AtomicReference<>(first);
    Pricer pricer = new GovernedPricer(prices, () -> installed.get().governance());
    Health health =
        new Health(
            System::currentTimeMillis,
            (subject, reason) -> LOG.warn("{}: {}", describe(subject), reason));
    LearnedRejects rejects =
        new LearnedRejects(
            System::currentTimeMillis,
            (deployment, reject) ->
                LOG.warn(
                    "{} does not take {}; requests go there without it for {} min",
                    deployment,
                    reject.label(),
                    LearnedRejects.MUTED.toMinutes()));
    Latencies latencies = new Latencies(System::currentTimeMillis);
    LearnedWindows windows = new LearnedWindows(System::currentTimeMillis);
    Capacity capacity = new Capacity();
    Accounts accounts = Accounts.open(options.directory(), stores.database(), pricer, catalogue);
    Ledger admission = accounts.ledger();
    RuleBook rules = new RuleBook(CelConditions::compile, new LedgerUsage(admission));
    rules.of(first.governance());
    TracingSettings tracing = telemetry.tracing();
    Metrics metrics = new Metrics(telemetry.tagLabels());
    ReceiptLog log =
        new ReceiptLog(options.directory().resolve("logs"), KEEP_LOG_DAYS, MOST_LOG_BYTES);
    Supplier<LoggingSettings> logging = () -> installed.get().client().logging();
    ReceiptRedactor redactor = new ReceiptRedactor(logging, hasher::hash);
    Traces traces =
        tracing == null ? null : Traces.open(tracing, Version.NUMBER, logging, redactor);
    ExchangeObserver spans = traces == null ? null : traces.observer();
    Arrivals arrivals = new Arrivals(InstantSource.system());
    List<ReceiptPump.Sink> sinks =
        new ArrayList<>(
            List.of(
                batch -> {
                  if (logging.get().lines()) {
                    log.take(batch.stream().map(redactor::of).toList());
                  }
                },
                metrics,
                arrivals,
                new ConsoleLines(options.logJson())));
    if (traces != null) {
      traces.measure(metrics);
      if (spans == null) {
        sinks.add(traces);
      }
    }
    ReceiptPump pump = new ReceiptPump(MOST_RECEIPTS_WAITING, sinks).start();
    RequestLog requests =
        RequestLog.open(
            installed::get,
            logStore(stores.settings().logs(), options.directory()),
            redactor,
            new LineErasure(pump, log));
    requests.measure(metrics);
    ByteBudget bodies =
        new ByteBudget(Math.max(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 3));
    ThreadPoolExecutor work = workPool();
    AtomicReference<@Nullable GatewayServer> self = new AtomicReference<>();

    LiveLists.Fetch fetch =
        (provider, key) -> {
          GatewayServer server = self.get();
          return server == null
              ? CompletableFuture.failedFuture(new IOException("the gateway is starting"))
              : server.listener.modelList(provider, key);
        };
    LiveLists models = new LiveLists(catalogue, fetch, work, System::currentTimeMillis);
    Map<String, Endpoint> endpoints = new HashMap<>();
    ModelTableEndpoint table =
        new ModelTableEndpoint(installed::get, models, InstantSource.system());
    endpoints.put("/api/models", table);
    Endpoint metricsEndpoint =
        new PlainEndpoint(
            Endpoint.Access.INTERNAL,
            () ->
                new Endpoint.Answer(
                    200,
                    Headers.of("content-type", "text/plain; version=0.0.4; charset=utf-8"),
                    Bytes.utf8(metrics.scrape())));
    Endpoint live =
        new PlainEndpoint(Endpoint.Access.OPEN, () -> Endpoint.Answer.text(200, "live\n"));
    Endpoint readiness =
        new PlainEndpoint(
            Endpoint.Access.OPEN,
            () -> {
              GatewayServer server = self.get();
              return server != null && server.ready.get()
                  ? Endpoint.Answer.text(200, "ready\n")
                  : Endpoint.Answer.text(503, "not ready\n");
            });
    endpoints.put(QuotaEndpoint.PATH, new QuotaEndpoint(installed::get, admission));
    endpoints.put("/livez", live);
    endpoints.put("/readyz", readiness);
    endpoints.put(
        "/health",
        new HealthEndpoint(
            installed::get,
            health,
            rejects,
            capacity,
            () -> {
              GatewayServer server = self.get();
              return server != null && server.ready.get();
            },
            Version.NUMBER,
            models::problem,
            accounts::problem));
    SessionSeals seals = new SessionSeals();
    Planner planner =
        new Planner(
            health,
            models,
            windows,
            new SessionModels(System::currentTimeMillis),
            rules,
            seals,
            latencies);
    ControlApi control =
        ControlApi.open(
            options.directory(), basis, () -> installed.get().client(), InstantSource.system());
    control.addConfiguration(
        basis,
        installed::get,
        models,
        fetch,
        () -> admission.usage(installed.get()),
        () -> rules.of(installed.get().governance()).observed());
    control.add(
        RoutingRoutes.of(
            installed::get, new Explainer(planner, ClientRules.bundled(), InstantSource.system())));
    LogApi logApi =
        new LogApi(
            requests,
            new AuditedReading(control.audit()),
            InstantSource.system(),
            new LogApi.Running(
                () -> {
                  GatewayServer server = self.get();
                  return server == null ? null : self(options.hosts(), server.port());
                },
                installed::get,
                hasher::hash,
                seals,
                pricer));
    control.add(logApi.routes());
    control.add(
        new ConnectApi(arrivals, InstantSource.system(), () -> installed.get().client().publicUrl())
            .routes());
    control.addBeside(table.route());
    List<Site> sites = control.sites();
    Map<String, Endpoint> withMetrics = new HashMap<>(endpoints);
    withMetrics.put("/metrics", metricsEndpoint);
    withMetrics.put("/metrics/", metricsEndpoint);

    KeptThoughts thoughts = new KeptThoughts(System::currentTimeMillis);
    Gateway gateway =
        new Gateway(
            installed::get,
            new Identify(hasher::hash, KeyHasher::checksumOk),
            planner,
            admission,
            capacity,
            rejects,
            new ExchangePolicy(
                health,
                new RetryBudget(),
                pricer,
                () -> ThreadLocalRandom.current().nextDouble(0.8, 1.2),
                windows),
            ClientRules.bundled(),
            bodies,
            work,
            options.adminPort() < 0 ? withMetrics : endpoints,
            options.adminPort() < 0 ? sites : List.of(),
            new ModelsEndpoint(installed::get, models),
            spans == null
                ? List.of(pump, latencies, requests, arrivals)
                : List.of(pump, latencies, requests, arrivals, spans),
            models,
            new OllamaModels(System::currentTimeMillis),
            tracing == null ? Tracing.OFF : new Tracing(true, tracing.ratio()),
            thoughts,
            new CacheWatch(System::currentTimeMillis),
            true);
    Listener listener = null;
    Listener admin = null;
    try {
      listener = listen(gateway, options.hosts(), options.port(), options.loops());
      if (options.adminPort() >= 0) {
        admin =
            listen(
                gateway.onlyEndpoints(withMetrics, sites), options.hosts(), options.adminPort(), 1);
      }
    } catch (IOException failed) {
      if (listener != null) {
        listener.close();
      }
      pump.close();
      accounts.close();
      requests.close();
      if (traces != null) {
        traces.close();
      }
      work.shutdownNow();
      throw failed;
    }
    metrics.providers(installed::get, health, capacity);
    connections(metrics, listener);
    gauges(metrics, pump, capacity, bodies, admission, health);
    accounts.gauges(metrics);
    metrics.gauge(
        "fairlead.rejects.muted",
        "Fields and betas left out because their deployment refused them",
        () -> rejects.all().size());
    metrics.counter(
        "fairlead.rejects.learned",
        "Refusals of a field or beta learned from providers",
        rejects::learned);
    metrics.gauge(
        "fairlead.thoughts.bytes",
        "Signatures and thinking kept for clients that lose them",
        thoughts::bytes);
    metrics.gauge(
        "fairlead.thoughts.calls",
        "Calls of tools remembered with their signatures and thinking",
        thoughts::calls);
    GatewayServer server =
        new GatewayServer(
            installed, listener, admin, pump, requests, logApi, log, metrics, traces, work,
            accounts, bodies, rules, control);
    self.set(server);
    server.ready.set(true);
    return server;
  }

  /** Nothing is opened here: a log that cannot be reached keeps no gateway from starting. */
  private static LogStore logStore(StorePlace place, Path directory) {
    return switch (place) {
      // Never written to, because the request log follows the same field of the configuration.
      case StorePlace.Off _ -> LogStore.sqlite(directory.resolve("logs.db"));
      case StorePlace.Sqlite(Path file) -> LogStore.sqlite(file);
      case StorePlace.Postgres(var postgres) ->
          LogStore.postgres(PostgresDatabase.connections(postgres));
    };
  }

  /** Where this process reaches its own listener. */
  private static URI self(List<String> hosts, int port) {
    String host =
        hosts.stream().anyMatch(each -> each.equals("0.0.0.0") || each.equals("localhost"))
            ? "127.0.0.1"
            : hosts.contains("::") ? "::1" : hosts.getFirst();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  private static Listener listen(Gateway gateway, List<String> hosts, int port, int loops)
      throws IOException {
    try {
      return Listener.start(gateway, new Listener.Binding(hosts, port, loops));
    } catch (IOException failed) {
      // The native transport has an exception of its own for what the JDK calls a BindException.
      String reason = String.valueOf(failed.getMessage());
      if (!(failed instanceof BindException) && !reason.contains("Address already in use")) {
        throw failed;
      }
      throw new IOException(
          "Port "
              + port
              + " is taken"
              + PortHolder.of(port).map(holder -> " by " + holder).orElse("")
              + ". Stop that program, or choose another port with -port N.",
          failed);
    }
  }

  private static ThreadPoolExecutor workPool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            0,
            Math.max(1, Runtime.getRuntime().availableProcessors()),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WORK_WAITING),
            Thread.ofPlatform().name("fairlead-work-", 0).daemon(true).factory(),
            // A full queue slows the event loop that asked, which is the back-pressure wanted then.
            new ThreadPoolExecutor.CallerRunsPolicy());
    pool.setCorePoolSize(1);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static void connections(Metrics metrics, Listener listener) {
    OpenConnections clients = listener.clientConnections();
    metrics.gauge("fairlead.client.connections", "Connections of clients", clients::now);
    metrics.counter("fairlead.client.connections.opened", "Connections of clients", clients::ever);
    OpenConnections upstream = listener.upstreamConnections();
    metrics.gauge(
        "fairlead.upstream.connections",
        "Connections to providers, those at rest included",
        upstream::now);
    metrics.counter(
        "fairlead.upstream.connections.opened", "Connections to providers", upstream::ever);
  }

  private static void gauges(
      Metrics metrics,
      ReceiptPump pump,
      Capacity capacity,
      ByteBudget bodies,
      Ledger admission,
      Health health) {
    metrics.gauge("fairlead.active.requests", "Requests under way", admission::open);
    metrics.gauge("fairlead.body.bytes", "Bytes of request bodies held", bodies::used);
    metrics.counter("fairlead.bodies.refused", "Bodies refused for want of room", bodies::refused);
    metrics.gauge("fairlead.receipts.waiting", "Receipts not yet logged", pump::waiting);
    metrics.counter("fairlead.receipts.shed", "Receipts never logged", pump::shed);
    metrics.counter(
        "fairlead.requests.shed", "Requests a full provider turned away", capacity::shed);
    metrics.gauge(
        "fairlead.cooldowns", "Providers and keys being avoided", () -> health.all().size());
  }

  private static String describe(Health.Subject subject) {
    return switch (subject) {
      case Health.Subject.Provider(String provider) -> "provider " + provider;
      case Health.Subject.Key(String provider, String keyId) ->
          "key " + keyId + " of provider " + provider;
      case Health.Subject.KeyModel(
              String provider,
              String keyId,
              String model,
              Operation operation) ->
          "key "
              + keyId
              + " of provider "
              + provider
              + " for "
              + operation.label()
              + " of model "
              + model;
    };
  }

  /** Puts a new configuration in force; requests under way keep the one they started with. */
  public void install(Snapshot next) {
    rules.of(next.governance());
    installed.set(next);
    listener.configurationChanged(next);
  }

  /** The configuration in force. */
  public Snapshot snapshot() {
    return installed.get();
  }

  /** The control API with all its routes. */
  public ControlApi control() {
    return control;
  }

  /** Secret part of the link that makes the first administrator, or null. */
  public @Nullable String setUpLink() {
    return control.firstLink();
  }

  /** The port listened on. */
  public int port() {
    return listener.port();
  }

  /** The port of the admin listener, or -1. */
  public int adminPort() {
    return admin == null ? -1 : admin.port();
  }

  /** Requests under way; 0 when the gateway is at rest. */
  public int live() {
    int looked = bodies.used() > 0 ? 1 : 0;
    return Math.max(Math.max(listener.live(), accounts.ledger().open()), looked);
  }

  /**
   * Stops: no longer ready, requests under way may finish for {@link #DRAIN}, the rest are ended
   * with an error in their own dialect, and what is known is written.
   */
  @Override
  public void close() {
    close(DRAIN);
  }

  /** As {@link #close()}, with another patience. */
  public void close(Duration drain) {
    ready.set(false);
    listener.drain();
    await(drain);
    if (live() > 0) {
      LOG.info("ending {} requests that are still under way", live());
      listener.stopExchanges("the gateway is stopping");
      await(END);
    }
    listener.close();
    if (admin != null) {
      admin.close();
    }
    work.shutdownNow();
    accounts.close();
    pump.close();
    requests.close();
    logApi.close();
    if (traces != null) {
      traces.close();
    }
    metrics.close();
    try {
      log.close();
    } catch (IOException failed) {
      LOG.warn("the request log was not closed cleanly: {}", failed.getMessage());
    }
  }

  private void await(Duration most) {
    long until = System.nanoTime() + most.toNanos();
    while (live() > 0 && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(this, Duration.ofMillis(20).toNanos());
    }
  }
}
