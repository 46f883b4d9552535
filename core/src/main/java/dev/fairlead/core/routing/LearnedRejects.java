package dev.fairlead.core.routing;

import dev.fairlead.core.model.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What deployments have refused by name, so that requests go there without it for an hour. Shared
 * by all event loops; bounded.
 */
public final class LearnedRejects {
  /** How long a reject is believed. */
  public static final Duration MUTED = Duration.ofHours(1);

  /** Most deployments remembered. */
  public static final int MOST_DEPLOYMENTS = 1_000;

  /** Most rejects remembered of one deployment. */
  public static final int MOST_EACH = 32;

  /**
   * What a reject speaks of. The operation counts: what an endpoint does not know, its neighbour
   * may.
   *
   * @param base scheme, host, port and path of the provider's address
   * @param model the provider's own name of the model
   */
  public record Deployment(String provider, String base, String model, Operation operation) {
    @Override
    public String toString() {
      return provider + "/" + model + " (" + operation.label() + ")";
    }
  }

  /**
   * A reject in force.
   *
   * @param untilMillis epoch milliseconds from which it is tried again
   * @param requests how many requests have gone without it so far
   */
  public record Muted(Deployment deployment, Reject reject, long untilMillis, long requests) {}

  private record Entry(long untilMillis, LongAdder requests) {}

  private final ConcurrentHashMap<Deployment, Map<Reject, Entry>> known = new ConcurrentHashMap<>();
  private final LongAdder learned = new LongAdder();
  private final LongSupplier clockMillis;
  private final BiConsumer<Deployment, Reject> listener;

  /**
   * Creates an empty memory.
   *
   * @param clockMillis epoch milliseconds
   * @param listener told of everything learned anew, for the log
   */
  public LearnedRejects(LongSupplier clockMillis, BiConsumer<Deployment, Reject> listener) {
    this.clockMillis = clockMillis;
    this.listener = listener;
  }

  /**
   * Mutes {@code reject} at {@code deployment} from now on; one already muted keeps its end.
   *
   * @return whether it is muted now; false when there is no room for more
   */
  public boolean learn(Deployment deployment, Reject reject) {
    long now = clockMillis.getAsLong();
    if (isKnown(deployment, reject)) {
      return true;
    }
    if (!known.containsKey(deployment) && known.size() >= MOST_DEPLOYMENTS) {
      known.values().removeIf(entries -> live(entries, now).isEmpty());
      if (known.size() >= MOST_DEPLOYMENTS) {
        return false;
      }
    }
    Entry fresh = new Entry(now + MUTED.toMillis(), new LongAdder());
    Map<Reject, Entry> after =
        known.compute(
            deployment,
            (_, before) -> {
              Map<Reject, Entry> entries =
                  before == null ? new HashMap<>() : new HashMap<>(live(before, now));
              if (entries.size() < MOST_EACH) {
                entries.putIfAbsent(reject, fresh);
              }
              return Map.copyOf(entries);
            });
    Entry kept = after.get(reject);
    if (fresh.equals(kept)) {
      learned.increment();
      listener.accept(deployment, reject);
    }
    return kept != null;
  }

  private static Map<Reject, Entry> live(Map<Reject, Entry> entries, long now) {
    Map<Reject, Entry> live = new HashMap<>();
    entries.forEach((reject, entry) -> {
      if (entry.untilMillis() > now) {
        live.put(reject, entry);
      }
    });
    return live;
  }

  private boolean isKnown(Deployment deployment, Reject reject) {
    return of(deployment).contains(reject);
  }

  /** Whether nothing is remembered, as on most days. */
  public boolean isEmpty() {
    return known.isEmpty();
  }

  /** What requests to {@code deployment} go without now. */
  public Set<Reject> of(Deployment deployment) {
    if (known.isEmpty()) {
      return Set.of();
    }
    Map<Reject, Entry> entries = known.get(deployment);
    if (entries == null) {
      return Set.of();
    }
    long now = clockMillis.getAsLong();
    Set<Reject> muted = new HashSet<>();
    entries.forEach((reject, entry) -> {
      if (entry.untilMillis() > now) {
        muted.add(reject);
      }
    });
    return muted;
  }

  /** A request goes to {@code deployment} without {@code rejects}. */
  public void spared(Deployment deployment, Set<Reject> rejects) {
    Map<Reject, Entry> entries = rejects.isEmpty() ? null : known.get(deployment);
    if (entries != null) {
      for (Reject reject : rejects) {
        Entry entry = entries.get(reject);
        if (entry != null) {
          entry.requests().increment();
        }
      }
    }
  }

  /** All that is muted now, by deployment, soonest to end first. */
  public List<Muted> all() {
    long now = clockMillis.getAsLong();
    List<Muted> all = new ArrayList<>();
    known.forEach((deployment, entries) -> {
      entries.forEach((reject, entry) -> {
        if (entry.untilMillis() > now) {
          all.add(new Muted(deployment, reject, entry.untilMillis(), entry.requests().sum()));
        }
      });
    });
    all.sort(
        Comparator.comparing((Muted muted) -> muted.deployment().toString())
            .thenComparingLong(Muted::untilMillis)
            .thenComparing(muted -> muted.reject().label()));
    return all;
  }

  /** How often something was learned since the start. */
  public long learned() {
    return learned.sum();
  }
}
