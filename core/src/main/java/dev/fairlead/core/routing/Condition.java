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
   * @param why what was missing, in words for people; empty unless unknown
   */
  record Answer(Verdict verdict, String why) {
    public static final Answer TRUE = new Answer(Verdict.TRUE, "");
    public static final Answer FALSE = new Answer(Verdict.FALSE, "");

    /** It cannot be decided. */
    public static Answer unknown(String why) {
      return new Answer(Verdict.UNKNOWN, why);
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
