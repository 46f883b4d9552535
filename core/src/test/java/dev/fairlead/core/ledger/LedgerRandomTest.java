package dev.fairlead.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admission.Admission.Decision;
import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Schedule;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any interleaving of what can happen to requests, against plain sums. */
final class LedgerRandomTest {
  private static final Target CHEAP = Books.target("cheap");
  private static final Target DEAR = Books.target("dear");
  private static final long MOST_INPUT = 56;

  /** A request under way, with what it has really cost so far. */
  private static final class Running {
    final Permit permit;
    final long mostOutput;
    final Target[] targets;
    final long window;
    Target at;
    boolean called;
    long cost;

    Running(Permit permit, long mostOutput, Target[] targets, long window) {
      this.permit = permit;
      this.mostOutput = mostOutput;
      this.targets = targets;
      this.at = targets[0];
      this.window = window;
    }
  }

  private static Books books() {
    return new Books()
        .strict("key1", new Owner.OfKey("k1"), 40_000)
        .strict("key2", new Owner.OfKey("k2"), 25_000)
        .strict("team", new Owner.OfTeam("t1"), 50_000)
        .normal("customer", new Owner.OfCustomer("c1"), 60_000)
        .budget(
            "dear",
            new Owner.OfUser("u1"),
            20_000,
            Strictness.STRICT,
            Enforcement.ENFORCE,
            Books.only("dear"))
        .budget(
            "seen",
            new Owner.Everybody(),
            1_000,
            Strictness.STRICT,
            Enforcement.OBSERVE,
            Applies.TO_ALL)
        .limit("l", new Owner.OfUser("u1"), 400L, 200_000L, 20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void strictNeverOvershootsAndNothingIsLost(long seed) {
    Random random = new Random(seed);
    Books books = books();
    List<Running> running = new ArrayList<>();
    Map<Long, Long> spent = new HashMap<>();
    for (int step = 0; step < 4_000; step++) {
      int kind = random.nextInt(100);
      if (kind < 35) {
        begin(books, random, running);
      } else if (kind < 60) {
        attempt(random, running);
      } else if (kind < 70) {
        progress(random, running);
      } else if (kind < 97) {
        end(books, random, running, spent);
      } else if (kind < 98) {
        books.clock.addAndGet(random.nextLong(Duration.ofHours(5).toMillis()));
      } else {
        books.saved();
        books.ledger.sweep();
      }
      check(books, running);
    }
    running.removeIf(one -> close(one, random));

    assertThat(books.ledger.open()).isZero();
    assertThat(books.ledger.closedTwice()).isZero();
    assertThat(books.ledger.usage(books.snapshot())).allMatch(quota -> quota.reserved() == 0);
  }

  private static void begin(Books books, Random random, List<Running> running) {
    long most = 1L + random.nextInt(400);
    Target[] targets =
        random.nextBoolean()
            ? new Target[] {CHEAP, DEAR}
            : random.nextBoolean() ? new Target[] {DEAR, CHEAP} : new Target[] {CHEAP};
    String key = random.nextBoolean() ? "k1" : "k2";
    if (books.ledger.reserve(books.ask(key, most, targets))
        instanceof Decision.Admit(Permit permit)) {
      running.add(new Running(permit, most, targets, books.quota("team").windowStart()));
    }
  }

  private static void attempt(Random random, List<Running> running) {
    if (running.isEmpty()) {
      return;
    }
    Running one = running.get(random.nextInt(running.size()));
    if (one.called) {
      fail(one, random);
    }
    Target next = one.targets[random.nextInt(one.targets.length)];
    if (one.permit.attempt(next) == null) {
      one.at = next;
      one.called = true;
    }
  }

  /** The attempt under way ends, having used something. */
  private static void fail(Running one, Random random) {
    long input = random.nextLong(MOST_INPUT + 1);
    long output = random.nextLong(one.mostOutput + 1);
    long price = one.at.equals(DEAR) ? 10 : 1;
    long cost = price * (input + output);
    one.permit.charge(
        one.at, "m", new Usage(input, 0, 0, 0, output, 0, false), OptionalLong.of(cost));
    one.cost += cost;
    one.called = false;
  }

  private static void progress(Random random, List<Running> running) {
    if (!running.isEmpty()) {
      Running one = running.get(random.nextInt(running.size()));
      if (one.called) {
        one.permit.progress(
            one.at, "m", Usage.estimate(MOST_INPUT, random.nextLong(one.mostOutput + 1)));
      }
    }
  }

  private static void end(
      Books books, Random random, List<Running> running, Map<Long, Long> spent) {
    if (running.isEmpty()) {
      return;
    }
    Running one = running.remove(random.nextInt(running.size()));
    close(one, random);
    spent.merge(one.window, one.cost, Long::sum);
    Quota team = books.quota("team");
    assertThat(team.used()).isEqualTo(spent.getOrDefault(team.windowStart(), 0L));
  }

  private static boolean close(Running one, Random random) {
    if (one.called) {
      fail(one, random);
      one.permit.settle();
    } else if (one.cost > 0) {
      one.permit.settle();
    } else {
      one.permit.release();
    }
    return true;
  }

  private static void check(Books books, List<Running> running) {
    long inFlight = 0;
    for (Running one : running) {
      inFlight += one.cost + 10 * (MOST_INPUT + one.mostOutput);
    }
    for (Quota quota : books.ledger.usage(books.snapshot())) {
      if (quota.strict() && !quota.observe()) {
        assertThat(quota.used() + quota.reserved())
            .as(quota.id())
            .isLessThanOrEqualTo(quota.limit());
      } else if (quota.unit() == Unit.MONEY && !quota.observe()) {
        assertThat(quota.used()).as(quota.id()).isLessThanOrEqualTo(quota.limit() + inFlight);
      }
      assertThat(quota.used()).isNotNegative();
      assertThat(quota.reserved()).isNotNegative();
      if (quota.unit() == Unit.CONCURRENT) {
        assertThat(quota.reserved()).isEqualTo(running.size()).isLessThanOrEqualTo(20);
      }
      if (quota.unit() == Unit.REQUESTS) {
        assertThat(quota.used() + quota.reserved()).isLessThanOrEqualTo(400);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void afterACrashAllThatWasSpentOrHeldCounts(long seed) {
    Random random = new Random(seed);
    Books books = books();
    List<Running> running = new ArrayList<>();
    long settled = 0;
    for (int step = 0; step < 200 + random.nextInt(400); step++) {
      if (random.nextInt(3) == 0) {
        begin(books, random, running);
      } else if (random.nextBoolean()) {
        attempt(random, running);
      } else if (!running.isEmpty()) {
        Running one = running.remove(random.nextInt(running.size()));
        close(one, random);
        settled += one.cost;
      }
    }
    long held = books.quota("team").reserved();
    List<Journal.Saved> written = books.saved();

    Books after = new Books(written, 10).strict("team", new Owner.OfTeam("t1"), 50_000);

    assertThat(after.quota("team"))
        .returns(settled + held, Quota::used)
        .returns(held, Quota::estimated)
        .returns(0L, Quota::reserved);
    assertThat(settled + held).isLessThanOrEqualTo(50_000);
  }

  @Test
  void aHundredThreadsNeverOvershootAndLoseNothing() throws Exception {
    Books books = books();
    books.budgets.removeIf(budget -> budget.id().equals("dear"));
    long limit = 3_000_000;
    for (Budget budget : List.copyOf(books.budgets)) {
      Schedule schedule = budget.schedule();
      books.budgets.remove(budget);
      books.budgets.add(
          new Budget(
              budget.id(),
              budget.name(),
              budget.owner(),
              budget.applies(),
              budget.id().equals("team") ? limit : 4 * limit,
              schedule,
              budget.strictness(),
              budget.enforcement(),
              null,
              budget.whenUnavailable(),
              budget.origin()));
    }
    books.limits.clear();
    books.edited();
    books.snapshot();
    AtomicLong spent = new AtomicLong();
    AtomicLong refused = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(100)) {
      for (int i = 0; i < 100; i++) {
        long seed = i;
        all.add(
            threads.submit(() -> {
              Random random = new Random(seed);
              start.await();
              for (int n = 0; n < 400; n++) {
                List<Running> mine = new ArrayList<>(1);
                begin(books, random, mine);
                if (mine.isEmpty()) {
                  refused.incrementAndGet();
                  continue;
                }
                attempt(random, mine);
                progress(random, mine);
                close(mine.getFirst(), random);
                spent.addAndGet(mine.getFirst().cost);
              }
              return null;
            }));
      }
      start.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    }

    Quota team = books.quota("team");
    assertThat(team.used()).isEqualTo(spent.get()).isLessThanOrEqualTo(limit);
    assertThat(team.used()).as("and it is used up").isGreaterThan(limit - 10_000);
    assertThat(refused.get()).isPositive();
    assertThat(books.ledger.usage(books.snapshot())).allMatch(quota -> quota.reserved() == 0);
    assertThat(books.quota("key1").used() + books.quota("key2").used()).isEqualTo(spent.get());
    assertThat(books.ledger.open()).isZero();
    assertThat(books.ledger.closedTwice()).isZero();
  }
}
