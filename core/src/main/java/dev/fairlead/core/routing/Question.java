package dev.fairlead.core.routing;

import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.PromptFloor;
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
 * @param prompt how large the prompt is at the very least
 * @param view what rules may know of the request
 */
public record Question(
    Operation operation,
    String model,
    List<String> fallbacks,
    Principal principal,
    @Nullable String providerHint,
    @Nullable String keyHint,
    @Nullable String session,
    long seed,
    PromptFloor prompt,
    RequestView view) {
  public Question {
    fallbacks = List.copyOf(fallbacks);
  }

  /** A question no rule knows more about. */
  public Question(
      Operation operation,
      String model,
      List<String> fallbacks,
      Principal principal,
      @Nullable String providerHint,
      @Nullable String keyHint,
      @Nullable String session,
      long seed,
      PromptFloor prompt) {
    this(
        operation,
        model,
        fallbacks,
        principal,
        providerHint,
        keyHint,
        session,
        seed,
        prompt,
        RequestView.NOTHING);
  }

  /** A question of whose prompt nothing is known. */
  public Question(
      Operation operation,
      String model,
      List<String> fallbacks,
      Principal principal,
      @Nullable String providerHint,
      @Nullable String keyHint,
      @Nullable String session,
      long seed) {
    this(
        operation,
        model,
        fallbacks,
        principal,
        providerHint,
        keyHint,
        session,
        seed,
        PromptFloor.NONE);
  }

  /** The same question about another model. */
  public Question about(String other) {
    return new Question(
        operation, other, fallbacks, principal, providerHint, keyHint, session, seed, prompt, view);
  }
}
