package dev.fairlead.core.models;

import dev.fairlead.core.model.Usage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of each conversation what its last prompts were made of, so that a request that reads
 * less from its provider's prompt cache than there was can be told what has changed first.
 * Thread-safe.
 */
public final class CacheWatch {
  /** How long a conversation is remembered after its last request. */
  public static final Duration KEPT = Duration.ofHours(2);

  /** Most prints remembered in all, counted in messages; those not asked for longest go first. */
  public static final int MOST_MESSAGES = 500_000;

  /** Most messages of one prompt that are told apart. */
  public static final int MOST_OF_A_PROMPT = 4_000;

  /** A client may take turns in several conversations under one session id. */
  private static final int MOST_OF_A_PLACE = 4;

  /** A read this much smaller than what there was counts as a miss. */
  private static final double SLACK = 0.9;

  /** What a prompt was made of, as hashes: equal ones are taken for equal texts. */
  public static final class Print {
    public static final Print EMPTY = new Print(0, 0, 0, new long[0]);

    private final long tools;
    private final long system;
    private final long settings;
    private final long[] messages;

    public Print(long tools, long system, long settings, long[] messages) {
      this.tools = tools;
      this.system = system;
      this.settings = settings;
      this.messages = messages.clone();
    }

    /** Hash of the system prompt. */
    public long system() {
      return system;
    }

    /** Hashes of the messages, in their order. */
    public long[] messages() {
      return messages.clone();
    }

    /** How much of {@code before} this begins with; only the order of the results counts. */
    private int shared(Print before) {
      if (tools != before.tools) {
        return 0;
      }
      if (system != before.system) {
        return 1;
      }
      return 2 + equalMessages(before);
    }

    private int equalMessages(Print before) {
      int most = Math.min(messages.length, before.messages.length);
      int equal = Arrays.mismatch(messages, 0, most, before.messages, 0, most);
      return equal < 0 ? most : equal;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Print that
          && tools == that.tools
          && system == that.system
          && settings == that.settings
          && Arrays.equals(messages, that.messages);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(messages);
    }

    @Override
    public String toString() {
      return "Print[" + messages.length + " messages]";
    }
  }

  /**
   * Whose cache it is.
   *
   * @param model as the provider calls it
   * @param feature which part of the client program asks, for each has prompts of its own
   */
  public record Place(
      String principal, String session, String provider, String model, String feature) {}

  private record Turn(Print print, long cached, long atMillis) {}

  private final LongSupplier clockMillis;
  private final Map<Place, Deque<Turn>> places = new LinkedHashMap<>();
  private long messages;

  public CacheWatch(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /**
   * Whether a request is worth a print: one that touched a cache, or one of a conversation that had
   * before.
   */
  public boolean wants(Place place, Usage usage) {
    if (usage.estimated()) {
      return false;
    }
    if (cached(usage) > 0) {
      return true;
    }
    synchronized (places) {
      return places.containsKey(place);
    }
  }

  private static long cached(Usage usage) {
    return usage.cacheRead() + usage.cacheWrite5m() + usage.cacheWrite1h();
  }

  /**
   * Takes a request that was answered.
   *
   * @return what has changed first since the request it goes on from, where it read less than there
   *     was: {@code tools}, {@code system}, {@code settings}, {@code message N} counted from 1, or
   *     {@code nothing} and the seconds since; null where nothing was missed
   */
  public @Nullable String told(Place place, Usage usage, Supplier<Print> prints) {
    Print print = prints.get();
    long now = clockMillis.getAsLong();
    synchronized (places) {
      Deque<Turn> turns = places.remove(place);
      if (turns == null) {
        turns = new ArrayDeque<>(MOST_OF_A_PLACE);
      }
      places.put(place, turns);
      turns.removeIf(turn -> {
        boolean old = now - turn.atMillis() > KEPT.toMillis();
        messages -= old ? weight(turn) : 0;
        return old;
      });
      Turn before = closest(turns, print);
      String changed =
          before == null || usage.cacheRead() >= before.cached() * SLACK
              ? null
              : changed(before, print, now);
      if (before != null && print.shared(before.print()) >= 2) {
        // The same conversation one turn on.
        turns.remove(before);
        messages -= weight(before);
      }
      Turn turn = new Turn(print, cached(usage), now);
      turns.addLast(turn);
      messages += weight(turn);
      if (turns.size() > MOST_OF_A_PLACE) {
        messages -= weight(turns.removeFirst());
      }
      forget();
      return changed;
    }
  }

  private static @Nullable Turn closest(Deque<Turn> turns, Print print) {
    Turn closest = null;
    int most = -1;
    for (Turn turn : turns) {
      int shared = print.shared(turn.print());
      if (shared >= most) {
        most = shared;
        closest = turn;
      }
    }
    return closest;
  }

  private static String changed(Turn turn, Print print, long now) {
    Print before = turn.print();
    if (print.tools != before.tools) {
      return "tools";
    }
    if (print.system != before.system) {
      return "system";
    }
    if (print.settings != before.settings) {
      return "settings";
    }
    int equal = print.equalMessages(before);
    return equal < before.messages.length
        ? "message " + (equal + 1)
        : "nothing, " + (now - turn.atMillis()) / 1_000 + " s later";
  }

  private static long weight(Turn turn) {
    return turn.print().messages.length + 16L;
  }

  private void forget() {
    Iterator<Deque<Turn>> oldest = places.values().iterator();
    while (messages > MOST_MESSAGES && oldest.hasNext()) {
      List<Turn> turns = new ArrayList<>(oldest.next());
      oldest.remove();
      turns.forEach(turn -> messages -= weight(turn));
    }
  }
}
