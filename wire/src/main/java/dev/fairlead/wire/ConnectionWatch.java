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
  private final Set<ClientConnection> all = new HashSet<>();
  private boolean draining;

  ConnectionWatch(TimeLimits limits) {
    this.limits = limits;
  }

  /** Returns whether {@code connection} comes too late to be served. */
  boolean opened(ClientConnection connection) {
    all.add(connection);
    return draining;
  }

  void closed(ClientConnection connection) {
    all.remove(connection);
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
