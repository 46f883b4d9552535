package dev.fairlead.core.exchange;

import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.exchange.Receipt.Timings;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request that ended without a provider: what was known of it by then.
 *
 * @param attribution whom it is put down to
 * @param requestedModel as the client wrote it, or null when it was not read
 * @param bodyBytes bytes of body read
 * @param uploadNanos time the client took to send its body
 * @param failure what the client was told, or null when it left before
 */
public record Refusal(
    String id,
    long receivedNanos,
    long receivedMillis,
    @Nullable String clientRequestId,
    String principal,
    Caller caller,
    Attribution attribution,
    @Nullable Operation operation,
    @Nullable String requestedModel,
    boolean stream,
    long bodyBytes,
    long uploadNanos,
    @Nullable Failure failure) {

  /**
   * The receipt; {@code now} is monotonic and {@code sentBytes} what the client was sent of body.
   */
  public Receipt receipt(long now, long sentBytes) {
    return failure == null
        ? receipt(Outcome.CANCELLED, 0, now, sentBytes)
        : receipt(Outcome.REFUSED, failure.status(), now, sentBytes);
  }

  /** The receipt of a request that was answered with {@code status} by the gateway itself. */
  public Receipt answered(int status, long now, long sentBytes) {
    return receipt(Outcome.COMPLETED, status, now, sentBytes);
  }

  private Receipt receipt(Outcome outcome, int status, long now, long sentBytes) {
    Dialect dialect = operation == null ? null : operation.dialect();
    long micros = (now - receivedNanos) / 1_000;
    return new Receipt(
        id,
        receivedMillis,
        clientRequestId,
        principal,
        caller,
        attribution,
        null,
        operation,
        dialect,
        dialect,
        requestedModel,
        stream,
        List.of(),
        outcome,
        status,
        failure == null ? null : failure.code(),
        failure == null ? null : failure.message(),
        Usage.NONE,
        OptionalLong.of(0),
        Lane.NONE,
        Lane.NONE,
        List.of(),
        List.of(),
        null,
        null,
        bodyBytes,
        sentBytes,
        new Timings(
            micros,
            status == 0 ? -1 : micros,
            status == 0 ? -1 : Math.max(0, micros - uploadNanos / 1_000),
            0));
  }
}
