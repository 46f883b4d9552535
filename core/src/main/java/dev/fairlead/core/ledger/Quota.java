package dev.fairlead.core.ledger;

import dev.fairlead.core.governance.Applies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one budget or limit stands.
 *
 * @param id of the counter: the budget's own, or {@code limit/unit}
 * @param ruleId of the budget or limit
 * @param owner {@link dev.fairlead.core.governance.Owner#id()}
 * @param ownerName the owner in words, {@code team "payments"}
 * @param session whose counter it is, where every session has one of its own; null otherwise
 * @param period as {@code reset_duration} writes it, or null for a limit without windows
 * @param limit most in a window, top-up included: nano-USD, tokens, requests
 * @param used settled in the present window; where nodes share the counter, what others have leased
 *     included
 * @param reserved held by requests under way
 * @param estimated the part of {@code used} that no provider has confirmed: replies that were cut,
 *     and what was open when the process died
 * @param windowStart epoch milliseconds, or -1 without windows
 * @param windowEnd epoch milliseconds at which it starts anew, or -1 without windows
 * @param strict whether the most a request can cost is reserved
 * @param observe whether it only reports
 * @param refused requests it has refused since the start
 * @param wouldHaveBlocked requests it would have refused since the start, were it enforced
 * @param wouldHaveBlockedAt when it last would have, epoch milliseconds, or -1
 */
public record Quota(
    String id,
    String ruleId,
    String name,
    String owner,
    String ownerName,
    Unit unit,
    Applies applies,
    @Nullable String session,
    @Nullable String period,
    long limit,
    long used,
    long reserved,
    long estimated,
    long windowStart,
    long windowEnd,
    boolean strict,
    boolean observe,
    long refused,
    long wouldHaveBlocked,
    long wouldHaveBlockedAt) {
  static Quota of(Gate gate, Counter counter, long now) {
    return of(gate, counter, null, now);
  }

  static Quota of(Gate gate, Counter counter, @Nullable String session, long now) {
    synchronized (counter) {
      Tally tally = counter.at(now);
      boolean windowed = gate.schedule != null;
      return new Quota(
          gate.id,
          gate.ruleId,
          gate.name,
          gate.owner.id(),
          gate.ownerWords,
          gate.unit,
          gate.applies,
          session,
          gate.schedule == null ? null : gate.schedule.period().toString(),
          gate.limit(tally),
          Hold.sum(tally.used, tally.elsewhere),
          tally.reserved,
          tally.estimated,
          windowed ? tally.start : -1,
          windowed ? tally.end : -1,
          gate.strict,
          gate.observe,
          counter.refused,
          counter.wouldHaveBlocked,
          counter.wouldHaveBlockedAt == 0 ? -1 : counter.wouldHaveBlockedAt);
    }
  }

  /** Share of the limit that is used or reserved, 0 to 1 and above. */
  public double fraction() {
    return limit == 0 ? 1 : ((double) used + reserved) / limit;
  }

  /** Those of {@code all} that would have refused something. */
  public static List<Quota> wouldHaveBlocked(List<Quota> all) {
    return all.stream().filter(quota -> quota.wouldHaveBlocked() > 0).toList();
  }
}
