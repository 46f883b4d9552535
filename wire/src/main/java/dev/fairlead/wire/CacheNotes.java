package dev.fairlead.wire;

import dev.fairlead.core.exchange.ExchangeRequest;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.models.CacheWatch;
import org.jspecify.annotations.Nullable;

/** Writes into receipts what made a request miss its provider's prompt cache. */
final class CacheNotes {
  /** Prompts above this are looked at off the event loop. */
  private static final int LOOK_ON_LOOP = 32 * 1024;

  /** Prompts above this are not looked at. */
  private static final int MOST_LOOKED_AT = 4 * 1024 * 1024;

  private CacheNotes() {}

  /** Hands the receipt of a request on, at once or as soon as its prompt has been looked at. */
  static void close(Gateway gateway, ExchangeRequest request, Receipt receipt) {
    CacheWatch.Place place = place(request, receipt);
    if (place == null
        || receipt.requestBytes() > MOST_LOOKED_AT
        || !gateway.caches().wants(place, receipt.usage())) {
      gateway.closed(receipt);
    } else if (receipt.requestBytes() <= LOOK_ON_LOOP) {
      gateway.closed(noted(gateway, request, place, receipt));
    } else {
      gateway.work().execute(() -> gateway.closed(noted(gateway, request, place, receipt)));
    }
  }

  private static CacheWatch.@Nullable Place place(ExchangeRequest request, Receipt receipt) {
    String session = receipt.session();
    if (session == null
        || receipt.outcome() != Receipt.Outcome.COMPLETED
        || receipt.attempts().isEmpty()) {
      return null;
    }
    Receipt.Attempt last = receipt.attempts().getLast();
    return new CacheWatch.Place(
        request.principal().id(),
        session,
        last.provider(),
        last.model(),
        receipt.caller().feature());
  }

  private static Receipt noted(
      Gateway gateway, ExchangeRequest request, CacheWatch.Place place, Receipt receipt) {
    String missed = gateway.caches().told(place, receipt.usage(), request.renderer()::print);
    return missed == null ? receipt : receipt.withCacheMiss(missed);
  }
}
