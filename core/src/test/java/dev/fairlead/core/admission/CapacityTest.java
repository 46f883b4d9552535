package dev.fairlead.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admission.Capacity.Answer;
import dev.fairlead.core.admission.Capacity.Place;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.fixture.Entities;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private final Capacity capacity = new Capacity();
  private final List<String> granted = new ArrayList<>();

  private static ProviderConfig sized(int concurrency, int queue) {
    return Entities.sized(Entities.provider("p", Entities.key("a")), concurrency, queue);
  }

  private Place ask(ProviderConfig provider, String name) {
    return capacity.ask(provider, true, () -> granted.add(name));
  }

  @Test
  void soManyAtOnceSoManyWaitingTheRestShed() {
    ProviderConfig p = sized(2, 1);
    Place a = ask(p, "a");
    Place b = ask(p, "b");
    Place c = ask(p, "c");
    assertThat(a.answer()).isEqualTo(Answer.GRANTED);
    assertThat(b.answer()).isEqualTo(Answer.GRANTED);
    assertThat(c.answer()).isEqualTo(Answer.QUEUED);
    assertThat(ask(p, "d").answer()).isEqualTo(Answer.SHED);
    assertThat(capacity.shed()).isEqualTo(1);
    assertThat(capacity.busy("p")).isEqualTo(2);
    assertThat(capacity.waiting("p")).isEqualTo(1);
    a.ticket().leave();
    assertThat(granted).containsExactly("c");
    b.ticket().leave();
    c.ticket().leave();
    assertThat(capacity.total()).isZero();
  }

  @Test
  void whoWaitsIsServedInOrderAndNobodyOvertakes() {
    ProviderConfig p = sized(1, 5);
    Place running = ask(p, "running");
    List<Place> waiting = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      waiting.add(ask(p, name));
    }
    running.ticket().leave();
    assertThat(ask(p, "late").answer()).isEqualTo(Answer.QUEUED);
    waiting.get(0).ticket().leave();
    waiting.get(1).ticket().leave();
    assertThat(granted).containsExactly("a", "b", "c");
  }

  @Test
  void whoLeavesTheQueueIsNotServed() {
    ProviderConfig p = sized(1, 5);
    Place running = ask(p, "running");
    Place impatient = ask(p, "impatient");
    ask(p, "patient");
    impatient.ticket().leave();
    impatient.ticket().leave();
    running.ticket().leave();
    assertThat(granted).containsExactly("patient");
    assertThat(capacity.busy("p")).isEqualTo(1);
  }

  @Test
  void leavingTwiceGivesBackOnePlace() {
    ProviderConfig p = sized(1, 5);
    Place a = ask(p, "a");
    ask(p, "b");
    ask(p, "c");
    a.ticket().leave();
    a.ticket().leave();
    assertThat(granted).containsExactly("b");
    Place shed = capacity.ask(p, false, () -> {});
    shed.ticket().leave();
    assertThat(capacity.busy("p")).isEqualTo(1);
  }

  @Test
  void withoutAQueueAFullProviderIsAnErrorAtOnce() {
    ProviderConfig p = sized(1, 5);
    ask(p, "a");
    assertThat(capacity.ask(p, false, () -> {}).answer()).isEqualTo(Answer.SHED);
  }

  @Test
  void providersDoNotShareTheirPlaces() {
    ask(sized(1, 0), "a");
    ProviderConfig other = Entities.sized(Entities.provider("q"), 1, 0);
    assertThat(ask(other, "b").answer()).isEqualTo(Answer.GRANTED);
    assertThat(capacity.busy("unknown") + capacity.waiting("unknown")).isZero();
  }

  @Test
  void aChangedLimitCountsForThoseWhoWait() {
    Place first = ask(sized(1, 5), "first");
    Place a = ask(sized(1, 5), "a");
    ask(sized(1, 5), "b");
    ask(sized(3, 5), "c");
    assertThat(granted).as("raised: the waiting go first").containsExactly("a", "b");
    assertThat(capacity.busy("p")).isEqualTo(3);
    assertThat(ask(sized(1, 5), "d").answer()).isEqualTo(Answer.QUEUED);
    first.ticket().leave();
    a.ticket().leave();
    assertThat(granted).as("lowered: nobody goes until it is kept").containsExactly("a", "b");
    assertThat(capacity.busy("p")).isEqualTo(1);
  }

  @Test
  void manyThreadsKeepTheLimitAndLeaveNothingBehind() throws InterruptedException {
    ProviderConfig p = sized(3, 1_000);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(800);
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 800; i++) {
        pool.execute(() -> {
          CountDownLatch mine = new CountDownLatch(1);
          Place place = capacity.ask(p, true, mine::countDown);
          if (place.answer() == Answer.QUEUED) {
            try {
              assertThat(mine.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          running.decrementAndGet();
          place.ticket().leave();
          done.countDown();
        });
      }
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(most.get()).isLessThanOrEqualTo(3);
    assertThat(capacity.total()).isZero();
    assertThat(capacity.shed()).isZero();
  }
}
