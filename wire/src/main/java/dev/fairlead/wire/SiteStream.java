package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.port.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An answer in pieces: any thread hands them over, the connection's loop sends them, and what the
 * client has not taken yet is bounded.
 */
final class SiteStream implements Site.Stream {
  /** Bytes on their way to a client; one piece may be larger. */
  private static final long MOST_WAITING = 256 * 1024;

  /** A client that takes nothing for so long has left without saying so. */
  private static final long PATIENCE_SECONDS = 60;

  private final Loop loop;
  private final ClientResponse response;
  private final boolean silent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Runnable> actions = new ArrayList<>(1);
  private long waiting;
  private boolean open = true;

  /**
   * @param silent whether only the head may go out
   */
  SiteStream(Loop loop, ClientResponse response, boolean silent) {
    this.loop = loop;
    this.response = response;
    this.silent = silent;
  }

  @Override
  public boolean write(Bytes piece) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (open && !fits(piece)) {
        if (left <= 0) {
          break;
        }
        left = changed.awaitNanos(left);
      }
      if (open && fits(piece)) {
        send(piece);
        return true;
      }
    } finally {
      lock.unlock();
    }
    abandon();
    return false;
  }

  @Override
  public boolean offer(Bytes piece) {
    lock.lock();
    try {
      if (!open || !fits(piece)) {
        return false;
      }
      send(piece);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(Bytes piece) {
    return waiting == 0 || waiting + piece.length() <= MOST_WAITING;
  }

  /** Called with the lock held, so that pieces go out in the order they came. */
  private void send(Bytes piece) {
    if (silent || piece.isEmpty()) {
      return;
    }
    waiting += piece.length();
    loop.soon(() -> response.write(List.of(piece), () -> sent(piece.length())));
  }

  private void sent(int bytes) {
    lock.lock();
    try {
      waiting -= bytes;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives up on a client that does not read: the connection goes with the answer. */
  private void abandon() {
    if (over()) {
      loop.soon(() -> {
        if (!response.closed()) {
          response.reset();
        }
      });
    }
  }

  @Override
  public boolean open() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onClosed(Runnable action) {
    lock.lock();
    try {
      if (open) {
        actions.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  @Override
  public void awaitClosed() throws InterruptedException {
    lock.lock();
    try {
      while (open) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    if (over()) {
      loop.soon(() -> response.end());
    }
  }

  /** The client has left, or the loop ends; also called on the loop. */
  void gone() {
    over();
  }

  private boolean over() {
    List<Runnable> due;
    lock.lock();
    try {
      if (!open) {
        return false;
      }
      open = false;
      changed.signalAll();
      due = List.copyOf(actions);
      actions.clear();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
    return true;
  }
}
