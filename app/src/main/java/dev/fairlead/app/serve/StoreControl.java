package dev.fairlead.app.serve;

import dev.fairlead.app.admin.Actor;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.AuditRoutes;
import dev.fairlead.app.admin.Router;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.admin.access.Accounts;
import dev.fairlead.app.admin.access.Passwords;
import dev.fairlead.app.admin.access.Tokens;
import dev.fairlead.app.admin.control.ControlRoutes;
import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.Loaded;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.keys.KeyFileImport;
import dev.fairlead.app.store.Stores;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.StoredDocuments;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The control API over the store of an app directory that no gateway serves from: the same routes,
 * checks and audit log, without the network. What needs a gateway is missing: how budgets stand,
 * sessions, what providers answer.
 */
public final class StoreControl implements AutoCloseable {
  private final Stores stores;
  private final Router router;
  private final AtomicReference<Snapshot> configuration;

  private StoreControl(Stores stores, Router router, AtomicReference<Snapshot> configuration) {
    this.stores = stores;
    this.router = router;
    this.configuration = configuration;
  }

  /**
   * Opens the store, which nobody else may use until this is closed.
   *
   * @throws IOException when a gateway serves from {@code directory}, there is no store, or the
   *     configuration cannot be used; the message says what to do
   */
  public static StoreControl open(Path directory, Map<String, String> environment)
      throws IOException {
    Stores stores = Stores.openAlone(directory, environment);
    try {
      return over(stores, directory, environment);
    } catch (Documents.Unavailable unreachable) {
      stores.close();
      throw new IOException(unreachable.getMessage(), unreachable);
    } catch (IOException | RuntimeException failed) {
      stores.close();
      throw failed;
    }
  }

  private static StoreControl over(Stores stores, Path directory, Map<String, String> environment)
      throws IOException {
    StoredDocuments documents = stores.documents();
    if (documents == null) {
      throw new IOException(
          "No gateway serves from "
              + directory
              + ", and it has no store that could be changed without one (config_store.enabled is"
              + " false).");
    }
    importKeys(directory, stores, documents);
    Clock clock = Clock.systemUTC();
    ConfigSource source = ConfigSource.of(directory, environment, clock);
    source.attach(documents, stores.secrets());
    AtomicReference<Snapshot> configuration =
        new AtomicReference<>(Startup.load(source).snapshot());
    ConfigEditor editor =
        new ConfigEditor(
            source, documents, stores.secrets(), clock, () -> refresh(source, configuration));
    AuditLog audit = new AuditLog(stores.admin(), clock);
    Accounts accounts = new Accounts(stores.admin(), new Passwords(clock::millis), audit, clock);
    List<ApiRoute> routes = new ArrayList<>();
    routes.addAll(accounts.routes());
    routes.addAll(new Tokens(stores.admin(), accounts, audit, clock).routes());
    routes.addAll(new AuditRoutes(stores.admin(), audit).routes());
    routes.addAll(
        ControlRoutes.withoutProviders(
            () -> editor, UsageReport.NONE, configuration::get, audit, Version.NUMBER));
    return new StoreControl(stores, new Router(_ -> Actor.local(), routes), configuration);
  }

  /** Has keys of an earlier version count in the store. */
  static void importKeys(Path directory, Stores stores, StoredDocuments documents)
      throws IOException {
    try {
      KeyFileImport.run(directory, stores.hasher(), documents);
    } catch (KeyFileException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  private static void refresh(ConfigSource source, AtomicReference<Snapshot> configuration) {
    if (source.load() instanceof Loaded.Good good) {
      configuration.set(good.snapshot());
    }
  }

  /** The configuration: what the store holds together with config.json. */
  public Snapshot snapshot() {
    return configuration.get();
  }

  /** The address clients are told, or null when the configuration has none. */
  public @Nullable String publicUrl() {
    return configuration.get().client().publicUrl();
  }

  /** An answer. */
  public record Answer(int status, String body) {}

  /**
   * Answers one call, as the owner of this machine's app directory.
   *
   * @param path with query
   * @param body JSON, or null
   */
  public Answer call(String method, String path, @Nullable String body)
      throws IOException, InterruptedException {
    Direct call = new Direct(method, path, body);
    router.serve(call);
    Answer answer = call.answer;
    if (answer == null) {
      throw new IOException(method + " " + path + " was not answered");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    stores.close();
  }

  /** A call that never was on a network. */
  private static final class Direct implements Site.Call {
    private final String id = UUID.randomUUID().toString();
    private final String method;
    private final String path;
    private final String query;
    private final @Nullable String body;
    private @Nullable Answer answer;

    Direct(String method, String target, @Nullable String body) {
      int mark = target.indexOf('?');
      this.method = method;
      this.path = mark < 0 ? target : target.substring(0, mark);
      this.query = mark < 0 ? "" : target.substring(mark + 1);
      this.body = body;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public String method() {
      return method;
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public String query() {
      return query;
    }

    @Override
    public Headers headers() {
      return body == null
          ? Headers.of("accept", "application/json")
          : Headers.of("content-type", "application/json");
    }

    @Override
    public String clientAddress() {
      return "127.0.0.1";
    }

    @Override
    public boolean proxied() {
      return false;
    }

    @Override
    public boolean secure() {
      return false;
    }

    @Override
    public Bytes body(int mostBytes) throws Site.BodyRefused {
      Bytes bytes = body == null ? Bytes.EMPTY : Bytes.utf8(body);
      if (bytes.length() > mostBytes) {
        throw new Site.BodyRefused(
            413, "body_too_large", "The body is larger than " + mostBytes + " bytes.");
      }
      return bytes;
    }

    @Override
    public void answer(int status, Headers headers, Bytes whole) {
      if (answer == null) {
        answer = new Answer(status, whole.utf8());
      }
    }

    @Override
    public Site.Stream stream(int status, Headers headers) {
      throw new UnsupportedOperationException("answers in pieces need a gateway");
    }
  }
}
