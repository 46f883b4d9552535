package dev.fairlead.codec.json;

import org.jspecify.annotations.Nullable;

/** A body that is not the one JSON object it has to be. Thrown by {@link Envelope}; carries no stack trace. */
public final class MalformedBody extends Exception {
  private static final long serialVersionUID = 1;

  /** What kind of wrong. */
  public enum Reason {
    EMPTY("invalid_json"),
    NOT_AN_OBJECT("invalid_json"),
    SYNTAX("invalid_json"),
    TRAILING("invalid_json"),
    TOO_DEEP("too_deep"),
    DUPLICATE_KEY("duplicate_key");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** Code for error bodies. */
    public String code() {
      return code;
    }
  }

  private final Reason reason;
  private final @Nullable String key;

  MalformedBody(Reason reason, String message, @Nullable String key) {
    super(message, null, false, false);
    this.reason = reason;
    this.key = key;
  }

  public Reason reason() {
    return reason;
  }

  /** The key it is about, or null. */
  public @Nullable String key() {
    return key;
  }

  /** In words for people; holds offsets and key names, never values. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? reason.code() : message;
  }
}
