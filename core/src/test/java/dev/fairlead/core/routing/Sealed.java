package dev.fairlead.core.routing;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.fixture.Entities;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Providers with tags. */
final class Sealed {
  private Sealed() {}

  /** OpenAI and Anthropic without tags, a local Ollama. */
  static Snapshot vendors() {
    return Entities.snapshot(
        Entities.provider("openai", Entities.key("o")),
        Entities.provider("anthropic", Entities.key("a")),
        local("ollama", "http://localhost:11434", null));
  }

  static ProviderConfig tagged(ProviderConfig p, Set<String> tags) {
    return with(p, p.local(), p.network(), p.keys(), tags);
  }

  static ProviderConfig local(String name, String url, @Nullable String keyUrl) {
    ProviderConfig p = Entities.provider(name);
    List<ProviderKey> keys = List.of();
    if (keyUrl != null) {
      ProviderKey k = Entities.key("k");
      keys =
          List.of(
              new ProviderKey(
                  k.id(),
                  k.name(),
                  k.value(),
                  k.models(),
                  k.denied(),
                  1,
                  true,
                  null,
                  k.aliases(),
                  k.fallbacks(),
                  URI.create(keyUrl)));
    }
    NetworkConfig n = p.network();
    NetworkConfig near =
        new NetworkConfig(
            URI.create(url),
            n.extraHeaders(),
            n.connectTimeout(),
            n.firstByteTimeout(),
            n.idleTimeout(),
            n.totalTimeout(),
            n.maxRetries(),
            n.retryBackoffInitial(),
            n.retryBackoffMax(),
            n.http2(),
            n.insecureSkipVerify(),
            n.caCertPem(),
            n.allowPrivateNetwork(),
            n.maxConnectionsPerHost(),
            n.keepAliveTimeout(),
            n.proxy());
    return with(p, true, near, keys, Set.of());
  }

  private static ProviderConfig with(
      ProviderConfig p,
      boolean local,
      NetworkConfig network,
      List<ProviderKey> keys,
      Set<String> tags) {
    return new ProviderConfig(
        p.name(),
        p.kind(),
        local,
        keys.isEmpty(),
        p.auth(),
        keys,
        network,
        p.concurrency(),
        p.queue(),
        p.operations(),
        p.paths(),
        p.sendsDoneMarker(),
        tags,
        p.enabled(),
        p.origin());
  }
}
