package dev.fairlead.wire;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections that hold a place without using it: those that do not send a whole request head
 * in time and those that rest longer than keep-alive allows. Confined to one event loop.
 */
final class ConnectionWatch {
  private final long firstHeadNanos;
  private final long restNanos;

  private static final class Watched {
    private boolean everUsed;
    private int busy;
    private long idleSince;
    private boolean parting;
    private boolean late;
  }

  private final IdentityHashMap<HttpConnection, Watched> all = new IdentityHashMap<>();

  private boolean draining;

  ConnectionWatch(TimeLimits limits) {
    firstHeadNanos = limits.head().toNanos();
    restNanos = limits.rest().toNanos();
  }

  void opened(HttpConnection connection, long now) {
    Watched watched = new Watched();
    watched.idleSince = now;
    watched.late = draining;
    all.put(connection, watched);
    connection.closeHandler(_ -> all.remove(connection));
  }

  /** A request head has arrived. */
  void busy(HttpConnection connection) {
    Watched watched = all.get(connection);
    if (watched != null) {
      watched.everUsed = true;
      watched.busy++;
    }
  }

  /** Nothing that comes on this connection from now on is a request. */
  void part(HttpConnection connection) {
    Watched watched = all.get(connection);
    if (watched != null) {
      watched.parting = true;
    }
  }

  /** What is opened from now on comes too late. */
  void drain() {
    draining = true;
  }

  /** Whether it was opened while the gateway was stopping. */
  boolean late(HttpConnection connection) {
    Watched watched = all.get(connection);
    return watched != null && watched.late;
  }

  boolean parting(HttpConnection connection) {
    Watched watched = all.get(connection);
    return watched != null && watched.parting;
  }

  /** A request is over. */
  void rested(@Nullable HttpConnection connection, long now) {
    Watched watched = all.get(connection);
    if (watched != null) {
      watched.busy--;
      watched.idleSince = now;
    }
  }

  void tick(long now) {
    List<HttpConnection> expired = null;
    for (Map.Entry<HttpConnection, Watched> entry : all.entrySet()) {
      Watched watched = entry.getValue();
      long most = watched.everUsed ? restNanos : firstHeadNanos;
      if (watched.busy == 0 && now - watched.idleSince > most) {
        expired = expired == null ? new ArrayList<>() : expired;
        expired.add(entry.getKey());
      }
    }
    if (expired != null) {
      expired.forEach(HttpConnection::close);
    }
  }
}
