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

  /** {@code param} names the field by its path, or is null when it is about the whole body. */
  public RequestFault(String code, String message, @Nullable String param) {
    super(message, null, false, false);
    this.fault = new Failure.ClientFault(400, code, message, param);
  }

  static RequestFault of(MalformedBody malformed) {
    return new RequestFault(malformed.reason().code(), malformed.description(), malformed.key());
  }

  /** A field of another type than its dialect allows. */
  public static RequestFault wrongType(String field, String wanted, String found) {
    return new RequestFault(
        "wrong_type", "\"" + field + "\" must be " + wanted + ", but it is " + found + ".", field);
  }

  public Failure.ClientFault fault() {
    return fault;
  }
}
