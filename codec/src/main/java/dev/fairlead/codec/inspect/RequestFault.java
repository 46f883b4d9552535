package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.failure.Failure;
import org.jspecify.annotations.Nullable;

/**
 * A body we cannot serve, as the failure the client is told. Without a stack trace: strangers cause
 * it.
 */
public final class RequestFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure.ClientFault fault;

  /**
   * A fault with its stable {@code code}, a sentence that says what to do, and the field it is
   * about, or null.
   */
  public RequestFault(String code, String message, @Nullable String param) {
    super(message, null, false, false);
    this.fault = new Failure.ClientFault(400, code, message, param);
  }

  static RequestFault of(MalformedBody malformed) {
    return new RequestFault(malformed.reason().code(), malformed.description(), malformed.key());
  }

  /** {@code field}, given by its path, must be {@code wanted} but is {@code found}. */
  public static RequestFault wrongType(String field, String wanted, String found) {
    return new RequestFault(
        "wrong_type", "\"" + field + "\" must be " + wanted + ", but it is " + found + ".", field);
  }

  public Failure.ClientFault fault() {
    return fault;
  }
}
