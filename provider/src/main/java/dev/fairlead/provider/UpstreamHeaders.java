package dev.fairlead.provider;

import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.identity.HeaderTemplate.Field;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.HeaderNames;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which of a client's headers go to a provider, and which are added. Everything passes that is not
 * on the deny list: clients send headers that did not exist when this was written, and expect them
 * to arrive.
 */
public final class UpstreamHeaders {
  /** Counts the gateways a request has passed, so that a loop ends. */
  public static final String HOP = "x-fairlead-hop";

  private static final HeaderNames DENIED =
      HeaderNames.of(
          // hop-by-hop
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "http2-settings",
          // of this connection or this body
          "host",
          "content-length",
          "content-encoding",
          "accept-encoding",
          // credentials
          "authorization",
          "proxy-authorization",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          "x-litellm-api-key",
          "cookie",
          "cookie2",
          // where it came from
          "forwarded",
          "via",
          "x-real-ip",
          "x-client-ip",
          "x-cluster-client-ip",
          "true-client-ip",
          "fastly-client-ip",
          "x-original-host",
          "x-original-forwarded-for",
          "origin",
          "referer",
          // ours
          "x-model-provider",
          "x-request-id");

  private static final List<String> DENIED_PREFIXES =
      List.of(
          "x-bf-",
          "x-fairlead-",
          "x-bifrost-",
          "x-forwarded-",
          "cf-",
          "sec-fetch-",
          "access-control-request-",
          "tailscale-",
          "ngrok-");

  private static final String EXTRA = "x-bf-eh-";

  private static final Set<String> NEVER_EXTRA =
      Set.of(
          "proxy-authorization",
          "cookie",
          "host",
          "content-length",
          "connection",
          "transfer-encoding",
          "x-api-key",
          "x-goog-api-key",
          "api-key",
          "authorization",
          "accept-encoding",
          "upgrade",
          "te",
          "trailer",
          "expect");

  /** What the served interfaces need; a list of allowed headers does not have to repeat it. */
  private static final Set<String> NEEDED =
      Set.of(
          "accept",
          "content-type",
          "user-agent",
          "anthropic-version",
          "anthropic-beta",
          "openai-beta");

  private UpstreamHeaders() {}

  /**
   * The headers for a call.
   *
   * @param key the provider key to use, or null
   * @param hops gateways passed before this one
   * @param who is asking
   */
  public static Headers of(
      Headers client,
      Target target,
      @Nullable ProviderKey key,
      ClientSettings settings,
      int hops,
      Function<Field, @Nullable String> who) {
    ProviderConfig provider = target.provider();
    Set<String> replaced = replaced(provider.network());
    Set<String> perConnection = options(client.all("connection"));
    Headers.Builder up = Headers.builder();
    // Nearly always empty, and then no name has to be turned into lower case.
    boolean some =
        !perConnection.isEmpty()
            || !settings.headerDeny().isEmpty()
            || !settings.headerAllow().isEmpty()
            || !replaced.isEmpty();
    client.forEach((name, value) -> {
      if (HeaderNames.startsWith(name, EXTRA)) {
        String lower = name.toLowerCase(Locale.ROOT);
        String bare = lower.substring(EXTRA.length());
        if (isExtra(bare, settings) && !replaced.contains(bare)) {
          up.add(name.substring(EXTRA.length()), value);
        }
      } else if (passes(name)) {
        String lower = some ? name.toLowerCase(Locale.ROOT) : name;
        if (!some
            || !(perConnection.contains(lower)
                || !permitted(lower, settings)
                || replaced.contains(lower))) {
          up.add(name, value);
        }
      }
    });
    up.add("accept-encoding", "identity");
    up.add(HOP, Integer.toString(hops + 1));
    credential(up, provider, target.direct(), key);
    configured(up, provider.network(), who);
    return up.build();
  }

  /**
   * The headers for a call in another dialect than the client's: its vendor's headers mean nothing
   * there, so only traces and what the client marked as extra go on.
   *
   * @param key the provider key to use, or null
   * @param hops gateways passed before this one
   * @param who is asking
   */
  public static Headers translated(
      Headers client,
      Target target,
      @Nullable ProviderKey key,
      ClientSettings settings,
      int hops,
      Function<Field, @Nullable String> who) {
    ProviderConfig provider = target.provider();
    Set<String> replaced = replaced(provider.network());
    Headers.Builder up = Headers.builder();
    up.add("content-type", "application/json");
    up.add("accept", "application/json, text/event-stream");
    if (target.operation().dialect() == Dialect.ANTHROPIC_MESSAGES
        && !replaced.contains("anthropic-version")) {
      up.add("anthropic-version", "2023-06-01");
    }
    client.forEach((name, value) -> {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(EXTRA)) {
        String bare = lower.substring(EXTRA.length());
        if (isExtra(bare, settings) && !replaced.contains(bare)) {
          up.add(name.substring(EXTRA.length()), value);
        }
      } else if ((lower.equals("user-agent")
              || lower.equals("traceparent")
              || lower.equals("tracestate"))
          && permitted(lower, settings)
          && !replaced.contains(lower)) {
        up.add(name, value);
      }
    });
    up.add("accept-encoding", "identity");
    up.add(HOP, Integer.toString(hops + 1));
    credential(up, provider, target.direct(), key);
    configured(up, provider.network(), who);
    return up.build();
  }

  /** The headers of a question of our own. */
  static Headers ofOurs(
      ProviderConfig provider, @Nullable ProviderKey key, @Nullable String anthropicVersion) {
    Headers.Builder up = Headers.builder();
    up.add("accept", "application/json");
    up.add("accept-encoding", "identity");
    if (anthropicVersion != null) {
      up.add("anthropic-version", anthropicVersion);
    }
    up.add(HOP, "1");
    credential(up, provider, null, key);
    provider.network().extraHeaders().forEach(up::add);
    return up.build();
  }

  /** A client cannot say for itself who it is, also where nobody knows. */
  private static Set<String> replaced(NetworkConfig network) {
    if (network.identityHeaders().isEmpty()) {
      return lower(network.extraHeaders().keySet());
    }
    Set<String> names = new HashSet<>(lower(network.extraHeaders().keySet()));
    names.addAll(lower(network.identityHeaders().keySet()));
    return names;
  }

  private static void configured(
      Headers.Builder up, NetworkConfig network, Function<Field, @Nullable String> who) {
    network.extraHeaders().forEach(up::add);
    network
        .identityHeaders()
        .forEach((name, template) -> {
          String value = template.fill(who);
          if (value != null) {
            up.add(name, value);
          }
        });
  }

  private static boolean isExtra(String bare, ClientSettings settings) {
    return !bare.isEmpty()
        && !NEVER_EXTRA.contains(bare)
        && permitted(bare, settings)
        && !bare.startsWith("x-bf-")
        && !bare.startsWith("x-fairlead-");
  }

  /** What the operator has to say; denying counts more than allowing. */
  private static boolean permitted(String lower, ClientSettings settings) {
    return !settings.headerDeny().contains(lower)
        && (settings.headerAllow().isEmpty()
            || settings.headerAllow().contains(lower)
            || NEEDED.contains(lower));
  }

  private static boolean passes(String name) {
    if (DENIED.contains(name)) {
      return false;
    }
    for (String prefix : DENIED_PREFIXES) {
      if (HeaderNames.startsWith(name, prefix)) {
        return false;
      }
    }
    return true;
  }

  private static void credential(
      Headers.Builder up,
      ProviderConfig provider,
      @Nullable DirectCredential direct,
      @Nullable ProviderKey key) {
    if (direct != null) {
      if (direct.subscription()) {
        up.add("authorization", "Bearer " + direct.secret().reveal());
      } else {
        add(up, provider.auth(), direct.secret().reveal());
      }
    } else if (key != null && key.value() != null) {
      add(up, provider.auth(), key.value().reveal());
    }
  }

  private static void add(Headers.Builder up, ProviderConfig.Auth auth, String secret) {
    switch (auth) {
      case BEARER -> up.add("authorization", "Bearer " + secret);
      case X_API_KEY -> up.add("x-api-key", secret);
      case API_KEY -> up.add("api-key", secret);
      case X_GOOG_API_KEY -> up.add("x-goog-api-key", secret);
    }
  }

  private static Set<String> lower(Set<String> names) {
    if (names.isEmpty()) {
      return Set.of();
    }
    Set<String> lower = HashSet.newHashSet(names.size());
    for (String name : names) {
      lower.add(name.toLowerCase(Locale.ROOT));
    }
    return lower;
  }

  /** What the client's Connection headers list: meant for us alone (RFC 9110 §7.6.1). */
  private static Set<String> options(List<String> connection) {
    if (connection.isEmpty()
        || (connection.size() == 1 && connection.getFirst().equalsIgnoreCase("keep-alive"))) {
      return Set.of();
    }
    Set<String> options = new HashSet<>();
    for (String line : connection) {
      for (String option : line.split(",", -1)) {
        options.add(option.strip().toLowerCase(Locale.ROOT));
      }
    }
    return options;
  }
}
