package dev.fairlead.core.models;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * With how much context each session's local model was asked for last. A server loads a model anew
 * when that changes, so it grows in steps and does not shrink within a session. Thread-safe.
 */
public final class ContextSizes {
  /** The smallest size, in tokens; each further step is twice the one before. */
  public static final long LEAST = 8_192;

  /** How long a session is remembered after its last request. */
  public static final Duration KEPT = Duration.ofHours(12);

  /** Most sessions remembered; beyond that the one that was silent longest goes. */
  public static final int MOST = 10_000;

  private record Place(String provider, String model, String session) {}

  private record Used(long tokens, long untilMillis) {}

  private final LongSupplier clockMillis;
  private final Map<Place, Used> sessions = new LinkedHashMap<>();

  public ContextSizes(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /**
   * The size for a request that needs {@code need} tokens: a step that holds them, at least {@code
   * least} and what the session had before, at most {@code most}. Requests without a session count
   * as one.
   */
  public long settle(
      String provider, String model, @Nullable String session, long need, long least, long most) {
    long step = LEAST;
    while (step < need && step < most) {
      step *= 2;
    }
    Place place = new Place(provider, model, session == null ? "" : session);
    long now = clockMillis.getAsLong();
    synchronized (sessions) {
      Used before = sessions.remove(place);
      long known = before == null || before.untilMillis() <= now ? 0 : before.tokens();
      long size = Math.min(Math.max(Math.max(step, least), known), most);
      sessions.put(place, new Used(size, now + KEPT.toMillis()));
      if (sessions.size() > MOST) {
        Iterator<Place> oldest = sessions.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
      return size;
    }
  }
}
