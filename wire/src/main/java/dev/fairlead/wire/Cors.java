package dev.fairlead.wire;

import dev.fairlead.core.config.ClientSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What web pages may do. Any origin may read replies, because a page of a foreign origin has to
 * bring a key like anybody else (it is never trusted for coming from this machine); cookies and
 * other ambient credentials are granted to nobody but the origins the operator lists.
 */
final class Cors {
  private static final int MOST_HEADER_LIST = 4 * 1024;
  private static final String USUAL = "authorization, content-type, x-api-key";
  private static final Set<String> CLIENTS =
      Set.of(
          "accept",
          "authorization",
          "content-type",
          "user-agent",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-app",
          "x-request-id",
          "x-requested-with",
          "x-model-provider");

  private final Supplier<ClientSettings> settings;

  Cors(Supplier<ClientSettings> settings) {
    this.settings = settings;
  }

  /** Answers a preflight, before any authentication: browsers send none with it. */
  void preflight(ClientRequest request) {
    ClientResponse response = request.response();
    allow(request, response);
    String asked = request.headers().get("access-control-request-headers");
    if (asked != null && (asked.length() > MOST_HEADER_LIST || !isHeaderList(asked))) {
      asked = null;
    }
    response.set("access-control-allow-headers", allowed(asked, settings.get().allowedHeaders()));
    response
        .set("access-control-allow-methods", "GET, POST, HEAD, OPTIONS")
        .set("access-control-max-age", "86400")
        .status(204)
        .end();
  }

  /** Answers a preflight to a site: nobody but pages of listed origins gets leave. */
  void sitePreflight(ClientRequest request) {
    ClientResponse response = request.response();
    if (allowListed(request, response)) {
      String asked = request.headers().get("access-control-request-headers");
      response
          .set(
              "access-control-allow-headers",
              asked == null || asked.length() > MOST_HEADER_LIST || !isHeaderList(asked)
                  ? USUAL
                  : asked)
          .set("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS")
          .set("access-control-max-age", "600");
    }
    response.status(204).end();
  }

  /** Lets a page read an answer when its origin is listed; returns whether it is. */
  boolean allowListed(ClientRequest request, ClientResponse response) {
    String origin = request.headers().get("origin");
    response.add("vary", "Origin");
    if (origin == null
        || settings.get().allowedOrigins().stream().noneMatch(listed -> matches(listed, origin))) {
      return false;
    }
    response
        .set("access-control-allow-origin", origin)
        .set("access-control-expose-headers", "x-request-id")
        .set("access-control-allow-credentials", "true");
    return true;
  }

  void allow(ClientRequest request, ClientResponse response) {
    allow(request.headers().get("origin"), response);
  }

  /** As above for a request from a page of {@code origin}, or from no page when that is null. */
  void allow(@Nullable String origin, ClientResponse response) {
    if (origin == null) {
      return;
    }
    response.set("access-control-allow-origin", origin).set("vary", "Origin");
    response.set("access-control-expose-headers", "*");
    if (settings.get().allowedOrigins().stream().anyMatch(listed -> matches(listed, origin))) {
      response.set("access-control-allow-credentials", "true");
    }
  }

  /** Of the headers a page wants to send those it may; all where the operator lists none. */
  private static String allowed(@Nullable String asked, List<String> listed) {
    if (asked == null) {
      return listed.isEmpty() || listed.contains("*")
          ? USUAL
          : USUAL + ", " + String.join(", ", listed);
    }
    if (listed.isEmpty() || listed.contains("*")) {
      return asked;
    }
    return Arrays.stream(asked.split(",", -1))
        .map(String::strip)
        .filter(name -> ofClients(name) || listed.stream().anyMatch(name::equalsIgnoreCase))
        .collect(Collectors.joining(", "));
  }

  /** Whether the vendors' clients send it by themselves, or it is meant for this gateway. */
  private static boolean ofClients(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return CLIENTS.contains(lower)
        || lower.startsWith("x-stainless-")
        || lower.startsWith("anthropic-")
        || lower.startsWith("openai-")
        || lower.startsWith("x-bf-");
  }

  /**
   * Whether {@code origin} is the one {@code listed}, in which {@code *} may stand for the
   * beginning of a host (any number of labels) and for a port. A lone {@code *} matches nothing
   * here: it would give every page on the web what only pages of ours should have.
   */
  static boolean matches(String listed, String origin) {
    if (listed.indexOf('*') < 0) {
      return listed.equalsIgnoreCase(origin);
    }
    String pattern = listed.toLowerCase(Locale.ROOT);
    String given = origin.toLowerCase(Locale.ROOT);
    if (pattern.endsWith(":*")) {
      int port = given.lastIndexOf(':');
      boolean has = port > given.indexOf("://") && isNumber(given, port + 1);
      pattern = pattern.substring(0, pattern.length() - 2);
      given = has ? given.substring(0, port) : given;
    }
    int star = pattern.indexOf("://*.");
    if (star < 0) {
      return pattern.indexOf('*') < 0 && pattern.equals(given);
    }
    String scheme = pattern.substring(0, star + "://".length());
    String domain = pattern.substring(star + "://*".length());
    return given.startsWith(scheme)
        && given.endsWith(domain)
        && given.length() > scheme.length() + domain.length()
        && isHost(given, scheme.length(), given.length() - domain.length());
  }

  private static boolean isNumber(String text, int from) {
    return from < text.length() && text.chars().skip(from).allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isHost(String text, int from, int to) {
    return text.substring(from, to)
        .chars()
        .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
  }

  private static boolean isHeaderList(String list) {
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      boolean fits =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == ','
              || c == ' ';
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
