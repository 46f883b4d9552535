package dev.fairlead.core.routing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which tags the sessions require that a rule has sealed. A session once sealed stays sealed for
 * the life of the process: those remembered one by one are bounded, and of those that go a filter
 * keeps a trace that may hold others for sealed but never forgets one. Thread-safe.
 */
public final class SessionSeals {
  /** Most sessions remembered one by one. */
  public static final int MOST = 20_000;

  /** Most different sets of tags; rules of operators name few. */
  static final int MOST_SETS = 64;

  private static final int BITS = 1 << 20;
  private static final int MARKS = 3;

  private record Session(String principal, String session) {}

  private final int most;
  private final Map<Session, Set<String>> sealed = new LinkedHashMap<>(16, 0.75f, true);

  /** By tags, the sessions that are no longer remembered one by one. */
  private final Map<Set<String>, long[]> gone = new HashMap<>();

  private volatile boolean none = true;

  public SessionSeals() {
    this(MOST);
  }

  SessionSeals(int most) {
    this.most = most;
  }

  /** The tags this session requires; empty when it is not sealed. */
  public Set<String> of(String principal, String session) {
    if (none) {
      return Set.of();
    }
    Session asked = new Session(principal, session);
    synchronized (sealed) {
      Set<String> known = sealed.get(asked);
      Set<String> tags = known == null ? Set.of() : known;
      if (gone.isEmpty()) {
        return tags;
      }
      Set<String> all = new HashSet<>(tags);
      for (Map.Entry<Set<String>, long[]> entry : gone.entrySet()) {
        if (isMarked(entry.getValue(), asked)) {
          all.addAll(entry.getKey());
        }
      }
      return Set.copyOf(all);
    }
  }

  /** Seals a session with {@code tags}, in addition to those it has. */
  public void seal(String principal, String session, Set<String> tags) {
    Session key = new Session(principal, session);
    synchronized (sealed) {
      none = false;
      Set<String> before = sealed.get(key);
      if (before == null) {
        sealed.put(key, Set.copyOf(tags));
      } else if (!before.containsAll(tags)) {
        Set<String> both = new HashSet<>(before);
        both.addAll(tags);
        sealed.put(key, Set.copyOf(both));
      }
      if (sealed.size() > most) {
        Iterator<Map.Entry<Session, Set<String>>> oldest = sealed.entrySet().iterator();
        Map.Entry<Session, Set<String>> going = oldest.next();
        trace(going.getKey(), going.getValue());
        oldest.remove();
      }
    }
  }

  private void trace(Session session, Set<String> tags) {
    if (gone.size() < MOST_SETS || gone.containsKey(tags)) {
      mark(gone.computeIfAbsent(tags, _ -> new long[BITS / Long.SIZE]), session);
      return;
    }
    // More sets than anybody writes: one of them grows, and with it what its sessions require.
    Map.Entry<Set<String>, long[]> any = gone.entrySet().iterator().next();
    long[] bits = any.getValue();
    mark(bits, session);
    Set<String> wider = new HashSet<>(tags);
    wider.addAll(any.getKey());
    gone.remove(any.getKey());
    gone.merge(Set.copyOf(wider), bits, SessionSeals::both);
  }

  private static long[] both(long[] one, long[] other) {
    for (int i = 0; i < one.length; i++) {
      one[i] |= other[i];
    }
    return one;
  }

  private static void mark(long[] bits, Session session) {
    for (int i = 0; i < MARKS; i++) {
      int bit = bit(session, i);
      bits[bit / Long.SIZE] |= 1L << bit;
    }
  }

  private static boolean isMarked(long[] bits, Session session) {
    for (int i = 0; i < MARKS; i++) {
      int bit = bit(session, i);
      if ((bits[bit / Long.SIZE] & (1L << bit)) == 0) {
        return false;
      }
    }
    return true;
  }

  private static int bit(Session session, int turn) {
    long h = 0x9e3779b97f4a7c15L * (turn + 1);
    for (int i = 0; i < session.principal().length(); i++) {
      h = (h ^ session.principal().charAt(i)) * 0x100000001b3L;
    }
    h ^= h >>> 29;
    for (int i = 0; i < session.session().length(); i++) {
      h = (h ^ session.session().charAt(i)) * 0x100000001b3L;
    }
    h ^= h >>> 32;
    h *= 0xbf58476d1ce4e5b9L;
    h ^= h >>> 31;
    return (int) (h & (BITS - 1));
  }
}
