package dev.fairlead.app.serve;

import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.ConfigWatcher;
import dev.fairlead.app.config.FirstAdminReader;
import dev.fairlead.app.config.KeyExpiry;
import dev.fairlead.app.config.Loaded;
import dev.fairlead.app.config.Outcome;
import dev.fairlead.app.config.OwnAddresses;
import dev.fairlead.app.config.StoreSettings;
import dev.fairlead.app.config.TelemetryReader;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.models.BundledCatalogue;
import dev.fairlead.app.pricing.PriceUpdates;
import dev.fairlead.app.store.Stores;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.store.Migrations;
import dev.fairlead.store.StoredDocuments;
import dev.fairlead.wire.Listener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A start from nothing to serving, in the order in which things can go wrong, and everything that
 * runs since then.
 */
public final class Startup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
  private static final String FIRST_KEY = "first";

  private final AppDirectory directory;
  private final GatewayServer server;
  private final ConfigWatcher watcher;
  private final PriceUpdates prices;
  private final Stores stores;
  private final KeyExpiry expiry;
  private final @Nullable String firstKey;

  private Startup(
      AppDirectory directory,
      GatewayServer server,
      ConfigWatcher watcher,
      PriceUpdates prices,
      Stores stores,
      KeyExpiry expiry,
      @Nullable String firstKey) {
    this.directory = directory;
    this.server = server;
    this.watcher = watcher;
    this.prices = prices;
    this.stores = stores;
    this.expiry = expiry;
    this.firstKey = firstKey;
  }

  /**
   * Starts serving.
   *
   * @throws IOException when it cannot; the message names what is wrong, where, and what to do
   */
  public static Startup start(ServeOptions options, Map<String, String> environment)
      throws IOException {
    AppDirectory directory = AppDirectory.open(options.directory());
    try {
      directory.lock();
      Stores stores = stores(options, environment);
      try {
        return start(directory, stores, options, environment);
      } catch (IOException | RuntimeException failed) {
        stores.close();
        throw failed;
      }
    } catch (IOException | RuntimeException failed) {
      directory.close();
      throw failed;
    }
  }

  private static Stores stores(ServeOptions options, Map<String, String> environment)
      throws IOException {
    StoreSettings settings = StoreSettings.read(options.directory(), environment);
    if (!settings.problems().isEmpty()) {
      // The whole file is read, so that everything wrong with it is told at once.
      load(ConfigSource.of(options.directory(), environment, Clock.systemUTC()));
      throw new IOException(
          "The configuration cannot be used:\n  " + String.join("\n  ", settings.problems()));
    }
    return Stores.open(
        options.directory(),
        settings,
        options.noMigrate() ? Migrations.Mode.REFUSE_PENDING : Migrations.Mode.MIGRATE);
  }

  private static Startup start(
      AppDirectory directory, Stores stores, ServeOptions options, Map<String, String> environment)
      throws IOException {
    Clock clock = Clock.systemUTC();
    BundledCatalogue models =
        BundledCatalogue.load(
            task -> Thread.ofPlatform().daemon().name("fairlead-prices").start(task), clock);
    ConfigSource source = ConfigSource.of(options.directory(), environment, clock);
    source.listeningOn(own(options, options.port(), options.adminPort()));
    StoredDocuments documents = stores.documents();
    if (documents != null) {
      StoreControl.importKeys(options.directory(), stores, documents);
      source.attach(documents, stores.secrets());
    }
    Loaded.Good loaded = usable(source.loadToServe());
    String firstKey = null;
    if (needsFirstKey(options, loaded.snapshot())) {
      firstKey =
          documents == null
              ? createFirstKey(source, loaded)
              : storeFirstKey(
                  new ConfigEditor(source, documents, stores.secrets(), clock, () -> {}));
      loaded = load(source);
    }
    PriceUpdates prices =
        new PriceUpdates(models::price, options.directory(), source::priceFeed, clock).start();
    AtomicReference<@Nullable ConfigEditor> editor = new AtomicReference<>();
    GatewayServer server =
        GatewayServer.start(
            options,
            loaded.snapshot(),
            loaded.hasher(),
            prices,
            models,
            TelemetryReader.read(options.directory(), environment),
            stores,
            new ControlApi.Basis(
                stores.admin(),
                FirstAdminReader.read(options.directory(), environment),
                editor::get));
    source.listeningOn(own(options, server.port(), server.adminPort()));
    directory.serving(
        "http://localhost:" + server.port(),
        "http://localhost:" + (server.adminPort() > 0 ? server.adminPort() : server.port()));
    ConfigWatcher watcher = new ConfigWatcher(source, loaded, clock, server::install);
    watcher.start(ConfigWatcher.PERIOD);
    KeyExpiry expiry = new KeyExpiry();
    if (documents != null) {
      documents.onChange(watcher::poll);
      ConfigEditor changes =
          new ConfigEditor(source, documents, stores.secrets(), clock, watcher::poll);
      editor.set(changes);
      expiry.start(changes, KeyExpiry.PERIOD);
    }
    return new Startup(directory, server, watcher, prices, stores, expiry, firstKey);
  }

  private static OwnAddresses own(ServeOptions options, int port, int adminPort) {
    Set<Integer> ports =
        IntStream.of(port, adminPort).filter(one -> one > 0).boxed().collect(Collectors.toSet());
    return OwnAddresses.of(options.hosts(), ports);
  }

  static Loaded.Good load(ConfigSource source) throws IOException {
    return usable(source.load());
  }

  private static Loaded.Good usable(Loaded loaded) throws IOException {
    return switch (loaded) {
      case Loaded.Good good -> good;
      case Loaded.Bad bad ->
          throw new IOException(
              "The configuration cannot be used:\n  " + String.join("\n  ", bad.problems()));
    };
  }

  /** Beyond loopback everybody needs a key, so the first start there makes one. */
  private static boolean needsFirstKey(ServeOptions options, Snapshot snapshot) {
    return !new Listener.Binding(options.hosts(), options.port(), 1).loopbackOnly()
        && !snapshot.client().allowAnonymous()
        && snapshot.virtualKeys() == 0;
  }

  private static String createFirstKey(ConfigSource source, Loaded.Good loaded) throws IOException {
    try {
      KeyFile keys = source.keyFile(loaded.hasher());
      return keys.create(FIRST_KEY, null, null).value();
    } catch (KeyFileException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  private static String storeFirstKey(ConfigEditor editor) throws IOException {
    byte[] key =
        ("{\"name\":\"" + FIRST_KEY + "\",\"allow_all_providers\":true}")
            .getBytes(StandardCharsets.UTF_8);
    Outcome outcome = editor.create("virtual_key", key);
    if (outcome instanceof Outcome.Done done && done.secretShownOnce() != null) {
      return done.secretShownOnce();
    }
    throw new IOException("The first virtual key cannot be made: " + outcome);
  }

  /** The port listened on. */
  public int port() {
    return server.port();
  }

  /** The running gateway. */
  public GatewayServer server() {
    return server;
  }

  /** The databases of the app directory. */
  public Stores stores() {
    return stores;
  }

  /** The virtual key made by this start, shown once, or null when none had to be made. */
  public @Nullable String firstKey() {
    return firstKey;
  }

  /** Looks for changes of the configuration now. */
  public ConfigWatcher.Outcome reload() {
    return watcher.poll();
  }

  @Override
  public void close() throws IOException {
    LOG.info("stopping");
    expiry.close();
    watcher.close();
    prices.close();
    server.close();
    stores.close();
    directory.close();
  }
}
