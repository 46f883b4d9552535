package dev.fairlead.codec.json;

import org.jspecify.annotations.Nullable;

/**
 * A document we do not accept. The message says what is wrong and at which byte, and never quotes
 * the document beyond the name of a key somebody asked for. It carries no stack trace: strangers
 * decide how often it is thrown.
 */
public final class MalformedBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a document is refused; {@link #code()} is the stable name in error bodies and logs. */
  public enum Reason {
    EMPTY("empty_body"),
    BYTE_ORDER_MARK("byte_order_mark"),
    NOT_AN_OBJECT("not_an_object"),
    INVALID_JSON("invalid_json"),
    TRAILING_BYTES("trailing_bytes"),
    TOO_DEEP("too_deep"),
    DUPLICATE_KEY("duplicate_key"),
    AMBIGUOUS_KEY("ambiguous_key"),
    TOO_MANY_KEYS("too_many_keys");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  private final Reason reason;
  private final int offset;
  private final @Nullable String key;

  MalformedBody(Reason reason, int offset, String message, @Nullable String key) {
    super(message, null, false, false);
    this.reason = reason;
    this.offset = offset;
    this.key = key;
  }

  public Reason reason() {
    return reason;
  }

  /** Where, in bytes from the beginning of the document. */
  public int offset() {
    return offset;
  }

  /** The top-level key it is about, or null. */
  public @Nullable String key() {
    return key;
  }

  /** What is wrong and where, in one sentence. */
  public String description() {
    String message = getMessage();
    return message == null ? reason.code() : message;
  }
}
