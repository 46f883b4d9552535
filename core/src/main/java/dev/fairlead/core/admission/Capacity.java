package dev.fairlead.core.admission;

import dev.fairlead.core.config.ProviderConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Places at providers: so many requests in progress at once, so many waiting, the rest shed. Shared
 * by all event loops.
 */
public final class Capacity {
  private final ConcurrentHashMap<String, Gate> gates = new ConcurrentHashMap<>();
  private final AtomicLong shed = new AtomicLong();

  /** What came of asking for a place. */
  public enum Answer {
    GRANTED,
    QUEUED,
    SHED
  }

  /**
   * A request's place at a provider, or its wait for one. {@link #leave()} is called exactly once
   * for every ticket that was granted or queued.
   */
  public static final class Ticket {
    private final Gate gate;
    private final Runnable granted;
    private boolean holding;
    private boolean left;

    private Ticket(Gate gate, Runnable granted) {
      this.gate = gate;
      this.granted = granted;
    }

    /** Gives the place back, or stops waiting for one. */
    public void leave() {
      gate.leave(this);
    }
  }

  /** The answer and, unless shed, the ticket. */
  public record Place(Answer answer, Ticket ticket) {}

  /**
   * Asks for a place at {@code provider}.
   *
   * @param mayQueue whether waiting is an option
   * @param granted run when a queued ticket gets its place, on the thread that gave it up; it must
   *     only hand over
   */
  public Place ask(ProviderConfig provider, boolean mayQueue, Runnable granted) {
    Gate gate = gates.get(provider.name());
    if (gate == null) {
      gate = gates.computeIfAbsent(provider.name(), name -> new Gate());
    }
    Place place = gate.ask(provider.concurrency(), mayQueue ? provider.queue() : 0, granted);
    if (place.answer() == Answer.SHED) {
      shed.incrementAndGet();
    }
    return place;
  }

  /** Requests in progress at {@code provider}. */
  public int busy(String provider) {
    Gate gate = gates.get(provider);
    return gate == null ? 0 : gate.busy();
  }

  /** Requests waiting for {@code provider}. */
  public int waiting(String provider) {
    Gate gate = gates.get(provider);
    return gate == null ? 0 : gate.waiting();
  }

  /** Requests in progress or waiting anywhere; 0 when the gateway is at rest. */
  public int total() {
    int total = 0;
    for (Gate gate : gates.values()) {
      total += gate.busy() + gate.waiting();
    }
    return total;
  }

  /** Requests turned away since the start. */
  public long shed() {
    return shed.get();
  }

  private static final class Gate {
    private final ArrayDeque<Ticket> queue = new ArrayDeque<>();
    private int busy;
    private int limit;

    // A monitor held for a few instructions; it never blocks an event loop for longer than that.
    Place ask(int concurrency, int mostWaiting, Runnable granted) {
      Ticket ticket = new Ticket(this, granted);
      Answer answer;
      List<Ticket> next;
      synchronized (this) {
        limit = concurrency;
        next = admit();
        if (busy < limit && queue.isEmpty()) {
          busy++;
          ticket.holding = true;
          answer = Answer.GRANTED;
        } else if (queue.size() >= mostWaiting) {
          ticket.left = true;
          answer = Answer.SHED;
        } else {
          queue.addLast(ticket);
          answer = Answer.QUEUED;
        }
      }
      tell(next);
      return new Place(answer, ticket);
    }

    void leave(Ticket ticket) {
      List<Ticket> next;
      synchronized (this) {
        if (ticket.left) {
          return;
        }
        ticket.left = true;
        if (ticket.holding) {
          busy--;
          next = admit();
        } else {
          queue.remove(ticket);
          next = List.of();
        }
      }
      tell(next);
    }

    /** Who may go on now: one for one as a rule, several or none after the limit has changed. */
    private List<Ticket> admit() {
      List<Ticket> next = List.of();
      while (busy < limit && !queue.isEmpty()) {
        Ticket first = queue.removeFirst();
        first.holding = true;
        busy++;
        if (next.isEmpty()) {
          next = new ArrayList<>(1);
        }
        next.add(first);
      }
      return next;
    }

    private static void tell(List<Ticket> next) {
      for (Ticket ticket : next) {
        ticket.granted.run();
      }
    }

    synchronized int busy() {
      return busy;
    }

    synchronized int waiting() {
      return queue.size();
    }
  }
}
