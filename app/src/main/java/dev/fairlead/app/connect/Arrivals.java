package dev.fairlead.app.connect;

import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.ExchangeObserver;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the newest of what each kind of client has got done here, for everybody and for each
 * team and user apart. Receipts come on the pump's thread. An event loop pays one comparison a
 * request while nobody looks; while somebody does, bodies that may bring tools' results are held
 * until their receipt comes.
 */
public final class Arrivals implements ExchangeObserver, ReceiptPump.Sink {
  /** Whose arrivals: everybody's, or those of one team or user. */
  record Whose(Kind kind, String team, String user) {
    static Whose everybody(Kind kind) {
      return new Whose(kind, "", "");
    }
  }

  static final int MOST_REMEMBERED = 4_000;
  static final int MOST_HELD = 64;
  static final long MOST_HELD_BYTES = 16L << 20;
  private static final int LARGEST = 4 << 20;
  private static final long LOOKED_AT_MILLIS = Duration.ofSeconds(20).toMillis();

  private final InstantSource clock;
  private final Object lock = new Object();
  private final LinkedHashMap<Whose, Seen> seen = new LinkedHashMap<>(64, 0.75f, true);
  private final LinkedHashMap<String, Bytes> held = new LinkedHashMap<>();
  private long heldBytes;
  private volatile long lookedAtUntil;

  public Arrivals(InstantSource clock) {
    this.clock = clock;
  }

  /** Says that somebody looks, so that turns with tools are noticed for a while. */
  void lookedAt() {
    lookedAtUntil = clock.millis() + LOOKED_AT_MILLIS;
  }

  /** The newest of what has arrived. */
  Seen seen(Whose whose) {
    synchronized (lock) {
      return seen.getOrDefault(whose, Seen.NOTHING);
    }
  }

  @Override
  public void preflight(String path, Headers headers) {
    Step step = Step.preflight(clock.millis());
    Whose everybody = Whose.everybody(Kind.ofPreflight(path, headers));
    synchronized (lock) {
      seen.put(everybody, seen.getOrDefault(everybody, Seen.NOTHING).withPreflight(step));
    }
  }

  @Override
  public @Nullable ReplyTap opened(Opening opening) {
    if (opening.request().receivedMillis() < lookedAtUntil
        && opening.request().facts().hasTools()
        && opening.body().length() <= LARGEST) {
      hold(opening.request().id(), opening.body());
    }
    return null;
  }

  private void hold(String id, Bytes body) {
    synchronized (lock) {
      held.put(id, body);
      heldBytes += body.length();
      var oldest = held.values().iterator();
      while (held.size() > MOST_HELD || heldBytes > MOST_HELD_BYTES) {
        heldBytes -= oldest.next().length();
        oldest.remove();
      }
    }
  }

  /** Not here: the pump hands receipts over in batches, see {@link #take}. */
  @Override
  public void closed(Receipt receipt) {}

  @Override
  public void take(List<Receipt> batch) {
    for (Receipt receipt : batch) {
      take(receipt);
    }
    if (lookedAtUntil < clock.millis()) {
      synchronized (lock) {
        held.clear();
        heldBytes = 0;
      }
    }
  }

  private void take(Receipt receipt) {
    boolean whole =
        receipt.outcome() == Receipt.Outcome.COMPLETED
            && receipt.status() >= 200
            && receipt.status() < 300;
    Bytes body = heldOf(receipt.id());
    boolean tool = whole && body != null && ToolResults.in(body);
    Kind kind = Kind.of(receipt.caller());
    Step step = Step.of(receipt);
    Attribution who = receipt.attribution();
    synchronized (lock) {
      note(Whose.everybody(kind), receipt, step, whole, tool);
      if (who.team() != null) {
        note(new Whose(kind, who.team().id(), ""), receipt, step, whole, tool);
      }
      if (who.user() != null) {
        note(new Whose(kind, "", who.user().id()), receipt, step, whole, tool);
      }
      forget();
    }
  }

  private void note(Whose whose, Receipt receipt, Step step, boolean whole, boolean tool) {
    Seen before = seen.getOrDefault(whose, Seen.NOTHING);
    Seen after = before;
    if (isRefusedKey(receipt)) {
      after = before.withRefused(step);
    } else if (receipt.operation() == null) {
      // Lists of models have no operation; nor have paths nobody serves, which say nothing.
      after = whole ? before.withModels(step) : before;
    } else if (whole) {
      after = before.withSuccess(step, tool);
    } else if (receipt.outcome() == Receipt.Outcome.CANCELLED) {
      // Clients break off what they no longer want; that is no fault of anybody.
      after = before.withRequest(step);
    } else {
      after = before.withFailure(step);
    }
    seen.put(whose, after);
  }

  /** Whether it was turned away for its key, before anybody knew whose it was. */
  private static boolean isRefusedKey(Receipt receipt) {
    return receipt.outcome() == Receipt.Outcome.REFUSED
        && (receipt.status() == 401 || receipt.status() == 403)
        && receipt.principal().equals("unknown");
  }

  private @Nullable Bytes heldOf(String id) {
    synchronized (lock) {
      Bytes body = held.remove(id);
      if (body != null) {
        heldBytes -= body.length();
      }
      return body;
    }
  }

  /** What has not been heard of for longest goes first; the four of everybody stay. */
  private void forget() {
    if (seen.size() <= MOST_REMEMBERED) {
      return;
    }
    var oldest = seen.keySet().iterator();
    while (seen.size() > MOST_REMEMBERED && oldest.hasNext()) {
      Whose whose = oldest.next();
      if (!whose.team().isEmpty() || !whose.user().isEmpty()) {
        oldest.remove();
      }
    }
  }

  /** Entries kept: those of whom something is known, and bodies held. */
  Map.Entry<Integer, Integer> sizes() {
    synchronized (lock) {
      return Map.entry(seen.size(), held.size());
    }
  }
}
