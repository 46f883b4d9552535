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
   * A fault told with status 400.
   *
   * @param code stable name of the kind of fault
   * @param message what is wrong, where, and what to do
   * @param param path of the field it is about, or null
   */
  public RequestFault(String code, String message, @Nullable String param) {
    super(message, null, false, false);
    this.fault = new Failure.ClientFault(400, code, message, param);
  }

  static RequestFault of(MalformedBody malformed) {
    return new RequestFault(malformed.reason().code(), malformed.description(), malformed.key());
  }

  /** The field at path {@code field} is of another type than it must be. */
  public static RequestFault wrongType(String field, String wanted, String found) {
    return new RequestFault(
        "wrong_type", "\"" + field + "\" must be " + wanted + ", but it is " + found + ".", field);
  }

  public Failure.ClientFault fault() {
    return fault;
  }
}
