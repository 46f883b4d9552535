package dev.fairlead.app.connect;

import dev.fairlead.core.exchange.Receipt;
import org.jspecify.annotations.Nullable;

/**
 * Something that has arrived.
 *
 * @param atMillis epoch milliseconds
 * @param id of the request in the log; empty for a preflight, which is not logged
 * @param model as it was asked for, or empty
 * @param feature what of the client asked, or empty
 * @param status what it was answered with
 * @param code of the failure, or null
 * @param message of the failure, or null
 */
record Step(
    long atMillis,
    String id,
    String model,
    String feature,
    int status,
    @Nullable String code,
    @Nullable String message) {
  static Step of(Receipt receipt) {
    String model = receipt.requestedModel();
    return new Step(
        receipt.receivedAtMillis(),
        receipt.id(),
        model == null ? "" : model,
        receipt.caller().feature(),
        receipt.status(),
        receipt.failureCode(),
        receipt.failureMessage());
  }

  static Step preflight(long atMillis) {
    return new Step(atMillis, "", "", "", 204, null, null);
  }

  /** The same for who may not see it: that it was, and of what kind. */
  Step withoutWhose() {
    return new Step(
        atMillis, "", "", "", status, code, "A request came with a key that is not accepted.");
  }
}
