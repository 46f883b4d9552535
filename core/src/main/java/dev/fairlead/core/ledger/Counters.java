package dev.fairlead.core.ledger;

import dev.fairlead.core.governance.Schedule;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All counters by id. Those of budgets and limits are as many as the configuration asks for; those
 * of sessions are bounded, and the one longest unused makes room.
 */
final class Counters {
  /** Most sessions that have counters of their own. */
  static final int MOST_SESSIONS = 100_000;

  /** How many of the oldest are looked at for one that nobody holds. */
  private static final int LOOKED_AT = 16;

  private final ConcurrentHashMap<String, Counter> byId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Journal.Saved> saved = new ConcurrentHashMap<>();
  private final LinkedHashMap<String, Counter> sessions = new LinkedHashMap<>(16, 0.75f, true);
  private final AtomicLong orders = new AtomicLong();
  private final int mostSessions;
  private final @Nullable Leases leases;
  private long evicted;

  Counters(List<Journal.Saved> known, int mostSessions, @Nullable Leases leases) {
    this.leases = leases;
    this.mostSessions = mostSessions;
    known.forEach(one -> saved.put(one.id(), one));
  }

  /** The counter of {@code id} under the schedule of configuration {@code version}. */
  Counter of(String id, Unit unit, @Nullable Schedule schedule, long version, long now) {
    Counter counter = byId.get(id);
    while (counter == null || counter.retired) {
      counter = byId.compute(id, (_, old) -> old == null || old.retired ? make(id, unit) : old);
    }
    counter.adopt(schedule, version, now);
    return counter;
  }

  /** The counter of a session. */
  Counter session(String id, Unit unit, @Nullable Schedule schedule, long version, long now) {
    Counter counter;
    synchronized (sessions) {
      counter = sessions.get(id);
      if (counter == null || counter.retired) {
        counter = make(id, unit);
        sessions.put(id, counter);
        if (sessions.size() > mostSessions) {
          makeRoom();
        }
      }
    }
    counter.adopt(schedule, version, now);
    return counter;
  }

  /** Counters whose id begins with {@code prefix}, the longest unused first. */
  List<Counter> sessions(String prefix) {
    synchronized (sessions) {
      return sessions.values().stream()
          .filter(counter -> counter.id.startsWith(prefix) && !counter.retired)
          .toList();
    }
  }

  private void makeRoom() {
    Iterator<Counter> oldest = sessions.values().iterator();
    for (int i = 0; i < LOOKED_AT && oldest.hasNext(); i++) {
      Counter candidate = oldest.next();
      if (candidate.retireUnheld()) {
        oldest.remove();
        evicted++;
        return;
      }
    }
  }

  private Counter make(String id, Unit unit) {
    Counter fresh = new Counter(id, unit, orders.incrementAndGet(), leases);
    Journal.Saved before = saved.remove(id);
    if (before != null && before.unit() == unit) {
      fresh.restore(before);
    }
    return fresh;
  }

  /** Gives up what has nothing to remember; {@code keep} says which ids are still configured. */
  void sweep(long now) {
    byId.values().removeIf(counter -> counter.retireIdle(now));
    synchronized (sessions) {
      sessions.values().removeIf(counter -> counter.retireIdle(now));
    }
    saved.values().removeIf(one -> one.windowEnd() <= now);
  }

  /** The counter of {@code id} if there is one. */
  @Nullable Counter find(String id) {
    Counter counter = byId.get(id);
    if (counter == null) {
      synchronized (sessions) {
        counter = sessions.get(id);
      }
    }
    return counter;
  }

  /** Counters in memory, those of sessions included. */
  int size() {
    synchronized (sessions) {
      return byId.size() + sessions.size();
    }
  }

  /** Sessions that lost their counter to others. */
  long evicted() {
    synchronized (sessions) {
      return evicted;
    }
  }

  /** Every counter that is no session's. */
  Map<String, Counter> all() {
    return byId;
  }
}
