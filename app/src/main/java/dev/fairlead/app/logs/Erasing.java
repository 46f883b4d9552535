package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.store.log.Erasure;
import dev.fairlead.store.log.Facet;
import java.time.LocalDate;
import java.util.HashSet;
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
      boolean clean = true;
      for (String value : values) {
        Set<LocalDate> days = new HashSet<>();
        Erasure.Slice some;
        do {
          some = pump.ask(writer -> new Erasure(writer).slice(facet, value)).get();
          erased += some.rows();
          days.addAll(some.days());
        } while (some.rows() > 0);
        if (days.isEmpty()) {
          // Perhaps an erasure before this one was not finished.
          days.addAll(pump.ask(writer -> new Erasure(writer).days()).get());
        }
        for (LocalDate day : days) {
          clean &= pump.ask(writer -> new Erasure(writer).clean(day)).get();
        }
        clean &= pump.ask(writer -> new Erasure(writer).finish(facet, value)).get();
        pump.lines().erase(facet, value);
      }
      if (!clean) {
        throw ApiProblem.unavailable(
            erased
                + " requests were erased, but somebody read the log meanwhile, so that files may"
                + " still hold what they said. Try again.");
      }
      return erased;
    } catch (ExecutionException | CancellationException failed) {
      throw ApiProblem.unavailable(
          "The request log cannot be written now; " + erased + " requests were erased. Try again.");
    }
  }
}
