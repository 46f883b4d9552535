package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.port.ExchangeObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long models take to their first byte, as a moving average per provider and model, so that of
 * two equal targets the faster can be preferred. Thread-safe, bounded.
 */
public final class Latencies implements ExchangeObserver {
  /** Most models remembered; of further ones nothing is known. */
  static final int MOST = 2_000;

  /** What was measured longer ago says nothing, so that the slower one gets another chance. */
  static final long FRESH_MILLIS = 5 * 60_000L;

  /** Of two targets the second is preferred when it is faster by more than this. */
  static final double CLEARLY = 0.8;

  private static final double NEWEST = 0.2;

  private record Place(String provider, String model) {}

  private record Seen(double micros, long atMillis) {}

  /** An average in force now. */
  public record Average(String provider, String model, long firstByteMicros) {}

  private final ConcurrentHashMap<Place, Seen> seen = new ConcurrentHashMap<>();
  private final LongSupplier clockMillis;

  public Latencies(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  @Override
  public void closed(Receipt receipt) {
    for (Receipt.Attempt attempt : receipt.attempts()) {
      if (attempt.failure() == null && attempt.firstByteMicros() >= 0) {
        note(attempt.provider(), attempt.model(), attempt.firstByteMicros());
      }
    }
  }

  void note(String provider, String model, long micros) {
    long now = clockMillis.getAsLong();
    Place place = new Place(provider, model);
    if (seen.size() >= MOST && !seen.containsKey(place)) {
      seen.values().removeIf(old -> now - old.atMillis() > FRESH_MILLIS);
      if (seen.size() >= MOST) {
        return;
      }
    }
    seen.merge(
        place,
        new Seen(micros, now),
        (old, fresh) ->
            now - old.atMillis() > FRESH_MILLIS
                ? fresh
                : new Seen(old.micros() + NEWEST * (micros - old.micros()), now));
  }

  /** Whether {@code other} is known to be clearly faster than {@code one}. */
  boolean isFaster(ModelRef other, ModelRef one) {
    if (seen.isEmpty()) {
      return false;
    }
    Seen a = fresh(one);
    Seen b = fresh(other);
    return a != null && b != null && b.micros() < a.micros() * CLEARLY;
  }

  private @Nullable Seen fresh(ModelRef ref) {
    Seen known = seen.get(new Place(ref.provider(), ref.model()));
    return known == null || clockMillis.getAsLong() - known.atMillis() > FRESH_MILLIS
        ? null
        : known;
  }

  /** All averages that count now. */
  public List<Average> all() {
    long now = clockMillis.getAsLong();
    List<Average> all = new ArrayList<>();
    seen.forEach((place, known) -> {
      if (now - known.atMillis() <= FRESH_MILLIS) {
        all.add(new Average(place.provider(), place.model(), (long) known.micros()));
      }
    });
    return all;
  }
}
