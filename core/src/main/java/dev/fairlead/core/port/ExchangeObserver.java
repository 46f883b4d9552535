package dev.fairlead.core.port;

import dev.fairlead.core.exchange.Receipt;

/**
 * Told of requests. Called on event loops: implementations hand the work on, bound what they keep,
 * and count what they shed. They never throw.
 */
public interface ExchangeObserver {
  /** A request has been identified and its provider calls begin. */
  void opened(String id);

  /** A request is over. Called exactly once for every request that reached the gate. */
  void closed(Receipt receipt);
}
