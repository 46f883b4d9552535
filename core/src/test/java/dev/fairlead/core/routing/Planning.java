package dev.fairlead.core.routing;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Operation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a planner and puts the answer into words: {@code provider/model[key,key]}. */
final class Planning {
  static final Principal ANYBODY = new Principal.Anonymous(null);

  private final Snapshot snapshot;
  private long millis = 1_000;
  final Health health = new Health(() -> millis, (_, _) -> {});
  private final Planner planner = new Planner(health);

  Planning(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  static Question ask(String model) {
    return ask(model, ANYBODY);
  }

  static Question ask(String model, Principal principal, String... fallbacks) {
    return ask(Operation.CHAT_COMPLETION, model, principal, null, 1, fallbacks);
  }

  static Question ask(
      Operation operation,
      String model,
      Principal principal,
      @Nullable String session,
      long seed,
      String... fallbacks) {
    return new Question(operation, model, List.of(fallbacks), principal, null, null, session, seed);
  }

  void pass(long time) {
    millis += time;
  }

  List<String> targets(Question question) {
    List<String> words = new ArrayList<>();
    for (Target target : plan(question).targets()) {
      List<String> keys = target.keys().stream().map(key -> key.id()).toList();
      words.add(target + (target.direct() == null ? keys.toString() : "[direct]"));
    }
    return words;
  }

  List<String> targets(String model) {
    return targets(ask(model));
  }

  Plan plan(Question question) {
    Planner.Outcome outcome = planner.plan(question, snapshot);
    if (outcome instanceof Planner.Outcome.Planned(Plan plan)) {
      return plan;
    }
    throw new AssertionError("refused: " + outcome);
  }

  Failure refused(Question question) {
    Planner.Outcome outcome = planner.plan(question, snapshot);
    if (outcome instanceof Planner.Outcome.Refused(Failure failure, var _)) {
      return failure;
    }
    throw new AssertionError("planned: " + outcome);
  }
}
