package dev.fairlead.core.routing;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule's expression, checked and ready to be asked. Safe for use by several threads. */
public interface Condition {
  /** What may come of asking. */
  enum Verdict {
    TRUE,
    FALSE,
    /** It needs something the request does not reveal. */
    UNKNOWN
  }

  /**
   * An answer.
   *
   * @param why what was missing or failed, in words for people; empty when neither
   * @param failed whether evaluation failed, though the request reveals all that was asked for
   */
  record Answer(Verdict verdict, String why, boolean failed) {
    public static final Answer TRUE = new Answer(Verdict.TRUE, "", false);
    public static final Answer FALSE = new Answer(Verdict.FALSE, "", false);

    /** It cannot be decided, because the request does not reveal enough. */
    public static Answer unknown(String why) {
      return new Answer(Verdict.UNKNOWN, why, false);
    }

    /** It cannot be decided, because evaluation failed. */
    public static Answer failed(String why) {
      return new Answer(Verdict.UNKNOWN, why, true);
    }
  }

  /** What is known of a request. */
  @FunctionalInterface
  interface Facts {
    /**
     * The value of {@code variable} as its type says ({@code String}, {@code Long}, {@code Double},
     * {@code Boolean}, {@code List<String>}, {@code Map<String, String>}, {@code Instant}), or null
     * when the request does not reveal it.
     */
    @Nullable Object value(Variable variable);
  }

  /** Turns the text of expressions into conditions. */
  @FunctionalInterface
  interface Compiler {
    /**
     * Compiles {@code expression}.
     *
     * @throws IllegalArgumentException when it is not valid; the message says why
     */
    Condition compile(String expression);
  }

  /** What it looks at. */
  Set<Variable> needs();

  /** Asks; never throws. */
  Answer test(Facts facts);
}
