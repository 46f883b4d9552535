package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.Actor;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.Authentication;
import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import dev.fairlead.store.admin.ApiToken;
import dev.fairlead.store.admin.Session;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who calls the control API: a session's cookie, an API token, a session's token, HTTP Basic,
 * or the secret of this machine's owner. Where the client runs is no proof of anything.
 */
public final class Gatekeeper implements Authentication {
  private static final Duration NOTED = Duration.ofMinutes(1);
  private static final int MOST_BASIC = 1024;

  private final AdminStore store;
  private final LocalSecret local;
  private final Passwords passwords;
  private final List<SignIn> signIns;
  private final Sessions sessions;
  private final Throttle throttle;
  private final InstantSource clock;

  /**
   * A gatekeeper over {@code store}.
   *
   * @param local what the owner of this machine knows
   * @param signIns asked in this order
   * @param settings in force
   */
  public Gatekeeper(
      AdminStore store,
      LocalSecret local,
      Passwords passwords,
      List<SignIn> signIns,
      Supplier<ClientSettings> settings,
      InstantSource clock) {
    this.store = store;
    this.local = local;
    this.passwords = passwords;
    this.signIns = List.copyOf(signIns);
    this.sessions = new Sessions(store, new Web(settings), clock);
    this.throttle = new Throttle(clock::millis);
    this.clock = clock;
  }

  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Actor actor(Site.Call call) throws ApiProblem, InterruptedException {
    String authorization = call.headers().get("authorization");
    if (authorization != null) {
      return byHeader(authorization, call);
    }
    Session session = sessions.of(call);
    if (session == null) {
      return Actor.NOBODY;
    }
    Actor actor = of(session);
    if (actor == null) {
      return Actor.NOBODY;
    }
    sessions.requireOwnPage(call, session);
    return actor;
  }

  private @Nullable Actor of(Session session) {
    Account account = store.account(session.accountId());
    return account == null || !account.active() ? null : Grants.actor(account, Actor.Means.SESSION);
  }

  private Actor byHeader(String authorization, Site.Call call)
      throws ApiProblem, InterruptedException {
    String bearer = Bearer.of(call.headers());
    if (bearer != null) {
      return byBearer(bearer, call);
    }
    if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return byBasic(authorization.substring(6).strip(), call);
    }
    throw ApiProblem.unauthenticated("The Authorization header is neither Bearer nor Basic.");
  }

  private Actor byBearer(String value, Site.Call call) throws ApiProblem {
    if (value.startsWith(LocalSecret.PREFIX)) {
      return local.actor(call);
    }
    if (value.startsWith(Secrets.SESSION)) {
      Session session = sessions.find(value);
      Actor actor = session == null ? null : of(session);
      if (actor == null) {
        throw ApiProblem.unauthenticated("This session is over. Sign in again.");
      }
      return actor;
    }
    if (value.startsWith(Secrets.TOKEN) && value.length() < 100) {
      return byToken(value);
    }
    throw ApiProblem.unauthenticated(
        value.startsWith("sk-")
            ? "Virtual keys are for requests to models; the control API takes API tokens"
                + " (fl-api-…), sessions or HTTP Basic."
            : "This credential is not known; API tokens begin with fl-api-.");
  }

  private Actor byToken(String value) throws ApiProblem {
    ApiToken token = store.tokenByHash(Secrets.hash(value));
    if (token == null) {
      throw ApiProblem.unauthenticated("This API token is not known; it may have been revoked.");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant end = token.expiresAt();
    if (end != null && !now.isBefore(end)) {
      throw ApiProblem.unauthenticated("This API token expired at " + end + ".");
    }
    Instant used = token.lastUsedAt();
    if (used == null || used.plus(NOTED).isBefore(now)) {
      store.touchToken(token.id(), now);
    }
    Set<Permission> scopes = EnumSet.noneOf(Permission.class);
    for (String label : token.scopes()) {
      Permission scope = Permission.of(label);
      if (scope != null) {
        scopes.add(scope);
      }
    }
    String owner = token.accountId();
    if (owner == null) {
      return new Actor(
          token.id(),
          token.name(),
          null,
          scopes,
          dev.fairlead.app.admin.Sight.EVERYTHING,
          Actor.Means.TOKEN);
    }
    Account account = store.account(owner);
    Actor actor =
        account == null || !account.active() ? null : Grants.actor(account, Actor.Means.TOKEN);
    if (actor == null) {
      throw ApiProblem.unauthenticated("The account of this API token is switched off.");
    }
    scopes.retainAll(actor.permissions());
    return new Actor(
        actor.id(),
        actor.name() + " (token " + token.name() + ")",
        actor.role(),
        scopes,
        actor.sight(),
        Actor.Means.TOKEN);
  }

  private Actor byBasic(String encoded, Site.Call call) throws ApiProblem, InterruptedException {
    String pair;
    try {
      pair =
          encoded.length() > MOST_BASIC
              ? ""
              : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      pair = "";
    }
    int colon = pair.indexOf(':');
    if (colon <= 0) {
      throw ApiProblem.unauthenticated("HTTP Basic takes a user name and a password.");
    }
    if (Web.fromPage(call.headers())
        && !call.method().equals("GET")
        && !call.method().equals("HEAD")
        && call.headers().get(Sessions.CSRF) == null) {
      // Browsers send a remembered name and password whoever asks, as they do cookies.
      throw ApiProblem.forbidden(
          "A page that uses HTTP Basic has to send the header " + Sessions.CSRF + ".");
    }
    Account account = verify(pair.substring(0, colon), pair.substring(colon + 1), call);
    Actor actor = Grants.actor(account, Actor.Means.BASIC);
    if (actor == null) {
      throw wrong();
    }
    return actor;
  }

  /**
   * The active account that {@code username} and {@code password} belong to.
   *
   * @throws ApiProblem 401 in the same words whatever is wrong, 429 after too many failures
   */
  public Account verify(String username, String password, Site.Call call)
      throws ApiProblem, InterruptedException {
    // First of all: while the lock holds, nothing tells a right password from a wrong one.
    String address = call.clientAddress();
    long wait = throttle.wait(username, address);
    if (wait > 0) {
      throw ApiProblem.tooMany(
          "Too many failed sign-ins. Try again in " + Math.max(1, wait / 60) + " min.", wait);
    }
    Account known = store.accountNamed(username);
    String hash = known == null ? null : known.passwordHash();
    if (known != null && hash != null && known.active() && passwords.fittedLately(password, hash)) {
      return known;
    }
    throttle.attempt(username, address);
    if (password.isEmpty()) {
      // Nobody has chosen one, and no way to sign in is asked about it: some take it for "nobody".
      throw wrong();
    }
    for (SignIn way : signIns) {
      Account account = way.account(username, password);
      if (account != null && account.active()) {
        throttle.succeeded(username, address);
        String now = account.passwordHash();
        if (now != null) {
          passwords.remember(password, now);
        }
        return account;
      }
    }
    throw wrong();
  }

  private static ApiProblem wrong() {
    return ApiProblem.unauthenticated("The user name or the password is wrong.");
  }

  /** As it is compared: letter case does not tell names apart. */
  static String folded(String username) {
    return username.toLowerCase(Locale.ROOT);
  }
}
