package dev.fairlead.wire;

import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each {@code x-bf-} header, which clients of compatible gateways send. Whoever
 * asks for something that is not to be had here is told: with a warning where the answer means the
 * same without it, with a refusal where it would be an answer to something else.
 */
final class BifrostHeaders {
  /** What becomes of a header. */
  enum Fate {
    /** It has its effect, or asks for what is so in any case. */
    HONOURED,
    /** It has no effect, and the reply says so. */
    IGNORED,
    /** Unless its value asks for nothing, the request is refused. */
    REFUSED
  }

  private static final String PREFIX = "x-bf-";
  private static final int MOST_WARNINGS = 8;

  /** By name, lower case; a name that ends in a hyphen stands for all that begin so. */
  static final Map<String, Fate> TABLE =
      Map.ofEntries(
          Map.entry("x-bf-vk", Fate.HONOURED),
          Map.entry("x-bf-api-key", Fate.HONOURED),
          Map.entry("x-bf-api-key-id", Fate.HONOURED),
          Map.entry("x-bf-session-id", Fate.HONOURED),
          Map.entry("x-bf-session-affinity", Fate.HONOURED),
          Map.entry("x-bf-eh-", Fate.HONOURED),
          // Fields we do not know pass in any case.
          Map.entry("x-bf-passthrough-extra-params", Fate.HONOURED),
          // Nothing is cached.
          Map.entry("x-bf-cache-no-store", Fate.HONOURED),
          Map.entry("x-bf-disable-content-logging", Fate.HONOURED),
          Map.entry("x-bf-session-ttl", Fate.IGNORED),
          Map.entry("x-bf-parent-request-id", Fate.HONOURED),
          Map.entry("x-bf-send-back-raw-request", Fate.IGNORED),
          Map.entry("x-bf-send-back-raw-response", Fate.IGNORED),
          Map.entry("x-bf-store-raw-request-response", Fate.IGNORED),
          Map.entry("x-bf-compat", Fate.IGNORED),
          Map.entry("x-bf-cache-key", Fate.IGNORED),
          Map.entry("x-bf-cache-ttl", Fate.IGNORED),
          Map.entry("x-bf-cache-threshold", Fate.IGNORED),
          Map.entry("x-bf-cache-type", Fate.IGNORED),
          Map.entry("x-bf-prompt-cache-auto-inject", Fate.IGNORED),
          Map.entry("x-bf-mcp-session-id", Fate.IGNORED),
          Map.entry("x-bf-async-job-result-ttl", Fate.IGNORED),
          Map.entry("x-bf-forwarded-proto", Fate.IGNORED),
          Map.entry("x-bf-customer-id", Fate.IGNORED),
          Map.entry("x-bf-customer-name", Fate.IGNORED),
          Map.entry("x-bf-project-id", Fate.IGNORED),
          Map.entry("x-bf-dim-", Fate.HONOURED),
          Map.entry("x-bf-prom-", Fate.IGNORED),
          Map.entry("x-bf-lh-", Fate.IGNORED),
          Map.entry("x-bf-maxim-", Fate.IGNORED),
          // The client expects the number of a job rather than the reply.
          Map.entry("x-bf-async", Fate.REFUSED),
          Map.entry("x-bf-async-id", Fate.REFUSED),
          // The model would answer without the tools it was to have, or without its prompt.
          Map.entry("x-bf-mcp-include-clients", Fate.REFUSED),
          Map.entry("x-bf-mcp-include-tools", Fate.REFUSED),
          Map.entry("x-bf-prompt-id", Fate.REFUSED),
          Map.entry("x-bf-prompt-version", Fate.REFUSED),
          // Without direct keys the operator's key would pay for what the client meant to pay.
          Map.entry("x-bf-direct-key", Fate.REFUSED));

  private BifrostHeaders() {}

  /** Why the request cannot be served with the headers it has, or null. */
  static @Nullable Failure refusal(Headers headers, ClientSettings settings) {
    String[] refused = new String[1];
    headers.forEach((name, value) -> {
      if (ours(name) && fate(name) == Fate.REFUSED && !asksForNothing(value)) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!(lower.equals("x-bf-direct-key") && settings.allowDirectKeys())) {
          refused[0] = lower;
        }
      }
    });
    return refused[0] == null
        ? null
        : new Failure.ClientFault(
            400,
            "unsupported_header",
            "The header "
                + refused[0]
                + " asks for "
                + wanted(refused[0])
                + ", and a reply without it would be another one than was meant. Leave the header"
                + " out.",
            null);
  }

  private static String wanted(String name) {
    return switch (name) {
      case "x-bf-async", "x-bf-async-id" -> "an asynchronous job, which this gateway does not have";
      case "x-bf-mcp-include-clients", "x-bf-mcp-include-tools" ->
          "tools of MCP servers, which this gateway does not offer yet";
      case "x-bf-direct-key" ->
          "the use of the client's own provider key, which client.allow_direct_keys does not allow";
      default -> "a stored prompt, which this gateway does not have";
    };
  }

  /** A warning for each header without effect, at most a handful. */
  static List<String> warnings(Headers headers) {
    List<String> warnings = new ArrayList<>(0);
    int[] more = new int[1];
    headers.forEach((name, _) -> {
      if (ours(name) && fate(name) == Fate.IGNORED) {
        if (warnings.size() < MOST_WARNINGS) {
          warnings.add("the header " + name + " has no effect here");
        } else {
          more[0]++;
        }
      }
    });
    if (more[0] > 0) {
      warnings.add(more[0] + " further headers have no effect here");
    }
    return warnings;
  }

  private static boolean ours(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /** What becomes of {@code name}, in any spelling; what nobody has heard of is ignored. */
  static Fate fate(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Fate exact = TABLE.get(lower);
    if (exact != null) {
      return exact;
    }
    int family = lower.indexOf('-', PREFIX.length());
    Fate whole = family < 0 ? null : TABLE.get(lower.substring(0, family + 1));
    return whole == null ? Fate.IGNORED : whole;
  }

  private static boolean asksForNothing(String value) {
    String bare = value.strip();
    return bare.isEmpty() || bare.equalsIgnoreCase("false") || bare.equals("0");
  }
}
