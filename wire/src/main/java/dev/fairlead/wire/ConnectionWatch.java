package dev.fairlead.wire;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The connections of one event loop's clients. It ends those that hold a place without using it:
 * that do not send a whole request head in time, or rest longer than keep-alive allows. Confined to
 * its loop.
 */
final class ConnectionWatch {
  private final TimeLimits limits;
  private final OpenConnections count;
  private final Set<ClientConnection> all = new HashSet<>();
  private boolean draining;

  ConnectionWatch(TimeLimits limits, OpenConnections count) {
    this.limits = limits;
    this.count = count;
  }

  /** Returns whether {@code connection} comes too late to be served. */
  boolean opened(ClientConnection connection) {
    all.add(connection);
    count.opened();
    return draining;
  }

  void closed(ClientConnection connection) {
    if (all.remove(connection)) {
      count.closed();
    }
  }

  /** What is opened from now on comes too late. */
  void drain() {
    draining = true;
  }

  /** Closes what has been of no use for too long. */
  void tick(long now) {
    all.stream()
        .filter(connection -> connection.isExpired(now, limits))
        .toList()
        .forEach(ClientConnection::close);
  }

  void closeAll() {
    List.copyOf(all).forEach(ClientConnection::close);
  }
}
