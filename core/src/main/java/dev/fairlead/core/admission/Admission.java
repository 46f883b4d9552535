package dev.fairlead.core.admission;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Target;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The gate every request passes once its plan is known and before any provider is called. Nothing
 * is spent without a permit, and every permit is closed once.
 */
public interface Admission {
  /** Asks for {@code ask}'s plan to be carried out. */
  Decision reserve(Ask ask);

  /**
   * What is known of a request when it asks to be admitted.
   *
   * @param id the request's
   * @param attribution whom it is put down to
   * @param snapshot the configuration it runs under
   * @param caller the sending program
   * @param session its session, or null
   * @param prompt how large its prompt is at the very least, and its text at most
   * @param bodyBytes size of its body
   * @param maxOutputTokens most output tokens it asks for per reply, or null when it sets no limit
   * @param choices how many replies it asks for, of all prompts together, at least 1
   * @param atMillis when it arrived, epoch milliseconds
   */
  record Ask(
      String id,
      Principal principal,
      Attribution attribution,
      Snapshot snapshot,
      Receipt.Caller caller,
      @Nullable String session,
      Operation operation,
      Plan plan,
      PromptFloor prompt,
      int bodyBytes,
      @Nullable Long maxOutputTokens,
      int choices,
      long atMillis) {}

  /** What the gate says. */
  sealed interface Decision {
    /** Go ahead. */
    record Admit(Permit permit) implements Decision {}

    /** Not now, or not at all. */
    record Refuse(Failure.Denied denial) implements Decision {}

    /**
     * Shared counters are being asked; the answer comes through {@code whenDecided}, at the latest
     * at {@code deadlineMillis} (epoch milliseconds).
     */
    record Pending(java.util.concurrent.CompletionStage<Decision> whenDecided, long deadlineMillis)
        implements Decision {}
  }

  /**
   * The right to spend what was reserved. Closed by exactly one of {@link #settle}, {@link
   * #release} and {@link #abandon}. Confined to one thread at a time.
   */
  interface Permit {
    /**
     * Asks whether {@code target} may be called now. Called before every attempt: what counts only
     * requests to this target is reserved here, and what the attempt may cost beyond what has been
     * reserved and not yet spent.
     *
     * @return null to go ahead; else why this target must be left out, while others may do
     */
    default Failure.@Nullable Denied attempt(Target target) {
      return null;
    }

    /**
     * What the attempt under way has used so far, on long streams.
     *
     * @param model the provider's own name of it
     */
    default void progress(Target target, String model, Usage soFar) {}

    /**
     * What an attempt has used in the end. Called once at most for each attempt.
     *
     * @param model the provider's own name of it
     * @param costNanoUsd empty when the price is not known
     */
    default void charge(Target target, String model, Usage usage, OptionalLong costNanoUsd) {}

    /** The request reached a provider; what was charged is all that it used. */
    void settle();

    /** No provider was reached: nothing was spent. */
    void release();

    /** Nobody knows what was spent: all that is reserved counts, where an attempt had begun. */
    default void abandon() {
      settle();
    }

    /** What the operator should know: limits that only observe and would have refused. */
    default List<String> warnings() {
      return List.of();
    }

    /** Headers for the client that say how much of its limits is used; usually none. */
    default Headers replyHeaders() {
      return Headers.EMPTY;
    }
  }
}
