package dev.fairlead.core.ledger;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.admission.Admission.Decision;
import dev.fairlead.core.failure.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Requests that would fit a budget but for what requests under way hold of it: usually more than
 * those will cost. They wait a little, first come first served, and are decided anew when something
 * is given back.
 */
final class Waiting {
  /** Most that wait; the others are refused at once. */
  static final int MOST = 1_000;

  /** Longest wait. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final AtomicInteger count = new AtomicInteger();
  private final int most;
  private final BiFunction<Ask, Chain, Verdict> judge;

  Waiting(BiFunction<Ask, Chain, Verdict> judge, int most) {
    this.judge = judge;
    this.most = most;
  }

  /** What came of asking: admitted, or what refused. */
  record Verdict(@Nullable Reservation admitted, @Nullable Hold refused) {}

  /** One request that waits. */
  static final class Waiter {
    private final Ask ask;
    private final Chain chain;
    private final CompletableFuture<Decision> answer = new CompletableFuture<>();

    private Waiter(Ask ask, Chain chain) {
      this.ask = ask;
      this.chain = chain;
    }
  }

  /** Requests waiting now. */
  int count() {
    return count.get();
  }

  /** Has {@code ask} wait for what {@code refused} it; null when it may not. */
  @Nullable Decision await(Ask ask, Chain chain, Hold refused, Failure.Denied otherwise) {
    if (count.incrementAndGet() > most) {
      count.decrementAndGet();
      return null;
    }
    Waiter waiter = new Waiter(ask, chain);
    waiter.answer.completeOnTimeout(
        new Decision.Refuse(otherwise), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    waiter.answer.whenComplete((_, _) -> count.decrementAndGet());
    refused.counter().queue(waiter);
    // What it waits for may have been given back in the meantime.
    freed(refused.counter());
    return new Decision.Pending(waiter.answer, ask.atMillis() + PATIENCE.toMillis());
  }

  /** Something of {@code counter} was given back: whoever waits for it is decided anew. */
  void freed(Counter counter) {
    Waiter next;
    while ((next = counter.nextWaiting()) != null) {
      if (next.answer.isDone()) {
        continue;
      }
      Verdict verdict = judge.apply(next.ask, next.chain);
      Reservation admitted = verdict.admitted();
      Hold refused = verdict.refused();
      if (admitted != null) {
        if (!next.answer.complete(new Decision.Admit(admitted))) {
          admitted.release();
        }
      } else if (refused != null && refused.mayFitLater()) {
        if (refused.counter() == counter) {
          counter.queueFirst(next);
          return;
        }
        refused.counter().queue(next);
      } else if (refused != null) {
        next.answer.complete(new Decision.Refuse(Denials.counted(refused, next.ask.atMillis())));
      }
    }
  }
}
