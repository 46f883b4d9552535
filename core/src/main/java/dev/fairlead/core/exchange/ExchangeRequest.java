package dev.fairlead.core.exchange;

import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.CacheWatch;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All an exchange knows of its request. Made once the plan stands.
 *
 * @param id ours, a UUIDv7
 * @param receivedNanos monotonic time at which the headers had arrived
 * @param receivedMillis the same as epoch milliseconds
 * @param uploadNanos time the client took to send the body, which is none of our overhead
 * @param clientRequestId the client's own {@code x-request-id}, or null
 * @param attribution whom it is put down to
 * @param session the client's session, or null
 * @param dialect the client's, in which it asks and is answered
 * @param renderer makes the request for a target
 * @param warnings sentences for the operator gathered before
 */
public record ExchangeRequest(
    String id,
    long receivedNanos,
    long receivedMillis,
    long uploadNanos,
    @Nullable String clientRequestId,
    Principal principal,
    Receipt.Caller caller,
    Attribution attribution,
    @Nullable String session,
    Operation operation,
    WireDialect dialect,
    RequestFacts facts,
    Plan plan,
    Renderer renderer,
    List<String> warnings) {
  public ExchangeRequest {
    warnings = List.copyOf(warnings);
  }

  /** Makes the request that goes to a target, from the client's bytes. */
  @FunctionalInterface
  public interface Renderer {
    /** Renders for choice {@code keyIndex} of {@code target}. */
    Rendered render(Target target, int keyIndex);

    /**
     * The provider refused what was rendered last with 400 or 422. Learns what it does not take and
     * the request can do without.
     *
     * @param error what it said, as read
     * @param body what it said, whole
     * @return whether the request, rendered again, would now go without something it had
     */
    default boolean learns(
        Target target, int keyIndex, ReplyReader.ProviderError error, Bytes body) {
      return false;
    }

    /** What the client's prompt is made of. */
    default CacheWatch.Print print() {
      return CacheWatch.Print.EMPTY;
    }
  }
}
