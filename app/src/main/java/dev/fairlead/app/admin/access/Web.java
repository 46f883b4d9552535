package dev.fairlead.app.admin.access;

import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import java.net.URI;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What browsers see of the gateway: its own origin, whether it is encrypted, its cookie. */
final class Web {
  private static final String SECURE_COOKIE = "__Host-fairlead";
  private static final String COOKIE = "fairlead_session";
  private static final int MOST_COOKIE = 8 * 1024;

  private final Supplier<ClientSettings> settings;

  Web(Supplier<ClientSettings> settings) {
    this.settings = settings;
  }

  private @Nullable URI publicUrl() {
    String configured = settings.get().publicUrl();
    return configured == null ? null : URI.create(configured);
  }

  /** Whether the browser speaks TLS, as far as it can be known. */
  boolean secure(Site.Call call) {
    if (call.secure()) {
      return true;
    }
    URI url = publicUrl();
    return url != null
        && "https".equalsIgnoreCase(url.getScheme())
        && host(call).equalsIgnoreCase(authority(url));
  }

  private static String host(Site.Call call) {
    String forwarded = call.proxied() ? call.headers().get("x-forwarded-host") : null;
    String host = forwarded == null ? call.headers().get("host") : forwarded.split(",", 2)[0];
    return host == null ? "" : host.strip();
  }

  private static String authority(URI url) {
    String authority = url.getRawAuthority();
    return authority == null ? "" : authority;
  }

  /** Whether a page of {@code origin} is one of ours or of an origin the operator lists. */
  boolean own(Site.Call call, String origin) {
    String here = (secure(call) ? "https://" : "http://") + host(call);
    if (origin.equalsIgnoreCase(here)) {
      return true;
    }
    URI url = publicUrl();
    if (url != null && origin.equalsIgnoreCase(url.getScheme() + "://" + authority(url))) {
      return true;
    }
    return settings.get().allowedOrigins().stream().anyMatch(origin::equalsIgnoreCase);
  }

  /** The value of our cookie, or null. */
  @Nullable String cookie(Headers headers) {
    for (String line : headers.all("cookie")) {
      if (line.length() > MOST_COOKIE) {
        continue;
      }
      for (String pair : line.split(";", -1)) {
        String stripped = pair.strip();
        for (String name : new String[] {SECURE_COOKIE, COOKIE}) {
          if (stripped.startsWith(name + "=")) {
            return stripped.substring(name.length() + 1);
          }
        }
      }
    }
    return null;
  }

  /** The header that sets our cookie, or takes it away when {@code seconds} is 0. */
  String setCookie(Site.Call call, String value, long seconds) {
    boolean secure = secure(call);
    String path = path();
    boolean host = secure && path.equals("/");
    return (host ? SECURE_COOKIE : COOKIE)
        + "="
        + value
        + "; Path="
        + path
        + "; HttpOnly; SameSite=Strict; Max-Age="
        + seconds
        + (secure ? "; Secure" : "");
  }

  /** The path under which browsers see the gateway. */
  private String path() {
    URI url = publicUrl();
    String path = url == null || url.getRawPath() == null ? "" : url.getRawPath();
    return path.isEmpty() || path.equals("/") || path.indexOf(';') >= 0
        ? "/"
        : path.endsWith("/") ? path : path + "/";
  }

  /** Whether a browser sent it. */
  static boolean fromPage(Headers headers) {
    return headers.contains("origin")
        || headers.contains("sec-fetch-site")
        || String.valueOf(headers.get("sec-fetch-mode")).toLowerCase(Locale.ROOT).equals("cors");
  }
}
