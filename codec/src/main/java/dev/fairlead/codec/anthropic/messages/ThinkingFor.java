package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.prompt.Reasoning;
import java.util.Locale;

/**
 * What a model takes of the Messages API, told by its name: thinking by budget or adaptive, effort,
 * sampling, prefilled replies, schemas (Anthropic docs, "Adaptive thinking", "Effort", "Structured
 * outputs" and the migration guides). A Claude name that is not known is taken for a newer one;
 * other vendors' models behind this API take what Claude 4.5 took, without schemas.
 *
 * @param style how thinking is asked for
 * @param off what {@code thinking} says when none is wanted
 * @param effort whether it takes {@code output_config.effort}
 * @param xhigh whether {@code xhigh} is among its efforts; {@code max} otherwise is above high
 * @param sampling whether it takes temperature, top_p and top_k
 * @param bothNucleusAndTemperature whether it takes temperature and top_p in one request
 * @param prefill whether the last message may be the assistant's
 * @param schemas whether it takes {@code output_config.format}
 * @param systemTurns whether it takes messages of role {@code system}
 * @param mostOutput most tokens it generates, or {@link Long#MAX_VALUE} where the default of this
 *     codec is safe anyway
 */
record ThinkingFor(
    Style style,
    Off off,
    boolean effort,
    boolean xhigh,
    boolean sampling,
    boolean bothNucleusAndTemperature,
    boolean prefill,
    boolean schemas,
    boolean systemTurns,
    long mostOutput) {
  /** How thinking is asked for. */
  enum Style {
    NONE,
    BUDGET,
    ADAPTIVE
  }

  /** What is said when no thinking is wanted. */
  enum Off {
    /** Nothing: it does not think unless asked. */
    SILENCE,
    /** {@code {"type":"disabled"}}. */
    DISABLED,
    /** It cannot be had: the least effort comes nearest. */
    NEVER
  }

  /** What the model of this name takes; the name may have any vendor's prefixes and suffixes. */
  static ThinkingFor of(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    int claude = name.indexOf("claude");
    if (claude < 0) {
      return new ThinkingFor(
          Style.BUDGET, Off.DISABLED, false, false, true, true, true, false, false, Long.MAX_VALUE);
    }
    Version version = Version.of(name.substring(claude));
    return version.number == 0 ? newest(version) : known(version);
  }

  private static ThinkingFor known(Version version) {
    int number = version.number;
    if (number < 307) {
      long most = number < 305 ? 4096 : 8192;
      return new ThinkingFor(
          Style.NONE, Off.SILENCE, false, false, true, true, true, false, false, most);
    }
    if (number < 406) {
      boolean opus = version.family.equals("opus");
      boolean schemas = number == 405 || (opus && number == 401);
      return new ThinkingFor(
          Style.BUDGET,
          Off.DISABLED,
          opus && number == 405,
          false,
          true,
          number < 401,
          true,
          schemas,
          false,
          opus && number < 405 ? 32_000 : 64_000);
    }
    if (number < 407) {
      return new ThinkingFor(
          Style.ADAPTIVE,
          Off.DISABLED,
          true,
          false,
          true,
          false,
          false,
          true,
          false,
          Long.MAX_VALUE);
    }
    return newest(version);
  }

  private static ThinkingFor newest(Version version) {
    boolean unknown = version.number == 0;
    Off off;
    if (!unknown && version.number < 500) {
      off = Off.SILENCE;
    } else if (!unknown
        && (version.family.equals("haiku")
            || (version.number < 505
                && (version.family.equals("opus") || version.family.equals("sonnet"))))) {
      off = Off.DISABLED;
    } else {
      off = Off.NEVER;
    }
    boolean systemTurns =
        version.number >= 500 || (version.number >= 408 && version.family.equals("opus"));
    return new ThinkingFor(
        Style.ADAPTIVE, off, true, true, false, false, false, true, systemTurns, Long.MAX_VALUE);
  }

  /** The budget that goes with an effort, for models that take budgets only. */
  static long budget(Reasoning.Effort effort) {
    return switch (effort) {
      case NONE, MINIMAL -> 1024;
      case LOW -> 2048;
      case MEDIUM -> 8192;
      case HIGH -> 16_384;
      case XHIGH -> 24_576;
      case MAX -> 31_999;
    };
  }

  /** The effort a budget stands for, for models that take none. */
  static Reasoning.Effort effort(long budget) {
    if (budget <= 4096) {
      return Reasoning.Effort.LOW;
    }
    return budget <= 10_000 ? Reasoning.Effort.MEDIUM : Reasoning.Effort.HIGH;
  }

  /** The word for an effort this model knows. */
  String word(Reasoning.Effort wanted) {
    return switch (wanted) {
      case NONE, MINIMAL, LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH -> "high";
      case XHIGH -> xhigh ? "xhigh" : "high";
      case MAX -> style == Style.ADAPTIVE ? "max" : "high";
    };
  }

  /** Family and version, such as opus and 405 for 4.5; version 0 when the name tells none. */
  private record Version(String family, int number) {
    static Version of(String name) {
      String family = "";
      int major = -1;
      int minor = -1;
      int at = "claude".length();
      while (at < name.length()) {
        int end = at;
        boolean digits = true;
        while (end < name.length() && Character.isLetterOrDigit(name.charAt(end))) {
          digits &= Character.isDigit(name.charAt(end));
          end++;
        }
        // Longer numbers are dates.
        if (digits && end > at && end - at <= 2) {
          if (major < 0) {
            major = Integer.parseInt(name, at, end, 10);
          } else if (minor < 0) {
            minor = Integer.parseInt(name, at, end, 10);
          }
        } else if (end > at && !digits) {
          String word = name.substring(at, end);
          switch (word) {
            case "opus", "sonnet", "haiku", "fable", "mythos" -> family = word;
            case "instant", "v2" -> major = 2;
            default -> {}
          }
        } else if (digits && end - at > 2 && minor < 0) {
          minor = 0;
        }
        at = end + 1;
      }
      return new Version(family, major < 0 ? 0 : major * 100 + Math.max(0, minor));
    }
  }
}
