package dev.fairlead.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.fairlead.core.admission.Admission.Decision;
import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private static final Owner KEY = new Owner.OfKey("k1");
  private static final Owner TEAM = new Owner.OfTeam("t1");
  private static final Target CHEAP = Books.target("cheap");
  private static final Target DEAR = Books.target("dear");

  /** What a request of {@link Books#ask} costs at most, besides its output. */
  private static final long INPUT = 56;

  private final Books books = new Books();

  private static Usage used(long input, long output) {
    return new Usage(input, 0, 0, 0, output, 0, false);
  }

  private static void spend(Permit permit, Target target, long tokens) {
    assertThat(permit.attempt(target)).isNull();
    permit.charge(target, "m", used(tokens, 0), OptionalLong.of(tokens));
    permit.settle();
  }

  @Test
  void ofAHundredAtOnceOnlyWhatFitsIsLetThrough() {
    books.strict("b", KEY, 10 * (INPUT + 100));

    List<Permit> admitted = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      if (books.ledger.reserve(books.ask("k1", 100, CHEAP))
          instanceof Decision.Admit(Permit permit)) {
        admitted.add(permit);
      }
    }

    assertThat(admitted).hasSize(10);
    admitted.forEach(permit -> spend(permit, CHEAP, INPUT + 100));
    assertThat(books.quota("b"))
        .returns(10 * (INPUT + 100), Quota::used)
        .returns(0L, Quota::reserved)
        .returns(90L, Quota::refused);
    assertThat(books.ledger.open()).isZero();
  }

  @Test
  void whoWouldFitButForOthersWaitsUntilTheyAreDone() {
    Books patient = Books.patient().strict("b", KEY, 10 * 60);
    Queue<Permit> admitted = new ArrayDeque<>();
    List<Failure.Denied> refused = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // At most 156, in truth 60.
      take(patient.ledger.reserve(patient.ask("k1", 100, CHEAP)), admitted, refused);
    }
    assertThat(admitted).hasSize(3);
    assertThat(patient.ledger.waiting()).isEqualTo(97);

    int served = 0;
    Permit next;
    while ((next = admitted.poll()) != null) {
      assertThat(patient.quota("b").used() + patient.quota("b").reserved())
          .isLessThanOrEqualTo(600);
      spend(next, CHEAP, 60);
      served++;
    }

    assertThat(served).isEqualTo(8);
    assertThat(refused).hasSize(92).allMatch(denied -> denied.status() == 402);
    assertThat(patient.quota("b")).returns(480L, Quota::used).returns(92L, Quota::refused);
    assertThat(patient.ledger.waiting()).isZero();
    assertThat(patient.ledger.open()).isZero();
  }

  private static void take(
      Decision decision, Queue<Permit> admitted, List<Failure.Denied> refused) {
    switch (decision) {
      case Decision.Admit(Permit permit) -> admitted.add(permit);
      case Decision.Refuse(Failure.Denied denied) -> refused.add(denied);
      case Decision.Pending(var later, long _) ->
          later.thenAccept(decided -> take(decided, admitted, refused));
    }
  }

  @Test
  void whatOneRefusesIsLeftNowhere() {
    books.strict("mine", KEY, 1_000_000).strict("ours", TEAM, 10).limit("l", KEY, 5L, 9_999L, 3);

    Failure.Denied denied = books.refused(books.ask("k1", 100, CHEAP));

    assertThat(denied.status()).isEqualTo(402);
    assertThat(books.ledger.usage(books.snapshot())).allMatch(quota -> quota.reserved() == 0);
    assertThat(books.ledger.open()).isZero();
  }

  @Test
  void aDenialSaysWhichLimitOfWhomAndUntilWhen() {
    books.strict("Research", TEAM, 2_500_000_000L);
    spend(books.admitted(books.ask("k1", 100, CHEAP)), CHEAP, 2_499_999_900L);

    Failure.Denied denied = books.refused(books.ask("k1", 100, CHEAP));

    assertThat(denied)
        .returns("budget_exceeded", Failure.Denied::code)
        .returns(12 * 3_600L, Failure.Denied::retryAfterSeconds);
    assertThat(denied.message())
        .contains("budget \"Research\" (1d) of team \"Payments\"")
        .contains("$2.50 of $2.50 used, $0.00 reserved")
        .contains("starts anew at 2026-03-19 00:00:00 UTC");
    assertThat(denied.worthRetrying()).isFalse();
  }

  @Test
  void requestsUnderWayAreNamedWhenTheyAloneStandInTheWay() {
    books.strict("b", KEY, INPUT + 100);
    Permit permit = books.admitted(books.ask("k1", 100, CHEAP));

    Failure.Denied denied = books.refused(books.ask("k1", 100, CHEAP));
    permit.release();

    assertThat(denied.message()).contains("reserved by requests under way");
    assertThat(denied.retryAfterSeconds()).isEqualTo(1);
    books.admitted(books.ask("k1", 100, CHEAP)).release();
  }

  @Test
  void limitsOfRequestsTokensAndConcurrencyHold() {
    books.limit("r", KEY, 2L, null, null);
    spend(books.admitted(books.ask("k1", 1, CHEAP)), CHEAP, 1);
    spend(books.admitted(books.ask("k1", 1, CHEAP)), CHEAP, 1);
    assertThat(books.refused(books.ask("k1", 1, CHEAP)))
        .returns(429, Failure.Denied::status)
        .returns("request_limit_exceeded", Failure.Denied::code)
        .returns(12 * 3_600L, Failure.Denied::retryAfterSeconds);
    books.clock.addAndGet(Duration.ofHours(12).toMillis());
    books.admitted(books.ask("k1", 1, CHEAP)).release();
    assertThat(books.quota("r/requests").used()).as("released, so not counted").isZero();

    books.limits.clear();
    books.limit("t", KEY, null, 1_000L, null);
    spend(books.admitted(books.ask("k1", 10, CHEAP)), CHEAP, 990);
    assertThat(books.refused(books.ask("k1", 10, CHEAP)).code()).isEqualTo("token_limit_exceeded");

    books.limits.clear();
    books.limit("c", KEY, null, null, 1);
    Permit one = books.admitted(books.ask("k1", 10, CHEAP));
    assertThat(books.refused(books.ask("k1", 10, CHEAP)))
        .returns(429, Failure.Denied::status)
        .returns("concurrency_limit_exceeded", Failure.Denied::code);
    one.settle();
    books.admitted(books.ask("k1", 10, CHEAP)).release();
  }

  @Test
  void aRequestCountsInTheWindowInWhichItBegan() {
    books.strict("b", KEY, INPUT + 100);
    Permit evening = books.admitted(books.ask("k1", 100, CHEAP));
    books.clock.addAndGet(Duration.ofHours(13).toMillis());
    Permit morning = books.admitted(books.ask("k1", 100, CHEAP));

    spend(evening, CHEAP, 150);
    assertThat(books.quota("b")).returns(0L, Quota::used).returns(INPUT + 100, Quota::reserved);
    spend(morning, CHEAP, 40);

    assertThat(books.quota("b")).returns(40L, Quota::used).returns(0L, Quota::reserved);
  }

  @Test
  void aDearerFallbackReservesTheDifferenceOrIsLeftOut() {
    books.strict("b", KEY, 1_000);
    Permit permit = books.admitted(books.ask("k1", 100, CHEAP, DEAR));
    assertThat(permit.attempt(CHEAP)).isNull();
    assertThat(books.quota("b").reserved()).isEqualTo(INPUT + 100);

    Failure.Denied denied = Objects.requireNonNull(permit.attempt(DEAR));

    assertThat(denied.message()).contains("may cost up to $0.000002");
    permit.release();
    assertThat(books.quota("b").reserved()).isZero();
    books.strict("b", KEY, 2_000);
    Permit again = books.admitted(books.ask("k1", 100, CHEAP, DEAR));
    assertThat(again.attempt(CHEAP)).isNull();
    assertThat(again.attempt(DEAR)).isNull();
    assertThat(books.quota("b").reserved()).isEqualTo(10 * (INPUT + 100));
    again.settle();
  }

  @Test
  void whatFailedAttemptsHaveSpentIsReservedAnew() {
    books.strict("b", KEY, 2 * (INPUT + 100));
    Permit permit = books.admitted(books.ask("k1", 100, CHEAP));
    assertThat(permit.attempt(CHEAP)).isNull();
    permit.charge(CHEAP, "m", Usage.estimate(56, 0), OptionalLong.of(56));
    assertThat(permit.attempt(CHEAP)).isNull();
    assertThat(books.quota("b").reserved()).isEqualTo(56 + INPUT + 100);
    permit.charge(CHEAP, "m", Usage.estimate(56, 90), OptionalLong.of(146));

    assertThat(permit.attempt(CHEAP)).as("a third would not fit").isNotNull();

    permit.settle();
    assertThat(books.quota("b")).returns(202L, Quota::used).returns(0L, Quota::reserved);
  }

  @Test
  void aBudgetOfOneProviderLeavesOnlyThatOut() {
    books.strict("grant", new Owner.OfGrant("k1", "dear"), 100).strict("all", KEY, 100_000);

    Permit permit = books.admitted(books.ask("k1", 100, DEAR, CHEAP));

    assertThat(permit.attempt(DEAR)).isNotNull();
    assertThat(permit.attempt(CHEAP)).isNull();
    permit.charge(CHEAP, "m", used(50, 0), OptionalLong.of(50));
    permit.settle();
    assertThat(books.quota("grant")).returns(0L, Quota::used).returns(0L, Quota::reserved);
    assertThat(books.quota("all").used()).isEqualTo(50);
    assertThat(books.refused(books.ask("k1", 100, DEAR)).message())
        .contains("of key \"k1\" at provider dear");
  }

  @Test
  void eachAttemptIsChargedWhereItWent() {
    books
        .budget("d", KEY, 9_000, Strictness.STRICT, Enforcement.ENFORCE, Books.only("dear"))
        .budget("c", KEY, 9_000, Strictness.STRICT, Enforcement.ENFORCE, Books.only("cheap"))
        .strict("all", TEAM, 9_000);
    Permit permit = books.admitted(books.ask("k1", 100, DEAR, CHEAP));
    assertThat(permit.attempt(DEAR)).isNull();
    permit.charge(DEAR, "m", Usage.estimate(20, 0), OptionalLong.of(200));
    assertThat(permit.attempt(CHEAP)).isNull();
    permit.charge(CHEAP, "m", used(30, 5), OptionalLong.of(35));

    permit.settle();

    assertThat(books.quota("d")).returns(200L, Quota::used).returns(0L, Quota::reserved);
    assertThat(books.quota("c")).returns(35L, Quota::used).returns(0L, Quota::reserved);
    assertThat(books.quota("all")).returns(235L, Quota::used).returns(0L, Quota::reserved);
  }

  @Test
  void anUnknownPriceIsNeverFree() {
    Target unpriced = Books.target("unpriced");
    books.strict("b", KEY, 1_000_000_000L);
    Permit permit = books.admitted(books.ask("k1", 100, unpriced));
    assertThat(permit.attempt(unpriced)).isNull();
    permit.charge(unpriced, "m", used(1_000, 1_000), OptionalLong.empty());
    permit.settle();

    // $5 and $25 for a million tokens.
    assertThat(books.quota("b").used()).isEqualTo(5_000_000 + 25_000_000);
  }

  @Test
  void observingRefusesNothingAndReports() {
    books.budget("b", KEY, 10, Strictness.STRICT, Enforcement.OBSERVE, Applies.TO_ALL);

    Permit permit = books.admitted(books.ask("k1", 100, CHEAP));

    assertThat(permit.warnings())
        .singleElement()
        .asString()
        .contains("would have refused this")
        .contains("key \"k1\"");
    spend(permit, CHEAP, 42);
    List<Quota> report = Quota.wouldHaveBlocked(books.ledger.usage(books.snapshot()));
    assertThat(report)
        .singleElement()
        .returns(1L, Quota::wouldHaveBlocked)
        .returns(Books.NOON, Quota::wouldHaveBlockedAt)
        .returns(42L, Quota::used);
  }

  @Test
  void topUpsCountUntilTheirLastWindowEnds() {
    Budget.TopUp topUp = new Budget.TopUp(1_000, Instant.parse("2026-03-19T00:00:00Z"));
    books.budget(
        new Budget(
            "b",
            "b",
            KEY,
            Applies.TO_ALL,
            10,
            Books.DAILY,
            Strictness.STRICT,
            Enforcement.ENFORCE,
            topUp,
            Budget.WhenUnavailable.OPEN,
            Books.ORIGIN));

    books.admitted(books.ask("k1", 100, CHEAP)).release();
    assertThat(books.quota("b").limit()).isEqualTo(1_010);
    books.clock.addAndGet(Duration.ofHours(12).toMillis());

    assertThat(books.refused(books.ask("k1", 100, CHEAP)).status()).isEqualTo(402);
    assertThat(books.quota("b").limit()).isEqualTo(10);
  }

  @Test
  void editingKeepsWhatHasBeenUsed() {
    books.strict("b", KEY, 1_000);
    spend(books.admitted(books.ask("k1", 100, CHEAP)), CHEAP, 120);
    Permit old = books.admitted(books.ask("k1", 100, CHEAP));

    books.budget(
        new Budget(
            "b",
            "renamed",
            KEY,
            Applies.TO_ALL,
            500,
            Books.schedule(Period.Unit.MONTH, true),
            Strictness.NORMAL,
            Enforcement.ENFORCE,
            null,
            Budget.WhenUnavailable.OPEN,
            Books.ORIGIN));
    books.admitted(books.ask("k1", 10, CHEAP)).release();
    spend(old, CHEAP, 30);

    assertThat(books.quota("b"))
        .returns(150L, Quota::used)
        .returns(0L, Quota::reserved)
        .returns(500L, Quota::limit)
        .returns(Instant.parse("2026-04-01T00:00:00Z").toEpochMilli(), Quota::windowEnd);
  }

  @Test
  void sessionsHaveCountersOfTheirOwnAndMakeRoomForOneAnother() {
    Books few = new Books(List.of(), 3);
    few.budget("s", KEY, 200, Strictness.STRICT, Enforcement.ENFORCE, Books.perSession());
    spend(few.admitted(few.ask("k1", 100L, "one", CHEAP)), CHEAP, 150);
    assertThat(few.refused(few.ask("k1", 100L, "one", CHEAP)).message()).contains("session budget");
    spend(few.admitted(few.ask("k1", 100L, "two", CHEAP)), CHEAP, 150);
    spend(few.admitted(few.ask("k1", 100, CHEAP)), CHEAP, 150);
    spend(few.admitted(few.ask("k1", 100, CHEAP)), CHEAP, 150);
    Principal asking = few.ask("k1", 100, CHEAP).principal();
    assertThat(few.ledger.quota(asking, few.snapshot())).isEmpty();
    assertThat(few.ledger.quotaWithSessions(asking, few.snapshot(), 5))
        .extracting(Quota::session, Quota::used)
        .containsExactly(tuple("one", 150L), tuple("two", 150L));
    assertThat(few.ledger.quotaWithSessions(asking, few.snapshot(), 1))
        .extracting(Quota::session)
        .containsExactly("two");

    for (int i = 0; i < 10; i++) {
      few.admitted(few.ask("k1", 100L, "s" + i, CHEAP)).release();
    }

    assertThat(few.ledger.counters()).isEqualTo(3);
    assertThat(few.ledger.sessionsEvicted()).isEqualTo(9);
  }

  @Test
  void idleCountersAreForgottenAndBusyOnesAreNot() {
    books.strict("b", KEY, 1_000).limit("c", TEAM, null, null, 5);
    Permit held = books.admitted(books.ask("k1", 100, CHEAP));
    books.saved();
    books.ledger.sweep();
    assertThat(books.ledger.counters()).isEqualTo(2);
    books.clock.addAndGet(Duration.ofDays(1).toMillis());
    books.ledger.sweep();
    assertThat(books.ledger.counters()).as("still held").isEqualTo(2);

    held.settle();
    books.saved();
    books.ledger.sweep();

    assertThat(books.ledger.counters()).isZero();
    spend(books.admitted(books.ask("k1", 100, CHEAP)), CHEAP, 70);
    assertThat(books.quota("b").used()).isEqualTo(70);
  }

  @Test
  void longStreamsReserveWhatTheyGrowTo() {
    books.normal("b", KEY, 1_000);
    Permit permit = books.admitted(books.ask("k1", 100, CHEAP));
    assertThat(permit.attempt(CHEAP)).isNull();

    permit.progress(CHEAP, "m", Usage.estimate(20, 1_200));

    assertThat(books.quota("b").reserved()).isEqualTo(1_220);
    assertThat(books.refused(books.ask("k1", 1, CHEAP)).status()).isEqualTo(402);
    permit.charge(CHEAP, "m", used(20, 1_300), OptionalLong.of(1_320));
    permit.settle();
    assertThat(books.quota("b")).returns(1_320L, Quota::used).returns(0L, Quota::reserved);
  }

  @Test
  void aRequestLostSightOfIsChargedWhatItHeld() {
    books.strict("b", KEY, 1_000);
    Permit begun = books.admitted(books.ask("k1", 100, CHEAP));
    assertThat(begun.attempt(CHEAP)).isNull();
    begun.abandon();
    books.admitted(books.ask("k1", 100, CHEAP)).abandon();

    assertThat(books.quota("b"))
        .returns(INPUT + 100, Quota::used)
        .returns(INPUT + 100, Quota::estimated)
        .returns(0L, Quota::reserved);
  }

  @Test
  void whatWasOpenAtACrashCountsAsAnEstimate() {
    books.strict("b", KEY, 1_000);
    spend(books.admitted(books.ask("k1", 100, CHEAP)), CHEAP, 33);
    Permit open = books.admitted(books.ask("k1", 100, CHEAP));
    assertThat(open.attempt(CHEAP)).isNull();

    Books after = new Books(books.saved(), 10).strict("b", KEY, 1_000);

    assertThat(after.quota("b"))
        .returns(33 + INPUT + 100, Quota::used)
        .returns(INPUT + 100, Quota::estimated)
        .returns(0L, Quota::reserved);
  }

  @Test
  void budgetsThatCannotBeRecordedSayOpenOrClosed() {
    books.strict("open", KEY, 1_000);
    books.failing = true;
    books.admitted(books.ask("k1", 100, CHEAP)).release();
    books.budget(
        new Budget(
            "closed",
            "closed",
            TEAM,
            Applies.TO_ALL,
            1_000,
            Books.DAILY,
            Strictness.NORMAL,
            Enforcement.ENFORCE,
            null,
            Budget.WhenUnavailable.CLOSED,
            Books.ORIGIN));

    assertThat(books.refused(books.ask("k1", 100, CHEAP)))
        .returns(503, Failure.Denied::status)
        .returns("budget_unavailable", Failure.Denied::code);
  }

  @Test
  void claudeCodeIsToldHowFullItsBudgetsAre() {
    books.strict("b", KEY, 10_000).strict("m", TEAM, 100_000);
    spend(books.admitted(books.ask("k1", 100, CHEAP)), CHEAP, 8_000);
    Permit claude =
        books.admitted(books.ask("k1", 100L, null, "claude-code", Operation.MESSAGES, CHEAP));
    Permit other = books.admitted(books.ask("k1", 100, CHEAP));

    assertThat(claude.replyHeaders().get("anthropic-ratelimit-unified-status"))
        .isEqualTo("allowed_warning");
    assertThat(claude.replyHeaders().get("anthropic-ratelimit-unified-5h-utilization"))
        .isEqualTo("0.831");
    assertThat(claude.replyHeaders().get("anthropic-ratelimit-unified-representative-claim"))
        .isEqualTo("five_hour");
    assertThat(claude.replyHeaders().get("anthropic-ratelimit-unified-reset"))
        .isEqualTo(Long.toString(Instant.parse("2026-03-19T00:00:00Z").getEpochSecond()));
    assertThat(other.replyHeaders().size()).isZero();
    claude.release();
    other.release();
  }

  @Test
  void countingTokensCostsNothing() {
    books.strict("b", KEY, 1).limit("r", KEY, 1L, null, null);

    spend(
        books.admitted(books.ask("k1", null, null, "unknown", Operation.COUNT_TOKENS, CHEAP)),
        CHEAP,
        0);

    assertThat(books.quota("b").used()).isZero();
    assertThat(books.quota("r/requests").used()).isEqualTo(1);
  }

  @Test
  void aPermitIsClosedOnce() {
    books.strict("b", KEY, 1_000);
    Permit permit = books.admitted(books.ask("k1", 100, CHEAP));
    permit.settle();
    permit.release();

    assertThat(books.ledger.closedTwice()).isEqualTo(1);
    assertThat(books.ledger.open()).isZero();
    assertThat(books.quota("b").reserved()).isZero();
  }
}
