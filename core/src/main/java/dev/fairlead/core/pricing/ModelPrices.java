package dev.fairlead.core.pricing;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one model at one provider.
 *
 * @param id the provider's first name for it
 * @param contextWindow tokens of prompt and reply together, or null
 * @param maxOutput most tokens of a reply, or null
 * @param always the price that holds when no other does
 * @param changes prices that hold under a condition; the last whose condition holds counts
 */
public record ModelPrices(
    String id,
    @Nullable Long contextWindow,
    @Nullable Long maxOutput,
    Price always,
    List<Change> changes) {
  public ModelPrices {
    changes = List.copyOf(changes);
  }

  /** A price and when it holds. */
  public record Change(Condition condition, Price price) {}

  /** When a price holds. */
  public sealed interface Condition {
    boolean holds(Instant at);

    /** From a moment on. */
    record From(Instant start) implements Condition {
      @Override
      public boolean holds(Instant at) {
        return !at.isBefore(start);
      }
    }

    /**
     * Every day from {@code start} (inclusive) to {@code end} (exclusive), UTC; over midnight when
     * start is later.
     */
    record Daily(LocalTime start, LocalTime end) implements Condition {
      @Override
      public boolean holds(Instant at) {
        LocalTime time = at.atOffset(ZoneOffset.UTC).toLocalTime();
        boolean begun = !time.isBefore(start);
        boolean open = time.isBefore(end);
        return start.isBefore(end) ? begun && open : begun || open;
      }
    }
  }

  /** The price of a request that started {@code at}. */
  public Price at(Instant at) {
    Price price = always;
    for (Change change : changes) {
      if (change.condition().holds(at)) {
        price = change.price();
      }
    }
    return price;
  }
}
