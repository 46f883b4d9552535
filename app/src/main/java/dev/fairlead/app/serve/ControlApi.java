package dev.fairlead.app.serve;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.AuditRoutes;
import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.admin.OpenApi;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Router;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.admin.access.Accounts;
import dev.fairlead.app.admin.access.Gatekeeper;
import dev.fairlead.app.admin.access.LocalSignIn;
import dev.fairlead.app.admin.access.OneTimeLinks;
import dev.fairlead.app.admin.access.Passwords;
import dev.fairlead.app.admin.access.SessionRoutes;
import dev.fairlead.app.admin.access.Tokens;
import dev.fairlead.app.admin.control.ControlRoutes;
import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.config.FirstAdminReader;
import dev.fairlead.app.ledger.QuotaJson;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.app.web.Dashboard;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.ledger.Quota;
import dev.fairlead.core.port.Site;
import dev.fairlead.core.routing.RuleTally;
import dev.fairlead.store.admin.AdminStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the control API together: who may call it, and every route of every part. */
public final class ControlApi {
  private final AuditLog audit;
  private final Gatekeeper gatekeeper;
  private final List<ApiRoute> routes = new ArrayList<>();
  private final List<ApiRoute> beside = new ArrayList<>();
  private final @Nullable String firstLink;

  private ControlApi(AuditLog audit, Gatekeeper gatekeeper, @Nullable String firstLink) {
    this.audit = audit;
    this.gatekeeper = gatekeeper;
    this.firstLink = firstLink;
  }

  /**
   * What it stands on.
   *
   * @param store accounts, sessions, tokens, audit log
   * @param first an administrator to make, or null; without one and without accounts a one-time
   *     link is made
   * @param editor changes the configuration; null while the gateway starts, or without a store
   */
  public record Basis(
      AdminStore store,
      FirstAdminReader.@Nullable Found first,
      Supplier<@Nullable ConfigEditor> editor) {}

  /**
   * Opens it.
   *
   * @param directory where commands on this machine look for their secret
   * @param settings in force
   * @throws IOException when the administrator cannot be made or the directory not be written to
   */
  public static ControlApi open(
      Path directory, Basis basis, Supplier<ClientSettings> settings, InstantSource clock)
      throws IOException {
    AdminStore store = basis.store();
    FirstAdminReader.Found first = basis.first();
    AuditLog audit = new AuditLog(store, clock);
    Passwords passwords = new Passwords(clock::millis);
    Accounts accounts = new Accounts(store, passwords, audit, clock);
    OneTimeLinks links = new OneTimeLinks(store, clock);
    String link = null;
    if (first != null) {
      ensure(accounts, first);
    } else if (store.accountCount() == 0) {
      link = links.create(true).value();
    }
    Gatekeeper gatekeeper =
        new Gatekeeper(
            store,
            LocalSecret.create(directory),
            passwords,
            List.of(new LocalSignIn(store, passwords)),
            settings,
            clock);
    ControlApi api = new ControlApi(audit, gatekeeper, link);
    api.add(new SessionRoutes(store, gatekeeper, accounts, links, audit, clock).routes());
    api.add(OpenApi.routes());
    api.add(accounts.routes());
    api.add(new Tokens(store, accounts, audit, clock).routes());
    api.add(new AuditRoutes(store, audit).routes());
    return api;
  }

  private static void ensure(Accounts accounts, FirstAdminReader.Found first) throws IOException {
    try {
      accounts.ensure(first.username(), first.password());
    } catch (ApiProblem unfit) {
      throw new IOException(first.place() + ": " + unfit.text(), unfit);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while starting", interrupted);
    }
  }

  /** Adds the routes of a part. */
  public void add(List<ApiRoute> more) {
    routes.addAll(more);
  }

  /** Adds a route whose path an endpoint serves first; the document does not have it. */
  void addBeside(ApiRoute route) {
    beside.add(route);
  }

  /** Adds what shows and changes the configuration. */
  void addConfiguration(
      Basis basis,
      Supplier<Snapshot> configuration,
      LiveLists models,
      LiveLists.Fetch fetch,
      Supplier<List<Quota>> quotas,
      Supplier<List<RuleTally.Observed>> rules) {
    UsageReport usage = () -> quotas.get().stream().map(ControlApi::use).toList();
    add(
        ControlRoutes.of(
            new ControlRoutes.Parts(
                basis.editor(), usage, configuration, models, fetch, audit, Version.NUMBER)));
    add(
        List.of(
            new ApiRoute(
                "GET",
                "/api/governance/would-have-blocked",
                Permission.USAGE_READ,
                _ -> wouldHaveBlocked(quotas.get(), rules.get()))));
  }

  private static ApiAnswer wouldHaveBlocked(List<Quota> quotas, List<RuleTally.Observed> rules) {
    JsonWriter json = new JsonWriter().beginObject();
    QuotaJson.write(Quota.wouldHaveBlocked(quotas), json).name("routing_rules").beginArray();
    for (RuleTally.Observed observed : rules) {
      json.beginObject()
          .field("id", observed.rule().id())
          .field("name", observed.rule().name())
          .field("would_have_denied", observed.denied())
          .field("would_have_redirected", observed.redirected())
          .field("would_have_sealed", observed.sealed());
      if (observed.at() >= 0) {
        json.field("would_have_acted_at", Instant.ofEpochMilli(observed.at()).toString());
      }
      json.endObject();
    }
    json.endArray();
    return ApiAnswer.json(json.endObject().text());
  }

  private static UsageReport.Use use(Quota quota) {
    UsageReport.Unit unit =
        switch (quota.unit()) {
          case MONEY -> UsageReport.Unit.NANO_USD;
          case TOKENS -> UsageReport.Unit.TOKENS;
          case REQUESTS -> UsageReport.Unit.REQUESTS;
          case CONCURRENT -> UsageReport.Unit.CONCURRENT;
        };
    return new UsageReport.Use(
        quota.ruleId(),
        unit,
        quota.limit(),
        quota.used(),
        quota.reserved(),
        quota.windowStart(),
        quota.windowEnd());
  }

  /** Every route there is, for those who check that each is documented. */
  public List<ApiRoute> routes() {
    return List.copyOf(routes);
  }

  /** Where parts note what was done. */
  public AuditLog audit() {
    return audit;
  }

  /** Secret part of the link that makes the first account, or null when there is no need of one. */
  public @Nullable String firstLink() {
    return firstLink;
  }

  /** The sites of a gateway, in the order in which they are asked; routes come before. */
  public List<Site> sites() {
    List<ApiRoute> all = new ArrayList<>(routes);
    all.addAll(beside);
    return List.of(new Router(gatekeeper, all), Dashboard.bundled());
  }
}
