package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.translate.KeptThoughts;
import dev.fairlead.core.admission.Capacity;
import dev.fairlead.core.client.ClientRules;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.exchange.ExchangePolicy;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.identity.Identify;
import dev.fairlead.core.ledger.Journal;
import dev.fairlead.core.ledger.Ledger;
import dev.fairlead.core.model.Tracing;
import dev.fairlead.core.models.CacheWatch;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.port.Site;
import dev.fairlead.core.port.UsageView;
import dev.fairlead.core.routing.Condition;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.Latencies;
import dev.fairlead.core.routing.LearnedRejects;
import dev.fairlead.core.routing.Planner;
import dev.fairlead.core.routing.RetryBudget;
import dev.fairlead.core.routing.RuleBook;
import dev.fairlead.core.routing.SessionModels;
import dev.fairlead.core.routing.SessionSeals;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A gateway on a real socket, put together by hand. Closing it checks that nothing is left: no
 * permit, place, byte of the budget or exchange; exactly one receipt for each request; no leaked
 * buffer; no event loop that was blocked.
 */
final class GatewayFixture implements AutoCloseable {
  private static final Duration REST = Duration.ofSeconds(30);

  private final AtomicReference<Snapshot> snapshot;
  private final Ledger ledger;
  private final Capacity capacity = new Capacity();
  private final Health health;
  private final LearnedRejects rejects =
      new LearnedRejects(System::currentTimeMillis, (deployment, reject) -> {});
  private final ByteBudget bodies;
  private final Receipts receipts = new Receipts();
  private final ExecutorService work = Executors.newFixedThreadPool(2);
  private final LearnedWindows windows = new LearnedWindows(System::currentTimeMillis);
  private final LogGuard log = LogGuard.attached();
  private final Listener listener;
  private final LoopBlockDetector detector;
  private final List<RawHttp> clients = new ArrayList<>();
  private final AtomicLong ahead = new AtomicLong();
  private int expectedReceipts;
  private boolean watchLoops;

  private GatewayFixture(Builder builder) {
    snapshot = new AtomicReference<>(builder.snapshot());
    health = new Health(System::currentTimeMillis, (subject, why) -> {});
    bodies = new ByteBudget(builder.bodyBudget);
    watchLoops = builder.watchLoops;
    ledger =
        new Ledger(
            builder.pricer, builder.models, Journal.NONE, List.of(), System::currentTimeMillis);
    Gateway gateway =
        new Gateway(
            snapshot::get,
            new Identify(value -> "hash:" + value, value -> !value.endsWith("-cut")),
            new Planner(
                health,
                builder.models,
                windows,
                new SessionModels(System::currentTimeMillis),
                new RuleBook(builder.rules, UsageView.NONE),
                new SessionSeals(),
                new Latencies(System::currentTimeMillis)),
            ledger,
            capacity,
            rejects,
            new ExchangePolicy(health, new RetryBudget(), builder.pricer, () -> 1.0, windows),
            ClientRules.bundled(),
            bodies,
            work,
            builder.endpoints,
            builder.sites,
            builder.modelLists,
            List.of(receipts),
            builder.models,
            new OllamaModels(System::currentTimeMillis),
            builder.tracing,
            new KeptThoughts(System::currentTimeMillis),
            new CacheWatch(System::currentTimeMillis),
            true);
    try {
      listener =
          Listener.start(
              gateway,
              new Listener.Binding(List.of("127.0.0.1"), 0, builder.loops),
              builder.limits,
              () -> System.nanoTime() + ahead.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    detector = new LoopBlockDetector(listener.eventLoops());
  }

  /**
   * Providers {@code openai} and {@code anthropic}, both at {@code provider}, each with one key.
   */
  static GatewayFixture over(FakeProvider provider) {
    return with().usual(provider.uri()).start();
  }

  static Builder with() {
    return new Builder();
  }

  /** What to change before the start. */
  static final class Builder {
    private final Map<String, ProviderConfig> providers = new LinkedHashMap<>();
    private final SettingsSpec settings = new SettingsSpec();
    private final Map<String, VirtualKey> keys = new HashMap<>();
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private Tracing tracing = Tracing.OFF;
    private final List<Site> sites = new ArrayList<>();
    private Endpoint modelLists = new FixedEndpoint(Endpoint.Access.IDENTIFIED, "{\"data\":[]}");
    private ModelCatalogue models = ModelCatalogue.NONE;
    private Condition.Compiler rules =
        expression -> {
          throw new IllegalArgumentException(expression);
        };
    private TimeLimits limits = TimeLimits.USUAL;
    private long bodyBudget = 256L * 1024 * 1024;
    private int loops = 1;
    private Pricer pricer = (_, _, _, _) -> OptionalLong.of(7);
    private Governance governance = Governance.NONE;
    private boolean watchLoops = true;

    Builder usual(URI base) {
      return provider(ProviderSpec.of("openai", base).key("k-openai", "sk-upstream-openai-1"))
          .provider(ProviderSpec.of("anthropic", base).key("k-anthropic", "sk-ant-upstream-1"));
    }

    Builder provider(ProviderSpec spec) {
      ProviderConfig config = spec.build();
      providers.put(config.name(), config);
      return this;
    }

    Builder settings(Consumer<SettingsSpec> change) {
      change.accept(settings);
      return this;
    }

    Builder virtualKey(String value, VirtualKey key) {
      keys.put("hash:" + value, key);
      return this;
    }

    Builder endpoint(String path, Endpoint endpoint) {
      endpoints.put(path, endpoint);
      return this;
    }

    Builder tracing(Tracing on) {
      tracing = on;
      return this;
    }

    Builder modelLists(Endpoint endpoint) {
      modelLists = endpoint;
      return this;
    }

    Builder rules(Condition.Compiler value) {
      rules = value;
      return this;
    }

    Builder models(ModelCatalogue value) {
      models = value;
      return this;
    }

    Builder limits(TimeLimits value) {
      limits = value;
      return this;
    }

    Builder site(Site site) {
      sites.add(site);
      return this;
    }

    Builder bodyBudget(long bytes) {
      bodyBudget = bytes;
      return this;
    }

    Builder pricer(Pricer value) {
      pricer = value;
      return this;
    }

    Builder governance(Governance value) {
      governance = value;
      return this;
    }

    Builder loops(int count) {
      loops = count;
      return this;
    }

    /** For what is expected to be heavier than a loop should bear, with the reason at the call. */
    Builder doNotWatchLoops() {
      watchLoops = false;
      return this;
    }

    Snapshot snapshot() {
      return new Snapshot(1, providers, keys, governance, settings.build(), List.of(), List.of());
    }

    GatewayFixture start() {
      return new GatewayFixture(this);
    }
  }

  /** Lets time pass for the gateway at once. */
  void advance(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  Listener listener() {
    return listener;
  }

  Capacity capacity() {
    return capacity;
  }

  Ledger ledger() {
    return ledger;
  }

  Snapshot snapshot() {
    return snapshot.get();
  }

  LearnedRejects rejects() {
    return rejects;
  }

  Health health() {
    return health;
  }

  ByteBudget bodies() {
    return bodies;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  String logged() {
    return log.text();
  }

  /** A connection that is closed with the gateway. */
  RawHttp connect() {
    RawHttp client = RawHttp.connect(listener.port());
    clients.add(client);
    return client;
  }

  /** Sends a request that has to make a receipt, on a connection of its own. */
  RawHttp post(String target, String json, Header... headers) {
    return post(connect(), target, json, headers);
  }

  RawHttp post(RawHttp client, String target, String json, Header... headers) {
    expectedReceipts++;
    return client.post(target, json, headers);
  }

  /** So many receipts are to come from requests that were not sent by {@link #post}. */
  void expectReceipts(int more) {
    expectedReceipts += more;
  }

  /** For requests of which it depends whether they come far enough for one. */
  int receiptsSoFar() {
    // What a loop is at when its client already has the answer is done before the next task.
    listener.eventLoops().forEach(loop -> loop.submit(() -> {}).awaitUninterruptibly());
    Await.until(() -> listener.live() == 0 && bodies.used() == 0, REST, "requests to end");
    return receipts.count();
  }

  /** Receipts of requests that were no inference; waits until there are so many. */
  List<Receipt> smallReceipts(int count) {
    Await.until(() -> receipts.small().size() >= count, REST, "receipts of other requests");
    return receipts.small();
  }

  /** The oldest receipt not looked at yet. */
  Receipt receipt() {
    return receipts.take();
  }

  @Override
  public void close() {
    clients.forEach(RawHttp::close);
    try {
      Await.until(this::atRest, REST, "the gateway to come to rest: " + state());
    } catch (AssertionError restless) {
      throw new AssertionError(restless.getMessage() + "; now " + state(), restless);
    } finally {
      detector.close();
      listener.close();
      work.shutdownNow();
    }
    provokeLeakReports();
    List<String> complaints = log.detached();
    assertThat(complaints).as("logged").isEmpty();
    assertThat(receipts.wrong()).as("receipts").isEmpty();
    assertThat(receipts.count()).as("receipts").isEqualTo(expectedReceipts);
    assertThat(ledger.closedTwice()).as("permits closed twice").isZero();
    if (watchLoops) {
      assertThat(detector.found()).as("blocked loops").isEmpty();
    }
  }

  private boolean atRest() {
    return ledger.open() == 0
        && capacity.total() == 0
        && bodies.used() == 0
        && listener.live() == 0
        && receipts.count() >= expectedReceipts;
  }

  private String state() {
    return "open permits "
        + ledger.open()
        + ", places "
        + capacity.total()
        + ", body bytes "
        + bodies.used()
        + ", exchanges "
        + listener.live()
        + ", receipts "
        + receipts.count()
        + " of "
        + expectedReceipts;
  }

  /**
   * A leaked buffer is reported when a later one is allocated after the collector has found the
   * first.
   */
  private static void provokeLeakReports() {
    System.gc();
    for (int i = 0; i < 4; i++) {
      ByteBufAllocator.DEFAULT.buffer(16).release();
    }
  }
}
