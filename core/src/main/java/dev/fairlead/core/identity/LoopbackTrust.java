package dev.fairlead.core.identity;

import dev.fairlead.core.model.Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may be served without a key because only somebody on this machine can have sent
 * it. A loopback peer alone proves nothing: tunnels and reverse proxies connect from loopback, and
 * so does a browser on behalf of any web page.
 */
public final class LoopbackTrust {
  private static final String[] FORWARDING = {
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-server",
    "x-forwarded-by",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-original-forwarded-for",
    "x-original-host",
    "true-client-ip",
    "fastly-client-ip",
    "fly-client-ip",
    "x-envoy-external-address",
    "x-amzn-trace-id",
    "cdn-loop",
    "via",
  };

  private LoopbackTrust() {}

  /** The header that says a request was forwarded by somebody, lower case, or null. */
  public static @Nullable String forwardedBy(Headers headers) {
    for (String name : FORWARDING) {
      if (headers.contains(name)) {
        return name;
      }
    }
    String[] forwarded = new String[1];
    headers.forEach((name, value) -> {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith("cf-")
          || lower.startsWith("x-forwarded-")
          || lower.startsWith("tailscale-")
          || lower.startsWith("ngrok-")) {
        forwarded[0] = lower;
      }
    });
    return forwarded[0];
  }

  /** Null when trusted, otherwise the reason why not, in words for people. */
  static @Nullable String distrust(Circumstances circumstances) {
    if (!circumstances.listenerLoopback()) {
      return "Fairlead listens beyond this machine";
    }
    if (!circumstances.peerLoopback()) {
      return "the connection does not come from this machine";
    }
    if (circumstances.proxied()) {
      return "it came through a proxy that fairlead.trusted_proxies names";
    }
    Headers headers = circumstances.headers();
    String forwarded = forwardedBy(headers);
    if (forwarded != null) {
      return "the header " + forwarded + " says it came through a tunnel or proxy";
    }
    if (circumstances.http10()) {
      return "it came as HTTP/1.0, which programs on this machine do not speak any more, but"
          + " reverse proxies such as nginx do unless told otherwise";
    }
    String host = headers.get("host");
    if (host == null || !isLoopbackName(hostOf(host))) {
      return "its Host is not a name of this machine's loopback";
    }
    String origin = headers.get("origin");
    if (origin != null && !isLoopbackOrigin(origin)) {
      return "it was sent by a web page of another origin";
    }
    String site = headers.get("sec-fetch-site");
    if ("cross-site".equalsIgnoreCase(site)) {
      return "it was sent by a web page of another site";
    }
    return null;
  }

  /** Whether {@code origin} is a page served from this machine. */
  static boolean isLoopbackOrigin(String origin) {
    int scheme = origin.indexOf("://");
    return scheme > 0 && isLoopbackName(hostOf(origin.substring(scheme + 3)));
  }

  /** The host of {@code host[:port]}; all of it when what follows the host is no port. */
  private static String hostOf(String authority) {
    int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    if (end <= 0 || end == authority.length()) {
      return authority;
    }
    boolean port = authority.charAt(end) == ':' && isNumber(authority, end + 1, 5);
    return port ? authority.substring(0, end) : authority;
  }

  private static boolean isNumber(String text, int from, int mostDigits) {
    int digits = text.length() - from;
    if (digits < 1 || digits > mostDigits) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLoopbackName(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost")
        || lower.endsWith(".localhost")
        || lower.equals("[::1]")
        || isLoopbackV4(lower);
  }

  private static boolean isLoopbackV4(String host) {
    if (!host.startsWith("127.") || host.length() > 15) {
      return false;
    }
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (!isNumber(part, 0, 3) || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }
}
