package dev.fairlead.core.admission;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.routing.Plan;
import java.util.OptionalLong;

/**
 * The gate every request passes once its plan is known and before any provider is called. Nothing
 * is spent without a permit, and every permit is closed once.
 */
public interface Admission {
  /** Asks for {@code plan} to be carried out for {@code principal}. */
  Decision reserve(Principal principal, Plan plan);

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
