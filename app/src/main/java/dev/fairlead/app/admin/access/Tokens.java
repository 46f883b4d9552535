package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.Actor;
import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.Fields;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import dev.fairlead.store.admin.ApiToken;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tokens for scripts: {@code /api/tokens}. Everybody has those of the own account. */
public final class Tokens {
  private static final int MOST = 1000;

  private final AdminStore store;
  private final Accounts accounts;
  private final AuditLog audit;
  private final InstantSource clock;

  public Tokens(AdminStore store, Accounts accounts, AuditLog audit, InstantSource clock) {
    this.store = store;
    this.accounts = accounts;
    this.audit = audit;
    this.clock = clock;
  }

  public List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/tokens", Permission.SIGNED_IN, this::list),
        new ApiRoute("POST", "/api/tokens", Permission.SIGNED_IN, this::create),
        new ApiRoute("DELETE", "/api/tokens/{id}", Permission.SIGNED_IN, this::remove));
  }

  private static boolean mine(ApiToken token, Actor actor) {
    return actor.may(Permission.ADMIN) || actor.id().equals(token.accountId());
  }

  private ApiAnswer list(ApiCall call) {
    JsonWriter json = new JsonWriter().beginObject().name("tokens").beginArray();
    int total = 0;
    for (ApiToken token : store.tokens()) {
      if (mine(token, call.actor())) {
        write(token, null, json);
        total++;
      }
    }
    return ApiAnswer.json(json.endArray().field("total", total).endObject().text());
  }

  private ApiAnswer create(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    Actor actor = call.actor();
    Fields fields = new Fields(call.json(), "name", "scopes", "expires_at", "owner");
    String name = fields.text("name").strip();
    if (fields.has("name") && (name.isEmpty() || name.length() > 64)) {
      fields.wrong("name", "has 1 to 64 characters");
    }
    Set<String> scopes = new TreeSet<>();
    if (fields.has("scopes")) {
      for (String label : fields.texts("scopes")) {
        Permission scope = Permission.of(label);
        if (scope == null) {
          fields.wrong("scopes", "\"" + label + "\" is none of " + Accounts.grantable());
        } else if (!actor.may(scope)) {
          fields.wrong("scopes", "\"" + label + "\" is more than you may do yourself");
        } else {
          scopes.add(scope.label());
        }
      }
    } else {
      scopes.addAll(Accounts.labels(actor.permissions()));
      scopes.remove(Permission.ADMIN.label());
      scopes.remove(Permission.PROMPTS_READ.label());
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant end = fields.instant("expires_at");
    if (end != null && !end.isAfter(now)) {
      fields.wrong("expires_at", "is past");
    }
    String owner = fields.optional("owner");
    if (owner != null && !owner.equals("me") && !owner.equals("installation")) {
      fields.wrong("owner", "is me or installation");
    }
    fields.check();
    if (actor.means() == Actor.Means.TOKEN && !actor.may(Permission.ADMIN)) {
      throw ApiProblem.forbidden("A token makes no tokens unless it has the scope admin.");
    }
    Account account = accounts.of(actor);
    boolean installation = "installation".equals(owner) || account == null;
    if (installation && !actor.may(Permission.ADMIN)) {
      throw ApiProblem.forbidden("Tokens of the installation take the permission admin.");
    }
    List<ApiToken> all = store.tokens();
    if (all.size() >= MOST) {
      throw ApiProblem.conflict("There are " + MOST + " tokens; revoke some first.");
    }
    if (all.stream().anyMatch(other -> other.name().equals(name))) {
      throw ApiProblem.taken("name", "There is a token called \"" + name + "\" already.");
    }
    String value = Secrets.create(Secrets.TOKEN);
    ApiToken token =
        new ApiToken(
            Secrets.id("tok-"),
            name,
            Secrets.hash(value),
            Secrets.hint(Secrets.TOKEN, value),
            installation || account == null ? null : account.id(),
            scopes,
            now,
            end,
            null);
    store.createToken(token, audit.change(call, "create", subject(token), null, json(token, null)));
    return ApiAnswer.json(201, json(token, value));
  }

  private ApiAnswer remove(ApiCall call) throws ApiProblem {
    String id = call.parameter("id");
    for (ApiToken token : store.tokens()) {
      boolean meant = token.id().equals(id) || token.name().equals(id);
      if (meant
          && mine(token, call.actor())
          && store.removeToken(
              token.id(), audit.change(call, "delete", subject(token), json(token, null), null))) {
        return ApiAnswer.empty();
      }
    }
    throw ApiProblem.missing("There is no token with this id or name.");
  }

  private static AuditLog.Subject subject(ApiToken token) {
    return new AuditLog.Subject("token", token.id(), token.name());
  }

  private static String json(ApiToken token, @Nullable String value) {
    JsonWriter json = new JsonWriter();
    write(token, value, json);
    return json.text();
  }

  private static void write(ApiToken token, @Nullable String value, JsonWriter json) {
    json.beginObject().field("id", token.id()).field("name", token.name());
    if (value != null) {
      json.field("value", value);
    }
    json.field("hint", token.hint())
        .field("owner", token.accountId() == null ? "installation" : token.accountId())
        .name("scopes")
        .beginArray();
    new TreeSet<>(token.scopes()).forEach(json::string);
    json.endArray()
        .field("created_at", token.createdAt().toString())
        .field("expires_at", token.expiresAt() == null ? null : token.expiresAt().toString())
        .field("last_used_at", token.lastUsedAt() == null ? null : token.lastUsedAt().toString())
        .endObject();
  }
}
