package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.store.log.Erasure;
import dev.fairlead.store.log.Facet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** Erases on the writer's thread, a slice at a time so that writing goes on between them. */
final class Erasing {
  private Erasing() {}

  /** Erases all requests with one of these values, and returns how many there were. */
  static long of(LogPump pump, Facet facet, Set<String> values)
      throws ApiProblem, InterruptedException {
    long erased = 0;
    try {
      for (String value : values) {
        int some;
        do {
          some = pump.ask(writer -> new Erasure(writer).slice(facet, value)).get();
          erased += some;
        } while (some > 0);
        pump.ask(
                writer -> {
                  new Erasure(writer).finish(facet, value);
                  return true;
                })
            .get();
      }
      return erased;
    } catch (ExecutionException | CancellationException failed) {
      throw ApiProblem.unavailable(
          "The request log cannot be written now; " + erased + " requests were erased. Try again.");
    }
  }
}
