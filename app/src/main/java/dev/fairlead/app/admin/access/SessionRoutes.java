package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.Actor;
import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.Fields;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Sight;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import dev.fairlead.store.admin.Session;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signing in and out, the first account, and one's own: {@code /api/session}, {@code /api/me}. */
public final class SessionRoutes {
  private final AdminStore store;
  private final Gatekeeper gatekeeper;
  private final Accounts accounts;
  private final OneTimeLinks links;
  private final AuditLog audit;
  private final InstantSource clock;

  public SessionRoutes(
      AdminStore store,
      Gatekeeper gatekeeper,
      Accounts accounts,
      OneTimeLinks links,
      AuditLog audit,
      InstantSource clock) {
    this.store = store;
    this.gatekeeper = gatekeeper;
    this.accounts = accounts;
    this.links = links;
    this.audit = audit;
    this.clock = clock;
  }

  public List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/session/is-auth-enabled", Permission.OPEN, this::state),
        new ApiRoute("POST", "/api/session/login", Permission.OPEN, this::login),
        new ApiRoute("POST", "/api/session/logout", Permission.OPEN, this::logout),
        new ApiRoute("POST", "/api/session/setup", Permission.OPEN, this::setUp),
        new ApiRoute("POST", "/api/admin/links", Permission.ADMIN, this::link),
        new ApiRoute("GET", "/api/me", Permission.SIGNED_IN, this::me),
        new ApiRoute("PUT", "/api/me/password", Permission.SIGNED_IN, this::changePassword),
        new ApiRoute("GET", "/api/me/sessions", Permission.SIGNED_IN, this::sessions),
        new ApiRoute("DELETE", "/api/me/sessions", Permission.SIGNED_IN, this::endOthers));
  }

  private ApiAnswer state(ApiCall call) {
    boolean known = call.actor().known();
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .field("is_auth_enabled", true)
            .field("has_valid_token", known)
            .field("authenticated", known)
            .field("setup_required", store.accountCount() == 0);
    if (known) {
      about(call.actor(), gatekeeper.sessions().of(call.transport()), json);
    }
    return ApiAnswer.json(json.endObject().text());
  }

  private ApiAnswer me(ApiCall call) {
    JsonWriter json = new JsonWriter().beginObject();
    about(call.actor(), gatekeeper.sessions().of(call.transport()), json);
    return ApiAnswer.json(json.endObject().text());
  }

  private void about(Actor actor, @Nullable Session session, JsonWriter json) {
    Account account = accounts.of(actor);
    json.name("user").beginObject().field("id", actor.id());
    json.field("username", account == null ? actor.name() : account.username());
    json.field(
        "name",
        account == null || account.displayName().isEmpty() ? actor.name() : account.displayName());
    json.field("role", actor.role() == null ? null : actor.role().label());
    switch (actor.sight()) {
      case Sight.Everything() -> json.field("sees", "everything");
      case Sight.Team(String id) -> json.field("sees", "team").field("team_id", id);
      case Sight.User(String id) -> json.field("sees", "user").field("user_id", id);
      case Sight.Nothing() -> json.field("sees", "nothing");
    }
    json.endObject().name("permissions").beginArray();
    Accounts.labels(actor.permissions()).forEach(json::string);
    json.endArray();
    if (session != null) {
      json.field("csrf_token", session.csrf())
          .field("session_expires_at", session.expiresAt().toString());
    }
  }

  private ApiAnswer login(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    Fields fields = new Fields(call.json(), "username", "password");
    String username = fields.text("username");
    String password = fields.text("password");
    fields.check();
    Account account;
    try {
      account = gatekeeper.verify(username, password, call.transport());
    } catch (ApiProblem refused) {
      audit.refused(call, "login", new AuditLog.Subject("account", "", username), refused.code());
      throw refused;
    }
    return begun(call, account, "login", "Signed in.");
  }

  private ApiAnswer begun(ApiCall call, Account account, String action, String message) {
    Session before = gatekeeper.sessions().of(call.transport());
    if (before != null) {
      store.removeSession(before.hash());
    }
    Sessions.Begun begun = gatekeeper.sessions().begin(account, call.transport());
    Actor actor = Grants.actor(account, Actor.Means.SESSION);
    if (actor != null) {
      audit.by(actor, call, action, Accounts.subject(account), "");
    }
    JsonWriter json = new JsonWriter().beginObject().field("message", message);
    if (!Web.fromPage(call.headers())) {
      // A page has its cookie, which its scripts cannot read; others cannot keep cookies.
      json.field("token", begun.value());
    }
    if (actor != null) {
      about(actor, begun.session(), json);
    }
    return ApiAnswer.json(json.endObject().text()).with("set-cookie", begun.cookie());
  }

  private ApiAnswer logout(ApiCall call) {
    Session session = gatekeeper.sessions().of(call.transport());
    if (session != null) {
      store.removeSession(session.hash());
      audit.did(call, "logout", new AuditLog.Subject("account", session.accountId(), ""), "");
    }
    return ApiAnswer.json("{\"message\":\"Signed out.\"}")
        .with("set-cookie", gatekeeper.sessions().forgetCookie(call.transport()));
  }

  private ApiAnswer setUp(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    Fields fields = new Fields(call.json(), "token", "username", "password");
    String token = fields.text("token");
    String username = fields.text("username");
    String password = fields.text("password");
    Accounts.checkName(fields, "username", username);
    Accounts.checkPassword(fields, "password", password, username);
    fields.check();
    // A hash is made only for somebody who has a link.
    if (store.accountNamed(username) != null && links.good(token)) {
      throw ApiProblem.taken(
          "username", "There is an account called \"" + username + "\" already.");
    }
    Account account;
    try {
      account = accounts.addAdmin(call, username, password, links.use(token));
    } catch (ApiProblem refused) {
      audit.refused(call, "setup", new AuditLog.Subject("account", "", username), refused.code());
      throw refused;
    }
    return begun(call, account, "setup", "The administrator's account is made.");
  }

  private ApiAnswer link(ApiCall call) {
    OneTimeLinks.Link link = links.create(store.accountCount() == 0);
    audit.did(call, "create", new AuditLog.Subject("link", "", ""), "");
    return ApiAnswer.json(
        201,
        new JsonWriter()
            .beginObject()
            .field("token", link.value())
            .field("path", "/setup?token=" + link.value())
            .field("expires_at", link.expiresAt().toString())
            .endObject()
            .text());
  }

  private ApiAnswer changePassword(ApiCall call)
      throws ApiProblem, Site.BodyRefused, InterruptedException {
    Account account = own(call);
    Fields fields = new Fields(call.json(), "current_password", "new_password");
    String current = fields.text("current_password");
    String next = fields.text("new_password");
    Accounts.checkPassword(fields, "new_password", next, account.username());
    fields.check();
    Account proved = gatekeeper.verify(account.username(), current, call.transport());
    accounts.changePassword(call, proved, next);
    Account changed = store.account(account.id());
    if (changed == null) {
      throw ApiProblem.missing("The account is gone.");
    }
    return begun(call, changed, "login", "The password is changed; other sessions have ended.");
  }

  private Account own(ApiCall call) throws ApiProblem {
    Account account = call.actor().means() == Actor.Means.TOKEN ? null : accounts.of(call.actor());
    if (account == null) {
      throw ApiProblem.forbidden("This is for somebody who has signed in with a password.");
    }
    return account;
  }

  private ApiAnswer sessions(ApiCall call) throws ApiProblem {
    Account account = own(call);
    Session current = gatekeeper.sessions().of(call.transport());
    JsonWriter json = new JsonWriter().beginObject().name("sessions").beginArray();
    for (Session session : store.sessionsOf(account.id(), clock.instant())) {
      json.beginObject()
          .field("current", current != null && current.hash().equals(session.hash()))
          .field("created_at", session.createdAt().toString())
          .field("last_seen_at", session.lastSeenAt().toString())
          .field("expires_at", session.expiresAt().toString())
          .field("address", session.address())
          .field("user_agent", session.userAgent())
          .endObject();
    }
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  private ApiAnswer endOthers(ApiCall call) throws ApiProblem {
    Account account = own(call);
    Session current = gatekeeper.sessions().of(call.transport());
    store.removeSessionsOf(account.id(), current == null ? null : current.hash());
    audit.did(call, "end_sessions", Accounts.subject(account), "");
    return ApiAnswer.empty();
  }
}
