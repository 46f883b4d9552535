package dev.fairlead.core.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all clients.
 *
 * @param allowAnonymous whether requests without a key are served beyond loopback
 * @param enforceAuth whether a virtual key is required even on loopback
 * @param allowDirectKeys whether a client may bring a provider's own key
 * @param maxRequestBodyBytes largest body, after decompression
 * @param allowedOrigins origins of web pages that may send ambient credentials; {@code *} may stand
 *     for the beginning of a host and for a port
 * @param allowedHeaders request headers web pages may send besides those every client of the served
 *     interfaces needs; empty for any
 * @param requiredHeaders headers every inference request must carry
 * @param trustedProxies peers whose forwarding headers are believed
 * @param publicUrl the address clients use, or null
 * @param dropExcessRequests whether a full provider is an error at once instead of a wait in its
 *     queue
 * @param headerAllow names of the only headers of clients that go on to providers, besides those
 *     their interfaces need; empty for all
 * @param headerDeny header names never forwarded
 * @param fallbacks from a model or alias name as the client writes it to where it goes when its own
 *     targets failed
 * @param aliases from a bare model name to the targets that serve it, for every client
 * @param smallModel served for bare Claude names of background calls when no Anthropic provider is
 *     there, or null
 * @param ollama what holds for every Ollama server
 * @param revealRepository whether the repository and branch that coding agents tell their model of
 *     are noted of each request
 * @param logging what is kept of requests, and for how long
 */
public record ClientSettings(
    boolean allowAnonymous,
    boolean enforceAuth,
    boolean allowDirectKeys,
    long maxRequestBodyBytes,
    List<String> allowedOrigins,
    List<String> allowedHeaders,
    List<String> requiredHeaders,
    AddressBlocks trustedProxies,
    @Nullable String publicUrl,
    boolean dropExcessRequests,
    Set<String> headerAllow,
    Set<String> headerDeny,
    Map<String, List<ModelRef>> fallbacks,
    Map<String, List<Weighted>> aliases,
    @Nullable ModelRef smallModel,
    OllamaSettings ollama,
    boolean revealRepository,
    LoggingSettings logging) {
  public ClientSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
    allowedHeaders = List.copyOf(allowedHeaders);
    requiredHeaders = List.copyOf(requiredHeaders);
    headerAllow = Set.copyOf(headerAllow);
    headerDeny = Set.copyOf(headerDeny);
    fallbacks = Map.copyOf(fallbacks);
    aliases = Map.copyOf(aliases);
  }

  /** A target of an alias and its share of the draw. */
  public record Weighted(ModelRef target, double weight) {}
}
