package dev.fairlead.wire;

import dev.fairlead.core.config.ClientSettings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;

/**
 * What web pages may do. Any origin may read replies, because a page of a foreign origin has to
 * bring a key like anybody else (it is never trusted for coming from this machine); cookies and
 * other ambient credentials are granted to nobody but the origins the operator lists.
 */
final class Cors {
  private static final int MOST_HEADER_LIST = 4 * 1024;

  private final Supplier<ClientSettings> settings;

  Cors(Supplier<ClientSettings> settings) {
    this.settings = settings;
  }

  /** Answers a preflight, before any authentication: browsers send none with it. */
  void preflight(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    allow(request, response);
    String asked = request.getHeader("access-control-request-headers");
    if (asked != null && asked.length() <= MOST_HEADER_LIST && isHeaderList(asked)) {
      response.putHeader("access-control-allow-headers", asked);
    } else {
      response.putHeader("access-control-allow-headers", "authorization, content-type, x-api-key");
    }
    response
        .putHeader("access-control-allow-methods", "GET, POST, HEAD, OPTIONS")
        .putHeader("access-control-max-age", "86400")
        .setStatusCode(204)
        .end();
  }

  void allow(HttpServerRequest request, HttpServerResponse response) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null) {
      return;
    }
    response.putHeader("access-control-allow-origin", origin).putHeader("vary", "Origin");
    response.putHeader("access-control-expose-headers", "*");
    if (settings.get().allowedOrigins().contains(origin)) {
      response.putHeader("access-control-allow-credentials", "true");
    }
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
