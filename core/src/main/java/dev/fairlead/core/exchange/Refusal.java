package dev.fairlead.core.exchange;

import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.exchange.Receipt.Timings;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A request that ended before any provider was chosen: what was known of it by then.
 *
 * @param requestedModel as the client wrote it, or null when it was not read
 * @param bodyBytes bytes of body read
 * @param failure what the client was told, or null when it left before
 */
public record Refusal(
    String id,
    long receivedNanos,
    long receivedMillis,
    @Nullable String clientRequestId,
    String principal,
    Caller caller,
    @Nullable Operation operation,
    @Nullable String requestedModel,
    boolean stream,
    long bodyBytes,
    @Nullable Failure failure) {

  /**
   * The receipt; {@code now} is monotonic and {@code sentBytes} what the client was sent of body.
   */
  public Receipt receipt(long now, long sentBytes) {
    Dialect dialect = operation == null ? null : operation.dialect();
    long micros = (now - receivedNanos) / 1_000;
    return new Receipt(
        id,
        receivedMillis,
        clientRequestId,
        principal,
        caller,
        null,
        operation,
        dialect,
        dialect,
        requestedModel,
        stream,
        List.of(),
        failure == null ? Outcome.CANCELLED : Outcome.REFUSED,
        failure == null ? 0 : failure.status(),
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
        new Timings(micros, failure == null ? -1 : micros, failure == null ? -1 : micros, 0));
  }
}
