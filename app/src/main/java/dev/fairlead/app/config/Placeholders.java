package dev.fairlead.app.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Values that stand in instructions where a credential belongs, and that people paste as they are.
 */
final class Placeholders {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:dummy|changeme|change[-_"
              + " ]me|placeholder|todo|none|null|undefined|secret|password|api[-_]?key|token)|(?:dummy|placeholder|replace|insert|enter|paste)[-_"
              + " ].*|(?:.*[^a-z0-9])?your[-_ ].*|.*[-_ ]here"
              + "|<.*>|\\$\\{.*}|\\$[a-z_]+|\\{\\{.*}}|%.*%|(?:[a-z]{2,4}[-_])*x{3,}"
              + "|.*(?:\\.\\.\\.|…)",
          Pattern.DOTALL);
  private static final Pattern MASKED = Pattern.compile(".*(?:\\*{3,}|•{3,}).*", Pattern.DOTALL);

  private Placeholders() {}

  /** Whether nobody can mean {@code value} as a credential. */
  static boolean matches(String value) {
    return FORM.matcher(value.toLowerCase(Locale.ROOT)).matches();
  }

  /** Whether {@code value} was copied from a display that hides most of it. */
  static boolean masked(String value) {
    return MASKED.matcher(value).matches();
  }
}
