package dev.fairlead.wire;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.port.ExchangeObserver;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import dev.fairlead.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects receipts in the order they are made. */
final class Receipts implements ExchangeObserver {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<Receipt> closed = new ArrayList<>();
  private final List<Receipt> small = new ArrayList<>();
  private final Set<String> opened = new HashSet<>();
  private int taken;

  @Override
  public synchronized @Nullable ReplyTap opened(Opening opening) {
    opened.add(opening.request().id());
    return null;
  }

  @Override
  public synchronized void closed(Receipt receipt) {
    (receipt.operation() == null ? small : closed).add(receipt);
  }

  synchronized int count() {
    return closed.size();
  }

  /** Those of requests that were no inference. */
  synchronized List<Receipt> small() {
    return List.copyOf(small);
  }

  /** Ids of requests that were opened and have no receipt, and ids that have two. */
  synchronized List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Receipt receipt : closed) {
      if (!seen.add(receipt.id())) {
        wrong.add("two receipts of " + receipt.id());
      }
    }
    for (String id : opened) {
      if (!seen.contains(id)) {
        wrong.add("no receipt of " + id);
      }
    }
    return wrong;
  }

  /** The oldest receipt not taken yet; waits for it. */
  Receipt take() {
    Await.until(() -> untaken() > 0, LIMIT, "a receipt");
    synchronized (this) {
      return closed.get(taken++);
    }
  }

  private synchronized int untaken() {
    return closed.size() - taken;
  }
}
