package dev.fairlead.core.ledger;

import org.jspecify.annotations.Nullable;

/** What one request holds of one counter. Its own fields belong to the request's thread. */
final class Hold {
  final Gate gate;
  private Counter counter;
  private @Nullable Tally tally;

  /** What is to be reserved now. */
  long need;

  /** Reserved and not yet given back. */
  long reserved;

  /** Used so far and not yet settled. */
  long charged;

  /** The part of {@link #charged} that is no provider's word. */
  private long unconfirmed;

  /** Whether a limit that only observes would have refused. */
  boolean wouldBlock;

  /** How much more has to be leased before it may be asked again; 0 when that is not the reason. */
  long lacksLease;

  /** What was seen of the counter when it refused. */
  long seenUsed;

  long seenReserved;
  long seenLimit;
  long seenEnd;

  Hold(Gate gate, Counter counter) {
    this.gate = gate;
    this.counter = counter;
  }

  Counter counter() {
    return counter;
  }

  /** Moves to the successor of a counter that has been given up; only while nothing is held. */
  void moveTo(Counter successor) {
    counter = successor;
    tally = null;
  }

  /**
   * Reserves {@code need} of every hold from {@code at} on, or nothing at all. Holds are in the
   * order of their counters, whose monitors are taken one inside the other.
   *
   * @return the hold that refused, or null
   */
  static @Nullable Hold take(Hold[] holds, int at, int end, long now) {
    if (at == end) {
      return null;
    }
    Hold hold = holds[at];
    if (hold.need == 0 && hold.tally != null) {
      return take(holds, at + 1, end, now);
    }
    Counter locked = hold.counter;
    synchronized (locked) {
      if (!hold.fits(now)) {
        return hold;
      }
      Hold refused = take(holds, at + 1, end, now);
      if (refused == null) {
        hold.reserve(now);
      }
      return refused;
    }
  }

  private boolean fits(long now) {
    wouldBlock = false;
    lacksLease = 0;
    if (counter.retired) {
      return false;
    }
    Tally present = tally;
    if (present == null) {
      present = counter.at(now);
    }
    long most = gate.limit(present);
    boolean leasing = counter.leasing(gate);
    long room = leasing ? Math.min(most, present.leased) : most - present.elsewhere;
    if (need == 0 || need <= room - sum(present.used, present.reserved)) {
      return true;
    }
    lacksLease = leasing ? need - Math.max(0, room - sum(present.used, present.reserved)) : 0;
    seenUsed = sum(present.used, present.elsewhere);
    seenReserved = present.reserved;
    seenLimit = most;
    seenEnd = present.end;
    wouldBlock = gate.observe;
    return gate.observe;
  }

  private void reserve(long now) {
    if (tally == null) {
      tally = counter.at(now);
    }
    tally.reserved = sum(tally.reserved, need);
    reserved = sum(reserved, need);
    need = 0;
    counter.used();
    if (wouldBlock) {
      counter.wouldHaveBlocked++;
      counter.wouldHaveBlockedAt = now;
    }
  }

  /** Whether only what requests under way hold stood between this and its limit. */
  boolean mayFitLater() {
    return seenReserved > 0 && sum(seenUsed, need) <= seenLimit;
  }

  /** Reserves up to {@code level} in all, whatever the limit. Returns whether anything changed. */
  boolean raise(long level) {
    long more = level - reserved;
    if (more <= 0 || tally == null) {
      return false;
    }
    Counter locked = counter;
    synchronized (locked) {
      tally.reserved = sum(tally.reserved, more);
      reserved = level;
    }
    return true;
  }

  /** Counts what an attempt has used, by the provider's word or by estimate. */
  void charge(long amount, boolean estimated) {
    charged = sum(charged, amount);
    if (estimated) {
      unconfirmed = sum(unconfirmed, amount);
    }
  }

  /**
   * Gives back what is reserved and counts what was charged.
   *
   * @param lost how much of it was lost sight of, so that it is nobody's word
   */
  void close(long lost) {
    if (tally == null) {
      return;
    }
    Counter locked = counter;
    synchronized (locked) {
      tally.reserved -= reserved;
      tally.used = sum(tally.used, charged);
      tally.estimated = sum(tally.estimated, sum(unconfirmed, lost));
    }
    reserved = 0;
    charged = 0;
    unconfirmed = 0;
    tally = null;
  }

  /** Whether what is leased will not do for many more such requests. */
  boolean runsLow() {
    Counter locked = counter;
    synchronized (locked) {
      return tally != null
          && counter.leasing(gate)
          && tally.leased - sum(tally.used, tally.reserved) < sum(reserved, reserved)
          && sum(tally.leased, tally.elsewhere) < gate.limit(tally);
    }
  }

  /** The most all nodes may use. */
  long limit() {
    Counter locked = counter;
    synchronized (locked) {
      return tally == null ? 0 : gate.limit(tally);
    }
  }

  /**
   * Share of the limit that is used or reserved, in per mille, at most 1000; -1 without a limit.
   */
  int perMille() {
    if (tally == null) {
      return -1;
    }
    Counter locked = counter;
    synchronized (locked) {
      long most = gate.limit(tally);
      long taken = sum(sum(tally.used, tally.elsewhere), tally.reserved);
      return most <= 0 || taken >= most ? 1000 : (int) (taken / (double) most * 1000);
    }
  }

  /** Length of the window it counts in, milliseconds. */
  long windowMillis() {
    Counter locked = counter;
    synchronized (locked) {
      return tally == null ? Long.MAX_VALUE : tally.end - tally.start;
    }
  }

  /** End of the window it counts in, epoch milliseconds. */
  long windowEnd() {
    Counter locked = counter;
    synchronized (locked) {
      return tally == null ? Long.MAX_VALUE : tally.end;
    }
  }

  /** Sums that stay at the largest number there is, rather than becoming negative. */
  static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
