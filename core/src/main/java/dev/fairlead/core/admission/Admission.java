package dev.fairlead.core.admission;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.routing.Plan;
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
   * @param prompt how large its prompt is at the very least
   * @param bodyBytes size of its body
   * @param maxOutputTokens most output tokens it asks for per choice, or null when it sets no limit
   * @param choices how many alternative replies it asks for, at least 1
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
   * The right to spend what was reserved. Closed by exactly one of {@link #settle} and {@link
   * #release}.
   */
  interface Permit {
    /** What has been used so far, on long streams. */
    void progress(Usage usage);

    /** The request reached a provider and used this much. */
    void settle(Usage usage, OptionalLong costNanoUsd);

    /** No provider was reached: nothing was spent. */
    void release();
  }
}
