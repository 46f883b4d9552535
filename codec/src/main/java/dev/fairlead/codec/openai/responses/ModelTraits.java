package dev.fairlead.codec.openai.responses;

import dev.fairlead.core.prompt.Reasoning.Effort;
import java.util.Locale;

/**
 * What OpenAI's own models take of {@code reasoning} and sampling, by their names (OpenAI model
 * pages); of other models nothing is known, and they get what the client said.
 */
final class ModelTraits {
  private enum Family {
    /** Never thinks, and refuses to be told how. */
    PLAIN,
    /** OpenAI's o-series. */
    O,
    /** OpenAI's gpt-5 and later. */
    GPT,
    UNKNOWN
  }

  private final Family family;
  private final String name;
  private final int major;
  private final int minor;

  ModelTraits(String model) {
    name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int first = 0;
    int second = 0;
    if (name.startsWith("gpt-")) {
      int at = 4;
      while (at < name.length() && isDigit(name.charAt(at)) && first < 1000) {
        first = first * 10 + name.charAt(at++) - '0';
      }
      if (at < name.length() && name.charAt(at) == '.') {
        at++;
        while (at < name.length() && isDigit(name.charAt(at)) && second < 1000) {
          second = second * 10 + name.charAt(at++) - '0';
        }
      }
    }
    major = first;
    minor = second;
    if (name.startsWith("chatgpt-") || name.startsWith("gpt-5-chat") || (major > 0 && major < 5)) {
      family = Family.PLAIN;
    } else if (major >= 5) {
      family = Family.GPT;
    } else if (name.length() > 1 && name.charAt(0) == 'o' && isDigit(name.charAt(1))) {
      family = Family.O;
    } else {
      family = Family.UNKNOWN;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** Whether it may think, so that a request may say how much. */
  boolean mayReason() {
    return family != Family.PLAIN;
  }

  /** Whether it refuses temperature and the like while it thinks as {@code effort} says. */
  boolean samplesItself(boolean thinks) {
    return family == Family.O || (family == Family.GPT && (thinks || minor == 0));
  }

  /** The nearest effort it takes. */
  Effort nearest(Effort wanted) {
    return switch (family) {
      case PLAIN, UNKNOWN -> wanted;
      case O -> between(wanted, Effort.LOW, Effort.HIGH);
      case GPT -> {
        if (major > 5) {
          yield between(wanted, Effort.LOW, Effort.MAX);
        }
        if (wanted == Effort.NONE && minor > 0) {
          yield wanted;
        }
        boolean codex = name.contains("codex");
        Effort least = minor == 0 && !codex ? Effort.MINIMAL : Effort.LOW;
        Effort most =
            minor >= 6
                ? Effort.MAX
                : minor >= 2 || name.contains("codex-max") ? Effort.XHIGH : Effort.HIGH;
        yield between(wanted, least, most);
      }
    };
  }

  private static Effort between(Effort wanted, Effort least, Effort most) {
    return wanted.compareTo(least) < 0 ? least : wanted.compareTo(most) > 0 ? most : wanted;
  }
}
