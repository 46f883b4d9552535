package dev.fairlead.app.admin.access;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import dev.fairlead.store.admin.Account;
import dev.fairlead.store.admin.AdminStore;
import dev.fairlead.store.admin.Session;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Logins that last: a day without use, a week in all. Each has a cookie of its own, new at every
 * login and password change. Blocking.
 */
public final class Sessions {
  /** What marks a call as a page's own; forms and foreign pages cannot set it. */
  public static final String CSRF = "x-fairlead-csrf";

  private static final Duration IDLE = Duration.ofHours(24);
  private static final Duration ABSOLUTE = Duration.ofDays(7);
  private static final Duration NOTED = Duration.ofMinutes(1);

  private final AdminStore store;
  private final Web web;
  private final InstantSource clock;

  Sessions(AdminStore store, Web web, InstantSource clock) {
    this.store = store;
    this.web = web;
    this.clock = clock;
  }

  /**
   * A session that has begun.
   *
   * @param value what proves it
   * @param cookie the header that gives it to a browser
   */
  public record Begun(Session session, String value, String cookie) {
    @Override
    public String toString() {
      return "Begun[" + session + "]";
    }
  }

  /** Begins a session of {@code account}, who has proved to be it. */
  public Begun begin(Account account, Site.Call call) {
    Instant now = now();
    store.removeExpiredSessions(now);
    String value = Secrets.create(Secrets.SESSION);
    String agent = call.headers().get("user-agent");
    Session session =
        new Session(
            Secrets.hash(value),
            account.id(),
            Secrets.create(""),
            now,
            now,
            now.plus(IDLE),
            call.clientAddress(),
            agent == null || agent.length() <= 256 ? agent : agent.substring(0, 256));
    store.createSession(session);
    return new Begun(session, value, web.setCookie(call, value, ABSOLUTE.toSeconds()));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The header that takes the cookie away. */
  String forgetCookie(Site.Call call) {
    return web.setCookie(call, "", 0);
  }

  /** The session the call brings, whichever way, or null when it brings none that counts. */
  public @Nullable Session of(Site.Call call) {
    String value = web.cookie(call.headers());
    if (value == null) {
      value = Bearer.of(call.headers());
    }
    return value == null ? null : find(value);
  }

  @Nullable Session find(String value) {
    if (!value.startsWith(Secrets.SESSION) || value.length() > 100) {
      return null;
    }
    Session session = store.session(Secrets.hash(value));
    Instant now = now();
    if (session == null) {
      return null;
    }
    if (!now.isBefore(session.expiresAt()) || !now.isBefore(session.createdAt().plus(ABSOLUTE))) {
      store.removeSession(session.hash());
      return null;
    }
    if (session.lastSeenAt().plus(NOTED).isBefore(now)) {
      Instant end = session.createdAt().plus(ABSOLUTE);
      Instant idle = now.plus(IDLE);
      store.touchSession(session.hash(), now, idle.isBefore(end) ? idle : end);
    }
    return session;
  }

  /**
   * Checks that a call with a cookie was made by a page of ours: browsers send cookies whoever
   * asks.
   */
  void requireOwnPage(Site.Call call, Session session) throws ApiProblem {
    Headers headers = call.headers();
    String site = headers.get("sec-fetch-site");
    String origin = headers.get("origin");
    if ("cross-site".equalsIgnoreCase(site) && (origin == null || !web.own(call, origin))) {
      throw foreign();
    }
    if (call.method().equals("GET") || call.method().equals("HEAD")) {
      return;
    }
    if (origin != null && !web.own(call, origin)) {
      throw foreign();
    }
    String token = headers.get(CSRF);
    boolean pages = origin != null || "same-origin".equalsIgnoreCase(site);
    boolean right =
        token != null
            && (MessageDigest.isEqual(
                    token.getBytes(StandardCharsets.UTF_8),
                    session.csrf().getBytes(StandardCharsets.UTF_8))
                || (pages && token.equals("1")));
    if (!right) {
      throw ApiProblem.forbidden(
          "A call with a session's cookie that changes something needs the header "
              + CSRF
              + " with the session's csrf_token.");
    }
  }

  private static ApiProblem foreign() {
    return ApiProblem.forbidden(
        "This call comes from a page of another origin. If that page may act for the people who"
            + " use it, list it in client.allowed_origins; if it is this gateway's own, set"
            + " fairlead.public_url or fairlead.trusted_proxies.");
  }
}
