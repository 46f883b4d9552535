package dev.fairlead.codec.translate;

import dev.fairlead.core.prompt.Part;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What vendors sealed beside the calls of their replies, for clients that bring calls back without
 * what we wrote beside them. Found again by who asks and by the id of the call. Bounded in bytes,
 * calls and time; the call that was not asked for longest goes first. Thread-safe.
 */
public final class KeptThoughts {
  /** Most bytes kept, as {@link Thought#bytes} counts them. */
  public static final long MOST_BYTES = 16L * 1024 * 1024;

  /** Most bytes kept of one call; a call with more is kept without. */
  public static final int MOST_OF_A_CALL = 512 * 1024;

  /** Most calls remembered, those without thoughts included. */
  public static final int MOST_CALLS = 50_000;

  /** How long a call is remembered after it was made or brought back. */
  public static final Duration KEPT = Duration.ofHours(12);

  /** What an entry takes beside its texts, about. */
  private static final int OVERHEAD = 256;

  /**
   * What belongs to a call.
   *
   * @param name of the tool called
   * @param before thinking between the call and what came before it, each with its seal
   * @param sealed the seal over the call itself, or null
   */
  public record Thought(String name, List<Part.Thinking> before, Part.@Nullable Sealed sealed) {
    public Thought {
      before = List.copyOf(before);
    }

    /** What belongs to a call that has no seal of its own. */
    public static Thought of(String name, List<Part.Thinking> before) {
      return new Thought(name, before, null);
    }

    long bytes() {
      long bytes = OVERHEAD + name.length() + bytes(sealed);
      for (Part.Thinking thinking : before) {
        bytes += 2L * thinking.text().length() + bytes(thinking.sealed());
      }
      return bytes;
    }

    private static long bytes(Part.@Nullable Sealed sealed) {
      return sealed == null ? 0 : 2L * sealed.payload().length();
    }
  }

  /** What one client may find: its own calls only. */
  public interface Own {
    /** Remembers a call, also one without thoughts. */
    void keep(String callId, Thought thought);

    /** What belongs to that call, or null when nobody remembers it. */
    @Nullable Thought find(String callId);
  }

  private record Key(String principal, String callId) {}

  private record Entry(Thought thought, long bytes, long untilMillis) {}

  private final LongSupplier clockMillis;
  private final Map<Key, Entry> calls = new LinkedHashMap<>();
  private long bytes;

  public KeptThoughts(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** What {@code principal} may keep and find. */
  public Own of(String principal) {
    return new Own() {
      @Override
      public void keep(String callId, Thought thought) {
        KeptThoughts.this.keep(new Key(principal, callId), thought);
      }

      @Override
      public @Nullable Thought find(String callId) {
        return KeptThoughts.this.find(new Key(principal, callId));
      }
    };
  }

  /** Bytes kept now. */
  public long bytes() {
    synchronized (calls) {
      return bytes;
    }
  }

  /** Calls remembered now. */
  public int calls() {
    synchronized (calls) {
      return calls.size();
    }
  }

  private void keep(Key key, Thought thought) {
    Thought kept =
        thought.bytes() > MOST_OF_A_CALL ? Thought.of(thought.name(), List.of()) : thought;
    long now = clockMillis.getAsLong();
    synchronized (calls) {
      put(key, new Entry(kept, kept.bytes() + key.callId().length(), now + KEPT.toMillis()));
      Iterator<Entry> oldest = calls.values().iterator();
      while (oldest.hasNext()) {
        Entry entry = oldest.next();
        if (bytes <= MOST_BYTES && calls.size() <= MOST_CALLS && entry.untilMillis() > now) {
          return;
        }
        bytes -= entry.bytes();
        oldest.remove();
      }
    }
  }

  private @Nullable Thought find(Key key) {
    long now = clockMillis.getAsLong();
    synchronized (calls) {
      Entry entry = calls.get(key);
      if (entry == null || entry.untilMillis() <= now) {
        return null;
      }
      put(key, new Entry(entry.thought(), entry.bytes(), now + KEPT.toMillis()));
      return entry.thought();
    }
  }

  private void put(Key key, Entry entry) {
    Entry before = calls.remove(key);
    bytes += entry.bytes() - (before == null ? 0 : before.bytes());
    calls.put(key, entry);
  }
}
