package dev.fairlead.wire;

import dev.fairlead.core.config.NetworkConfig;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The HTTP clients of one event loop: one for each distinct way to reach providers, so that
 * providers of equal settings share connections and a changed setting gets new ones. Confined to
 * its loop.
 */
final class UpstreamClients {
  private final ContextInternal context;
  private final OpenConnections connections;
  private final LongSupplier clock;
  private final Map<ConnectionSettings, UpstreamClient> clients = new HashMap<>();

  /** What was found for a configuration last: the same is asked with every request. */
  private final IdentityHashMap<NetworkConfig, Found> found = new IdentityHashMap<>();

  private record Found(boolean tls, boolean proxied, UpstreamClient client) {}

  /**
   * Creates clients when they are asked for.
   *
   * @param connections counts what they open
   */
  UpstreamClients(ContextInternal context, OpenConnections connections, LongSupplier clock) {
    this.context = context;
    this.connections = connections;
    this.clock = clock;
  }

  /**
   * The client for {@code network}; made when first asked for.
   *
   * @param proxied whether to go through the proxy it names
   */
  UpstreamClient client(NetworkConfig network, boolean tls, boolean proxied) {
    Found known = found.get(network);
    if (known != null && known.tls() == tls && known.proxied() == proxied) {
      return known.client();
    }
    ConnectionSettings settings = ConnectionSettings.of(network, tls, proxied);
    UpstreamClient client = clients.get(settings);
    if (client == null) {
      client =
          settings.http2() || settings.proxy() != null
              ? new VertxClient(context, settings, connections)
              : new Http1Client(context, settings, connections, clock);
      clients.put(settings, client);
    }
    found.put(network, new Found(tls, proxied, client));
    return client;
  }

  void tick(long now) {
    for (UpstreamClient client : clients.values()) {
      client.tick(now);
    }
  }

  /**
   * Retires clients no provider in {@code inUse} needs any more; requests under way are finished
   * first.
   */
  void retain(Set<NetworkConfig> inUse) {
    found.clear();
    Set<ConnectionSettings> needed = new HashSet<>();
    for (NetworkConfig network : inUse) {
      for (boolean tls : new boolean[] {true, false}) {
        for (boolean proxied : new boolean[] {true, false}) {
          needed.add(ConnectionSettings.of(network, tls, proxied));
        }
      }
    }
    List<ConnectionSettings> left = new ArrayList<>(clients.keySet());
    left.removeAll(needed);
    for (ConnectionSettings settings : left) {
      UpstreamClient retired = clients.remove(settings);
      if (retired != null) {
        retired.retire();
      }
    }
  }
}
