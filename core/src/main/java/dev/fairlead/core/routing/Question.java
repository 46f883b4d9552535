package dev.fairlead.core.routing;

import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the planner is asked.
 *
 * @param model as the client wrote it
 * @param fallbacks {@code provider/model} names of the request itself, in order
 * @param providerHint provider named by header for a bare model, or null
 * @param keyHint name or id of the provider key to use, or null
 * @param session the client's session, or null; with the principal it decides which of equal keys
 *     is used
 * @param seed decides where no session does
 */
public record Question(
    Operation operation,
    String model,
    List<String> fallbacks,
    Principal principal,
    @Nullable String providerHint,
    @Nullable String keyHint,
    @Nullable String session,
    long seed) {
  public Question {
    fallbacks = List.copyOf(fallbacks);
  }

  /** The same question about another model. */
  Question about(String other) {
    return new Question(
        operation, other, fallbacks, principal, providerHint, keyHint, session, seed);
  }
}
