package dev.fairlead.core.exchange;

import dev.fairlead.core.model.HeaderNames;
import dev.fairlead.core.model.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which of a provider's headers reach the client, and which are added. */
final class ReplyHeaders {
  private static final HeaderNames DENIED =
      HeaderNames.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "set-cookie",
          "set-cookie2",
          "alt-svc",
          "server",
          "x-powered-by",
          "via",
          "date",
          "x-request-id",
          "strict-transport-security",
          "access-control-allow-origin",
          "access-control-allow-credentials",
          "access-control-allow-headers",
          "access-control-allow-methods",
          "access-control-expose-headers",
          "access-control-max-age");

  private ReplyHeaders() {}

  /** The provider's headers without those that end here. */
  static Headers.Builder down(Headers provider) {
    Headers.Builder kept = Headers.builder();
    List<String> perConnection = connectionOptions(provider.all("connection"));
    provider.forEach((name, value) -> {
      if (!DENIED.contains(name)
          && !HeaderNames.startsWith(name, "x-fairlead-")
          && (perConnection.isEmpty() || !perConnection.contains(name.toLowerCase(Locale.ROOT)))) {
        kept.add(name, value);
      }
    });
    return kept;
  }

  /**
   * For a reply that is written anew: what the provider says of limits and of the request's id
   * stays, what it says of the bytes does not hold any more.
   */
  static Headers.Builder anew(Headers provider, boolean stream) {
    Headers.Builder kept = Headers.builder();
    kept.add("content-type", stream ? "text/event-stream; charset=utf-8" : "application/json");
    if (stream) {
      kept.add("cache-control", "no-cache");
    }
    String retryAfter = provider.get("retry-after");
    if (retryAfter != null) {
      kept.add("retry-after", retryAfter);
    }
    return kept;
  }

  /** The same with the client's own limits in place of those of the provider's account. */
  static Headers withLimits(Headers head, Headers limits) {
    Headers.Builder all = Headers.builder();
    head.forEach((name, value) -> {
      if (!HeaderNames.startsWith(name, "anthropic-ratelimit-")) {
        all.add(name, value);
      }
    });
    limits.forEach(all::add);
    return all.build();
  }

  private static List<String> connectionOptions(List<String> connection) {
    if (connection.isEmpty()) {
      return List.of();
    }
    List<String> options = new ArrayList<>(2);
    for (String line : connection) {
      for (String option : line.split(",", -1)) {
        options.add(option.strip().toLowerCase(Locale.ROOT));
      }
    }
    return options;
  }

  /** The fields that were left out or changed; what became of them stands in the receipt. */
  static String names(List<String> dropped) {
    List<String> names = new ArrayList<>(dropped.size());
    for (String entry : dropped) {
      int colon = entry.indexOf(": ");
      names.add(colon < 0 ? entry : entry.substring(0, colon));
    }
    return String.join(", ", names);
  }

  /**
   * What may stand in a header of ours: model names and the like are data from strangers, so
   * anything that is not printable ASCII becomes {@code ?}, and long values are cut.
   */
  static String safe(String value) {
    int length = Math.min(value.length(), 256);
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c > 0x7e) {
        StringBuilder clean = new StringBuilder(length);
        for (int j = 0; j < length; j++) {
          char d = value.charAt(j);
          clean.append(d < 0x20 || d > 0x7e ? '?' : d);
        }
        return clean.toString();
      }
    }
    return value.length() == length ? value : value.substring(0, length);
  }
}
