package dev.fairlead.wire;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one host, the one used last used first, and the calls that wait for one. Confined
 * to its event loop.
 */
final class Http1Pool {
  private final Http1Client client;
  private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Http1Transfer> waiting = new ArrayDeque<>(0);

  /** Opened or being opened, and not closed yet. */
  private int open;

  Http1Pool(Http1Client client) {
    this.client = client;
  }

  Http1Client client() {
    return client;
  }

  /** Finds a connection for {@code transfer}, which learns of it, or of why there is none. */
  void acquire(Http1Transfer transfer) {
    long now = client.nanos();
    for (Http1Connection rested = idle.pollLast(); rested != null; rested = idle.pollLast()) {
      if (rested.isUsable(now)) {
        transfer.over(rested, true);
        return;
      }
      rested.close();
    }
    acquireFresh(transfer);
  }

  /** As {@link #acquire}, but over a connection nothing was sent on. */
  void acquireFresh(Http1Transfer transfer) {
    if (open >= client.settings().maxConnections()) {
      closeOldest();
    }
    if (open < client.settings().maxConnections()) {
      open(transfer);
    } else if (waiting.size() < ConnectionSettings.MOST_WAITING) {
      transfer.waitUntil(client.nanos() + client.settings().connectNanos());
      waiting.addLast(transfer);
    } else {
      transfer.unreached(
          new ConnectionPoolTooBusyException(
              ConnectionSettings.MOST_WAITING + " calls wait for a connection already"));
    }
  }

  private void closeOldest() {
    for (Http1Connection oldest = idle.pollFirst(); oldest != null; oldest = idle.pollFirst()) {
      if (oldest.isUsable(client.nanos())) {
        oldest.close();
        return;
      }
    }
  }

  private void open(Http1Transfer first) {
    open++;
    client.connections().opened();
    new Http1Connection(this, client.nanos()).open(first);
  }

  /** Takes back a connection whose transfer is over; it may carry another. */
  void release(Http1Connection connection) {
    if (!connection.isUsable(client.nanos()) || client.retired()) {
      connection.close();
      return;
    }
    Http1Transfer next = nextWaiting();
    if (next != null) {
      next.over(connection, true);
    } else {
      idle.addLast(connection);
    }
  }

  /** A connection is closed, whoever closed it. Among the idle it is found when its turn comes. */
  void closed() {
    open--;
    client.connections().closed();
    if (open < client.settings().maxConnections()) {
      Http1Transfer next = nextWaiting();
      if (next != null) {
        open(next);
      }
    }
  }

  private @Nullable Http1Transfer nextWaiting() {
    Http1Transfer next = waiting.pollFirst();
    while (next != null && next.isDone()) {
      next = waiting.pollFirst();
    }
    return next;
  }

  void tick(long now) {
    while (!idle.isEmpty() && !idle.peekFirst().isUsable(now)) {
      idle.pollFirst().close();
    }
    List<Http1Transfer> late = new ArrayList<>(0);
    waiting.removeIf(transfer -> {
      if (transfer.isDone()) {
        return true;
      }
      boolean expired = transfer.waitsUntil() - now <= 0;
      if (expired) {
        late.add(transfer);
      }
      return expired;
    });
    for (Http1Transfer transfer : late) {
      transfer.unreached(
          new TimeoutException("all connections to the provider were busy for too long"));
    }
  }

  void closeIdle() {
    for (Http1Connection rested = idle.pollLast(); rested != null; rested = idle.pollLast()) {
      rested.close();
    }
  }

  /** Whether nothing would be lost if it were forgotten. */
  boolean isEmpty() {
    return open == 0 && waiting.isEmpty();
  }
}
