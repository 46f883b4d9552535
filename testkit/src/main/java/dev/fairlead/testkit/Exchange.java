package dev.fairlead.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** What a {@link FakeProvider} knows of one request beyond its bytes. */
final class Exchange {
  /** When and how the client closed the connection that carried the request. */
  record Departure(long atNanos, boolean byReset) {}

  private final ReceivedRequest request;
  private final CompletableFuture<Departure> departed;
  private final CompletableFuture<ScriptOutcome> outcome = new CompletableFuture<>();
  private final AtomicLong bytesWritten = new AtomicLong();

  Exchange(ReceivedRequest request, CompletableFuture<Departure> departed) {
    this.request = request;
    this.departed = departed;
  }

  ReceivedRequest request() {
    return request;
  }

  CompletableFuture<Departure> departed() {
    return departed;
  }

  CompletableFuture<ScriptOutcome> outcome() {
    return outcome;
  }

  AtomicLong bytesWritten() {
    return bytesWritten;
  }
}
