package dev.fairlead.core.ledger;

import dev.fairlead.core.governance.Schedule;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The one counting primitive: so much of a unit, for one subject, in the present window. Its
 * monitor guards it and its tallies; it is held for a few instructions only, and several are taken
 * in the order of {@link #order}.
 */
final class Counter implements Leases.Shared {
  final String id;
  final Unit unit;
  final long order;

  /** Whether the journal knows of changes it has not taken. */
  private final AtomicBoolean dirty = new AtomicBoolean();

  private @Nullable Schedule schedule;
  private long version = Long.MIN_VALUE;
  private Tally current;
  private volatile @Nullable ArrayDeque<Waiting.Waiter> waiting;

  /** How often an enforced limit on this counter refused a request. */
  long refused;

  /** How often an observed limit on this counter would have refused one. */
  long wouldHaveBlocked;

  /** When it last would have, epoch milliseconds, or 0. */
  long wouldHaveBlockedAt;

  /** Whether it has been given up; whoever finds it so asks for its successor. */
  volatile boolean retired;

  /** How nodes share it, or null when there is but one. */
  private final @Nullable Leases leases;

  /** Whether something of it was reserved since the last report. */
  private boolean busy;

  Counter(String id, Unit unit, long order, @Nullable Leases leases) {
    this.leases = unit == Unit.CONCURRENT ? null : leases;
    this.id = id;
    this.unit = unit;
    this.order = order;
    this.current = new Tally(Windows.Span.ALWAYS);
  }

  /**
   * Takes the schedule of the configuration numbered {@code version}, unless a newer one is known.
   * What has been used stays.
   */
  synchronized void adopt(@Nullable Schedule wanted, long from, long now) {
    if (from < version) {
      return;
    }
    version = from;
    if (wanted == null || wanted.equals(schedule)) {
      return;
    }
    schedule = wanted;
    Windows.Span span = Windows.at(wanted, now);
    if (current.end <= now) {
      current = new Tally(span);
    } else {
      current.start = span.start();
      current.end = span.end();
    }
  }

  /** Continues what was known before the start; only for a counter nobody has used. */
  synchronized void restore(Journal.Saved saved) {
    Tally tally = new Tally(new Windows.Span(saved.windowStart(), saved.windowEnd()));
    if (leases != null) {
      tally.elsewhere = Hold.sum(saved.used(), saved.reserved());
    } else {
      tally.used = Hold.sum(saved.used(), saved.reserved());
      tally.estimated = Hold.sum(saved.estimated(), saved.reserved());
    }
    current = tally;
  }

  /** The tally of the present window. A clock that goes back does not bring back an old one. */
  Tally at(long now) {
    if (now >= current.end && schedule != null) {
      current = new Tally(Windows.at(schedule, now));
    }
    return current;
  }

  /** Counts from nothing again; what is reserved stays. */
  synchronized void reset(long now) {
    Tally tally = at(now);
    tally.used = 0;
    tally.estimated = 0;
  }

  /** Notes that a request was refused. */
  synchronized void refuse() {
    refused++;
  }

  /** Has {@code waiter} wait for something to be given back. */
  synchronized void queue(Waiting.Waiter waiter) {
    waiters().addLast(waiter);
  }

  /** The same, before all others. */
  synchronized void queueFirst(Waiting.Waiter waiter) {
    waiters().addFirst(waiter);
  }

  private ArrayDeque<Waiting.Waiter> waiters() {
    ArrayDeque<Waiting.Waiter> known = waiting;
    if (known == null) {
      known = new ArrayDeque<>(4);
      waiting = known;
    }
    return known;
  }

  /** Whether anybody waits for something to be given back. */
  boolean awaited() {
    return waiting != null;
  }

  /** Takes the first that waits, or null. */
  synchronized Waiting.@Nullable Waiter nextWaiting() {
    ArrayDeque<Waiting.Waiter> known = waiting;
    if (known == null) {
      return null;
    }
    Waiting.Waiter first = known.pollFirst();
    if (known.isEmpty()) {
      waiting = null;
    }
    return first;
  }

  /** Notes a change; tells whether the journal does not know of one yet. */
  boolean soil() {
    return !dirty.get() && dirty.compareAndSet(false, true);
  }

  @Override
  public synchronized Journal.@Nullable Saved take() {
    dirty.set(false);
    if (retired) {
      return null;
    }
    return new Journal.Saved(
        id, unit, current.start, current.end, current.used, current.reserved, current.estimated);
  }

  /** Whether several nodes count on it. */
  boolean shared() {
    return leases != null;
  }

  /** Whether what may be used of it has to be leased, and can be. */
  boolean leasing(Gate gate) {
    return leases != null && gate.leased() && !leases.failing();
  }

  /** Notes that something was reserved. */
  void used() {
    busy = true;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public synchronized Leases.Standing standing(boolean returning) {
    dirty.set(false);
    Tally tally = current;
    if (returning && !busy) {
      tally.leased = Math.min(tally.leased, Hold.sum(tally.used, tally.reserved));
    }
    busy = false;
    return new Leases.Standing(
        id, unit, tally.start, tally.end, tally.used, tally.reserved, tally.leased, tally.known);
  }

  @Override
  public synchronized void elsewhere(long windowStart, long taken) {
    if (current.start == windowStart) {
      current.elsewhere = Math.max(0, taken);
    }
  }

  @Override
  public synchronized void reported(long windowStart) {
    if (current.start == windowStart) {
      current.known = true;
    }
  }

  @Override
  public synchronized void granted(long windowStart, long amount) {
    if (current.start == windowStart) {
      // Below what has been used there is nothing to be had of a lease.
      current.leased = Hold.sum(Math.max(current.leased, current.used), amount);
    }
  }

  @Override
  public synchronized void lost(long windowStart) {
    if (current.start == windowStart) {
      current.leased = 0;
    }
  }

  /** Gives it up when that changes nothing: no window is running and nobody holds anything. */
  synchronized boolean retireIdle(long now) {
    if (current.reserved == 0
        && wouldHaveBlocked == 0
        && (unit == Unit.CONCURRENT || (!dirty.get() && current.end <= now))) {
      retired = true;
    }
    return retired;
  }

  /** Gives it up, whatever it has counted, unless somebody holds something of it. */
  synchronized boolean retireUnheld() {
    if (current.reserved == 0) {
      retired = true;
    }
    return retired;
  }
}
