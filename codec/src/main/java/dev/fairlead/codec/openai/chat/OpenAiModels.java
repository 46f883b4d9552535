package dev.fairlead.codec.openai.chat;

import dev.fairlead.core.prompt.Reasoning.Effort;
import org.jspecify.annotations.Nullable;

/**
 * What OpenAI's own models take, by their names (OpenAI model pages and "Using reasoning models"):
 * GPT-4 and older refuse {@code reasoning_effort}; reasoning models refuse samplings other than the
 * default, and each generation knows its own words for effort. Of other names nothing is assumed.
 */
enum OpenAiModels {
  /** Without reasoning: GPT-3.5, GPT-4, GPT-4o, GPT-4.1. */
  PLAIN,
  /** o1, o3, o4-mini. */
  O_SERIES,
  /** GPT-5 itself. */
  GPT_5,
  /** GPT-5.1. */
  GPT_5_1,
  /** GPT-5.2 and later. */
  GPT_5_LATER,
  /** Not OpenAI's, or not known. */
  OTHER;

  static OpenAiModels of(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    if (name.startsWith("gpt-4") || name.startsWith("gpt-3") || name.startsWith("chatgpt-4")) {
      return PLAIN;
    }
    if (name.length() >= 2
        && name.charAt(0) == 'o'
        && name.charAt(1) >= '1'
        && name.charAt(1) <= '9'
        && (name.length() == 2 || name.charAt(2) == '-')) {
      return O_SERIES;
    }
    if (!name.startsWith("gpt-5")) {
      return OTHER;
    }
    if (name.contains("-chat")) {
      return PLAIN;
    }
    if (name.startsWith("gpt-5.")) {
      return name.startsWith("gpt-5.1") && !isDigit(name, 7) ? GPT_5_1 : GPT_5_LATER;
    }
    return GPT_5;
  }

  private static boolean isDigit(String name, int at) {
    return at < name.length() && name.charAt(at) >= '0' && name.charAt(at) <= '9';
  }

  /** Whether temperature, penalties, stop sequences and the like are refused. */
  boolean refusesSampling(boolean thinks) {
    return switch (this) {
      case PLAIN, OTHER -> false;
      case O_SERIES, GPT_5 -> true;
      case GPT_5_1, GPT_5_LATER -> thinks;
    };
  }

  /** The nearest effort it knows, or null when it takes none. */
  @Nullable Effort nearest(Effort wanted) {
    return switch (this) {
      case PLAIN -> null;
      case OTHER -> wanted;
      case O_SERIES -> clamp(wanted, Effort.LOW, Effort.HIGH);
      case GPT_5 -> clamp(wanted, Effort.MINIMAL, Effort.HIGH);
      case GPT_5_1 -> wanted == Effort.NONE ? wanted : clamp(wanted, Effort.LOW, Effort.HIGH);
      case GPT_5_LATER -> wanted == Effort.NONE ? wanted : clamp(wanted, Effort.LOW, Effort.XHIGH);
    };
  }

  private static Effort clamp(Effort wanted, Effort least, Effort most) {
    if (wanted.compareTo(least) < 0) {
      return least;
    }
    return wanted.compareTo(most) > 0 ? most : wanted;
  }
}
