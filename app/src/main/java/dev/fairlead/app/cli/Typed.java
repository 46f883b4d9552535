package dev.fairlead.app.cli;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/**
 * What was typed of the options of serving, by their names without dashes; of a switch "true".
 *
 * @param values never null
 */
record Typed(Map<String, String> values) {
  Typed {
    values = Map.copyOf(values);
  }

  /** What was typed before a command or behind one that declares the option, which wins. */
  static Typed of(ParseResult parsed) {
    Map<String, String> values = new HashMap<>();
    ParseResult at = parsed;
    while (at != null) {
      for (String option : ServeArguments.VALUES) {
        String given = at.matchedOptionValue("--" + option, null);
        if (given != null) {
          values.put(option, given);
        }
      }
      for (String option : ServeArguments.SWITCHES) {
        if (at.hasMatchedOption("--" + option)) {
          values.put(option, "true");
        }
      }
      at = at.hasSubcommand() ? at.subcommand() : null;
    }
    return new Typed(values);
  }

  /** What is typed when it is nothing but plain options of serving, each once; otherwise null. */
  static @Nullable Typed plain(String[] arguments) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      int dashes = argument.startsWith("--") ? 2 : argument.startsWith("-") ? 1 : 0;
      int equals = argument.indexOf('=');
      String option = argument.substring(dashes, equals < 0 ? argument.length() : equals);
      String value;
      if (dashes > 0 && equals < 0 && ServeArguments.SWITCHES.contains(option)) {
        value = "true";
      } else if (dashes > 0 && ServeArguments.VALUES.contains(option)) {
        if (equals >= 0) {
          value = argument.substring(equals + 1);
        } else if (i + 1 < arguments.length && !arguments[i + 1].startsWith("-")) {
          value = arguments[++i];
        } else {
          return null;
        }
      } else {
        return null;
      }
      if (values.put(option, value) != null) {
        return null;
      }
    }
    return new Typed(values);
  }

  @Nullable String value(String option) {
    return values.get(option);
  }

  /** Whether the option stands on the command line. */
  boolean has(String option) {
    return values.containsKey(option);
  }
}
