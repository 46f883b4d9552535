package dev.fairlead.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A door in a script that the test opens by hand: the scripted provider waits in front of it, so no
 * test has to sleep.
 *
 * <p>A gate opens once and stays open. {@link #awaitReached} tells the test that a script stands in
 * front of it, which means that everything before it has been written.
 */
public final class Gate {
  private final String name;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();

  private Gate(String name) {
    this.name = name;
  }

  /** A closed gate; the name appears in failures. */
  public static Gate closed(String name) {
    return new Gate(name);
  }

  public void open() {
    opened.complete(null);
  }

  public boolean isOpen() {
    return opened.isDone();
  }

  /** Waits until a script has come to this gate; fails after {@code timeout}. */
  public void awaitReached(Duration timeout) {
    try {
      reached.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no script came to " + this + " within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for a script to come to " + this, e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Called by the player: returns when the gate opens or {@code ended} completes, whichever is
   * first.
   */
  void pass(CompletableFuture<?> ended) {
    reached.complete(null);
    CompletableFuture.anyOf(opened, ended).exceptionally(failure -> null).join();
  }

  @Override
  public String toString() {
    return "gate '" + name + "' (" + (isOpen() ? "open" : "closed") + ")";
  }
}
