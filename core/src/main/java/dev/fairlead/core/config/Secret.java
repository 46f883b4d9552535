package dev.fairlead.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A credential that never shows itself: {@link #toString()} masks it, comparison takes constant
 * time.
 */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps a credential; fails on an empty one. */
  public static Secret of(String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a secret is not empty");
    }
    return new Secret(value);
  }

  /** The credential itself, for the one place that sends it. */
  public String reveal() {
    return value;
  }

  /**
   * Whether {@code candidate} is this credential, in time that does not depend on where they
   * differ.
   */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret that && matches(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return "***";
  }
}
