package dev.fairlead.core.models;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Windows that providers told of when they refused a prompt, each remembered for an hour: a server
 * may be started anew with another one. Thread-safe.
 */
public final class LearnedWindows {
  /** How long a window is believed. */
  public static final Duration KEPT = Duration.ofHours(1);

  /** Most windows remembered; beyond that the oldest goes. */
  public static final int MOST = 1_000;

  /** Less than this is no window but a number that means another thing. */
  private static final long LEAST = 256;

  private static final long MOST_TOKENS = 100_000_000;

  private record Place(String provider, String model) {}

  private record Told(long tokens, long untilMillis) {}

  private final LongSupplier clockMillis;
  private final Map<Place, Told> windows = new LinkedHashMap<>();

  public LearnedWindows(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** {@code provider} said that {@code model} holds {@code tokens}. */
  public void learn(String provider, String model, long tokens) {
    if (tokens < LEAST || tokens > MOST_TOKENS) {
      return;
    }
    Place place = new Place(provider, model);
    synchronized (windows) {
      windows.remove(place);
      windows.put(place, new Told(tokens, clockMillis.getAsLong() + KEPT.toMillis()));
      if (windows.size() > MOST) {
        Iterator<Place> oldest = windows.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
  }

  /** The window {@code provider} told of within the last hour, or null. */
  public @Nullable Long of(String provider, String model) {
    synchronized (windows) {
      if (windows.isEmpty()) {
        return null;
      }
      Place place = new Place(provider, model);
      Told told = windows.get(place);
      if (told == null) {
        return null;
      }
      if (told.untilMillis() <= clockMillis.getAsLong()) {
        windows.remove(place);
        return null;
      }
      return told.tokens();
    }
  }
}
