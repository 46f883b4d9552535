package dev.fairlead.core.routing;

import dev.fairlead.core.model.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is being avoided for a while, and why. Cooled targets are tried last rather than not at all,
 * so that a gateway whose every key is cooling still answers as soon as one recovers. Shared by all
 * event loops; bounded.
 */
public final class Health {
  private static final int MOST_ENTRIES = 10_000;

  /** How long what was avoided counts as unproven when nobody tries it. */
  private static final long UNPROVEN_MILLIS = Duration.ofMinutes(10).toMillis();

  /** Something that can be avoided. */
  public sealed interface Subject {
    /** A provider as a whole. */
    record Provider(String provider) implements Subject {}

    /** One key of a provider. */
    record Key(String provider, String keyId) implements Subject {}

    /**
     * One key of a provider for one model, asked for in one way: a provider that does not count
     * tokens, or not for now, may well answer.
     */
    record KeyModel(String provider, String keyId, String model, Operation operation)
        implements Subject {}
  }

  /**
   * A subject being avoided.
   *
   * @param untilMillis epoch milliseconds from which it is used again
   * @param setMillis epoch milliseconds of the last failure that spoke against it
   */
  public record Cooldown(Subject subject, String reason, long untilMillis, long setMillis) {}

  private final ConcurrentHashMap<Subject, Cooldown> cooling = new ConcurrentHashMap<>();
  private final LongSupplier clockMillis;
  private final BiConsumer<Subject, String> listener;

  /**
   * Creates an empty memory.
   *
   * @param clockMillis epoch milliseconds
   * @param listener told of every new cooldown: subject and a sentence for the log
   */
  public Health(LongSupplier clockMillis, BiConsumer<Subject, String> listener) {
    this.clockMillis = clockMillis;
    this.listener = listener;
  }

  /** Avoids {@code subject} from now on for {@code length}; a later end already set stays. */
  public void cool(Subject subject, Duration length, String reason) {
    if (length.isZero() || length.isNegative()) {
      return;
    }
    long now = clockMillis.getAsLong();
    long until = now + length.toMillis();
    if (cooling.size() >= MOST_ENTRIES) {
      cooling.values().removeIf(entry -> entry.untilMillis() <= now);
      if (cooling.size() >= MOST_ENTRIES) {
        return;
      }
    }
    Cooldown before = cooling.get(subject);
    cooling.merge(
        subject,
        new Cooldown(subject, reason, until, now),
        (old, fresh) ->
            old.untilMillis() >= fresh.untilMillis()
                ? new Cooldown(subject, old.reason(), old.untilMillis(), now)
                : fresh);
    if (before == null || before.untilMillis() <= now) {
      listener.accept(subject, reason + "; avoided for " + length.toMillis() + " ms");
    }
  }

  /**
   * An attempt that began at {@code begunMillis} (epoch milliseconds) succeeded, which speaks for
   * {@code subject} at once. It says nothing about a failure since: a long stream outlives the
   * moment its key ran into a limit.
   */
  public void recovered(Subject subject, long begunMillis) {
    if (!cooling.isEmpty()) {
      cooling.computeIfPresent(
          subject, (_, entry) -> entry.setMillis() <= begunMillis ? null : entry);
    }
  }

  /** Why this target is being avoided, or null. */
  public @Nullable Cooldown coolingOf(
      String provider, @Nullable String keyId, String model, Operation operation) {
    if (cooling.isEmpty()) {
      return null;
    }
    Cooldown found = coolingOf(provider, keyId);
    return found != null || keyId == null
        ? found
        : current(new Subject.KeyModel(provider, keyId, model, operation));
  }

  /** Why this provider or this key of it is being avoided whatever is asked, or null. */
  public @Nullable Cooldown coolingOf(String provider, @Nullable String keyId) {
    if (cooling.isEmpty()) {
      return null;
    }
    Cooldown found = current(new Subject.Provider(provider));
    return found != null || keyId == null ? found : current(new Subject.Key(provider, keyId));
  }

  private @Nullable Cooldown current(Subject subject) {
    Cooldown entry = cooling.get(subject);
    if (entry == null) {
      return null;
    }
    // One whose time is over stays until a success speaks for it: it is tried again, and whoever
    // asks is told that nothing is proven yet.
    return entry.untilMillis() <= clockMillis.getAsLong() ? null : entry;
  }

  /** How things stand with a subject, as a circuit breaker would say it. */
  public enum State {
    /** Used as ever. */
    CLOSED,
    /** Avoided. */
    OPEN,
    /** No longer avoided, but nothing has succeeded since. */
    HALF_OPEN
  }

  /** How things stand with {@code subject}. */
  public State stateOf(Subject subject) {
    Cooldown entry = cooling.get(subject);
    long now = clockMillis.getAsLong();
    if (entry == null || now - entry.untilMillis() > UNPROVEN_MILLIS) {
      return State.CLOSED;
    }
    return entry.untilMillis() > now ? State.OPEN : State.HALF_OPEN;
  }

  /** All that was avoided until lately and has not succeeded since, the latest to end first. */
  public List<Cooldown> halfOpen() {
    long now = clockMillis.getAsLong();
    cooling.values().removeIf(entry -> now - entry.untilMillis() > UNPROVEN_MILLIS);
    List<Cooldown> list = new ArrayList<>();
    for (Cooldown entry : cooling.values()) {
      if (entry.untilMillis() <= now) {
        list.add(entry);
      }
    }
    list.sort(Comparator.comparingLong(Cooldown::untilMillis).reversed());
    return list;
  }

  /** All that is avoided now, soonest to end first. */
  public List<Cooldown> all() {
    long now = clockMillis.getAsLong();
    List<Cooldown> list = new ArrayList<>();
    for (Cooldown entry : cooling.values()) {
      if (entry.untilMillis() > now) {
        list.add(entry);
      }
    }
    list.sort(Comparator.comparingLong(Cooldown::untilMillis));
    return list;
  }
}
