package dev.fairlead.provider;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.model.Operation;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where an operation is found at a provider.
 *
 * @param base scheme, host and port to connect to
 * @param path path and query
 */
public record UpstreamTarget(URI base, String path) {
  /**
   * The place of {@code operation}; {@code query} is what the client sent behind the question mark,
   * or empty. A path configured for the operation may be a path or a whole URL; a key may have a
   * server of its own.
   */
  public static UpstreamTarget of(
      ProviderConfig provider, @Nullable ProviderKey key, Operation operation, String query) {
    URI base = key != null && key.baseUrl() != null ? key.baseUrl() : provider.network().baseUrl();
    String configured = provider.paths().get(operation);
    String path;
    if (configured == null) {
      path = prefix(base) + operation.path();
    } else if (configured.startsWith("http://") || configured.startsWith("https://")) {
      base = URI.create(configured);
      path = base.getRawPath();
    } else {
      path = prefix(base) + (configured.startsWith("/") ? configured : "/" + configured);
    }
    return new UpstreamTarget(base, query.isEmpty() ? path : path + "?" + query);
  }

  /**
   * The place of an operation whose path names the model and whether a stream is wanted (Gemini),
   * or of any other.
   */
  public static UpstreamTarget ofModel(
      ProviderConfig provider,
      @Nullable ProviderKey key,
      Operation operation,
      String model,
      boolean stream) {
    UpstreamTarget place = of(provider, key, operation, "");
    if (operation != Operation.GENERATE_CONTENT) {
      return place;
    }
    String path = place.path().replace("{model}", segment(model));
    return new UpstreamTarget(
        place.base(),
        stream ? path.replace(":generateContent", ":streamGenerateContent") + "?alt=sse" : path);
  }

  /** A model name is data: nothing in it may end its segment of a path. */
  private static String segment(String model) {
    String bare = model.startsWith("models/") ? model.substring("models/".length()) : model;
    return URLEncoder.encode(bare, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String prefix(URI base) {
    String path = base.getRawPath();
    if (path == null || path.equals("/")) {
      return "";
    }
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
