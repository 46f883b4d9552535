package dev.fairlead.wire;

import java.util.Locale;
import java.util.Set;

/** Request headers and query parameters that are meant for the gateway rather than a provider. */
final class RequestExtensions {
  /** Headers of compatible gateways that ask for something this one does not do, harmlessly. */
  private static final Set<String> IGNORED =
      Set.of(
          "x-bf-session-ttl",
          "x-bf-parent-request-id",
          "x-bf-send-back-raw-request",
          "x-bf-send-back-raw-response",
          "x-bf-store-raw-request-response",
          "x-bf-compat",
          "x-bf-cache-key",
          "x-bf-cache-ttl",
          "x-bf-cache-threshold",
          "x-bf-cache-type",
          "x-bf-prompt-cache-auto-inject");

  private RequestExtensions() {}

  static boolean ignored(String header) {
    return IGNORED.contains(header.toLowerCase(Locale.ROOT));
  }

  /** The client's query without what was meant for us; {@code key} is a credential and goes nowhere. */
  static String upstreamQuery(String query) {
    if (query.isEmpty() || !query.contains("key=")) {
      return query;
    }
    StringBuilder kept = new StringBuilder(query.length());
    for (String parameter : query.split("&", -1)) {
      if (!parameter.startsWith("key=")) {
        kept.append(kept.isEmpty() ? "" : "&").append(parameter);
      }
    }
    return kept.toString();
  }
}
