package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which model each session last asked for by a name that leads somewhere, so that the calls a
 * client makes on its own, by names nobody here serves, can go there too. Thread-safe.
 */
public final class SessionModels {
  /** How long a session is remembered after its last such request. */
  public static final Duration KEPT = Duration.ofHours(12);

  /** Most sessions remembered; beyond that the one that was silent longest goes. */
  public static final int MOST = 10_000;

  private record Session(String principal, String session) {}

  private record Used(ModelRef model, long untilMillis) {}

  private final LongSupplier clockMillis;
  private final Map<Session, Used> sessions = new LinkedHashMap<>();

  public SessionModels(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** {@code principal} used {@code model} on purpose. */
  void used(String principal, String session, ModelRef model) {
    Session key = new Session(principal, session);
    synchronized (sessions) {
      sessions.remove(key);
      sessions.put(key, new Used(model, clockMillis.getAsLong() + KEPT.toMillis()));
      if (sessions.size() > MOST) {
        Iterator<Session> oldest = sessions.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
  }

  /** What {@code principal} last used in {@code session}, or null. */
  @Nullable ModelRef of(String principal, String session) {
    synchronized (sessions) {
      Used used = sessions.get(new Session(principal, session));
      return used == null || used.untilMillis() <= clockMillis.getAsLong() ? null : used.model();
    }
  }
}
