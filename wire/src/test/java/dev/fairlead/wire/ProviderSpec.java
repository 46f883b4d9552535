package dev.fairlead.wire;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.model.Operation;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a provider's configuration with what a test cares about; the rest is usual, with time
 * limits that are short.
 */
final class ProviderSpec {
  private final String name;
  private final URI base;
  private String kind;
  private boolean local = true;
  private ProviderConfig.Auth auth = ProviderConfig.Auth.BEARER;
  private final List<ProviderKey> keys = new ArrayList<>();
  private Map<String, String> extraHeaders = Map.of();
  private Duration connect = Duration.ofSeconds(20);
  private Duration firstByte = Duration.ofSeconds(20);
  private Duration idle = Duration.ofSeconds(20);
  private Duration total = Duration.ofSeconds(40);
  private int retries;
  private boolean http2;
  private boolean insecure;
  private @Nullable String ca;
  private boolean privateNetwork;
  private int connections = 64;
  private NetworkConfig.@Nullable Proxy proxy;
  private int concurrency = 1_000;
  private int queue = 1_000;
  // A server that has Ollama's own API as well is asked by that first.
  private Set<Operation> operations = EnumSet.complementOf(EnumSet.of(Operation.OLLAMA_CHAT));
  private final Map<Operation, String> paths = new EnumMap<>(Operation.class);

  private ProviderSpec(String name, URI base) {
    this.name = name;
    this.base = base;
    this.kind = name;
  }

  /** Of a kind named like the provider; the auth scheme is that of the kind. */
  static ProviderSpec of(String name, URI base) {
    ProviderSpec spec = new ProviderSpec(name, base);
    spec.auth =
        name.startsWith("anthropic") ? ProviderConfig.Auth.X_API_KEY : ProviderConfig.Auth.BEARER;
    return spec;
  }

  ProviderSpec kind(String value) {
    kind = value;
    return this;
  }

  ProviderSpec remote() {
    local = false;
    return this;
  }

  ProviderSpec auth(ProviderConfig.Auth value) {
    auth = value;
    return this;
  }

  /** A key of weight 1 for all models, named like its id. */
  ProviderSpec key(String id, String value) {
    return key(id, value, 1, Map.of());
  }

  ProviderSpec key(String id, String value, double weight, Map<String, String> aliases) {
    keys.add(
        new ProviderKey(
            id,
            id,
            Secret.of(value),
            NameFilter.ALL,
            NameFilter.NONE,
            weight,
            true,
            null,
            aliases,
            List.<ModelRef>of()));
    return this;
  }

  ProviderSpec operations(Operation... served) {
    operations = Set.of(served);
    return this;
  }

  ProviderSpec extraHeaders(Map<String, String> value) {
    extraHeaders = value;
    return this;
  }

  ProviderSpec connect(Duration value) {
    connect = value;
    return this;
  }

  ProviderSpec firstByte(Duration value) {
    firstByte = value;
    return this;
  }

  ProviderSpec idle(Duration value) {
    idle = value;
    return this;
  }

  ProviderSpec total(Duration value) {
    total = value;
    return this;
  }

  ProviderSpec retries(int value) {
    retries = value;
    return this;
  }

  ProviderSpec http2() {
    http2 = true;
    return this;
  }

  ProviderSpec insecure() {
    insecure = true;
    return this;
  }

  ProviderSpec ca(String pem) {
    ca = pem;
    return this;
  }

  ProviderSpec privateNetwork() {
    privateNetwork = true;
    return this;
  }

  ProviderSpec connections(int value) {
    connections = value;
    return this;
  }

  ProviderSpec proxy(NetworkConfig.Proxy value) {
    proxy = value;
    return this;
  }

  ProviderSpec capacity(int inProgress, int waiting) {
    concurrency = inProgress;
    queue = waiting;
    return this;
  }

  ProviderSpec path(Operation operation, String path) {
    paths.put(operation, path);
    return this;
  }

  /** Only these instead of everything. */
  ProviderSpec serving(Operation... only) {
    operations = EnumSet.copyOf(List.of(only));
    return this;
  }

  ProviderConfig build() {
    NetworkConfig network =
        new NetworkConfig(
            base,
            extraHeaders,
            connect,
            firstByte,
            idle,
            total,
            retries,
            Duration.ofMillis(10),
            Duration.ofMillis(50),
            http2,
            insecure,
            ca,
            privateNetwork,
            connections,
            Duration.ofSeconds(20),
            proxy);
    return new ProviderConfig(
        name,
        kind,
        local,
        keys.isEmpty(),
        auth,
        keys,
        network,
        concurrency,
        queue,
        operations,
        paths,
        true,
        new Origin(Origin.Source.FILE, "test providers." + name));
  }
}
