package dev.fairlead.app.cli;

import dev.fairlead.app.serve.ServeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of serving: on the command line, else in the environment, else by default. */
final class ServeArguments {
  private static final int DEFAULT_PORT = 8080;
  private static final String MIGRATE_ONLY = "migrate-only";
  private static final String NO_MIGRATE = "no-migrate";

  /** Options with a value. */
  static final List<String> VALUES =
      List.of("app-dir", "port", "host", "admin-port", "log-level", "log-style");

  /** Options without one. */
  static final List<String> SWITCHES = List.of(MIGRATE_ONLY, NO_MIGRATE);

  /** An option that cannot be used as it is written. */
  static final class BadOption extends Exception {
    private static final long serialVersionUID = 1;

    BadOption(String message) {
      super(message, null, false, false);
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  private ServeArguments() {}

  static void declare(CommandSpec spec) {
    add(
        spec,
        "app-dir",
        "DIR",
        "where configuration, keys and logs are kept (default ~/.config/fairlead)");
    add(spec, "port", "N", "port to listen on (default 8080; 0 for any free one)");
    add(spec, "host", "HOST", "address to listen on (default localhost: 127.0.0.1 and ::1)");
    add(spec, "admin-port", "N", "serve metrics and health on this port only");
    add(spec, "log-level", "LEVEL", "debug, info, warn or error (default info)");
    add(spec, "log-style", "STYLE", "pretty or json (default pretty)");
    flag(spec, MIGRATE_ONLY, "bring the store up to date and end");
    flag(spec, NO_MIGRATE, "end with an error when the store is of an older version");
  }

  private static void flag(CommandSpec spec, String name, String help) {
    spec.addOption(
        OptionSpec.builder("-" + name, "--" + name).type(boolean.class).description(help).build());
  }

  /** Whether the store is to be brought up to date and nothing else done. */
  static boolean migrateOnly(Typed typed, Map<String, String> environment) {
    return isSet(typed, environment, MIGRATE_ONLY, "MIGRATE_ONLY");
  }

  private static boolean isSet(
      Typed typed, Map<String, String> environment, String option, String variable) {
    if (typed.has(option)) {
      return true;
    }
    String value =
        environment.getOrDefault(
            "FAIRLEAD_" + variable, environment.getOrDefault("BIFROST_" + variable, ""));
    return value.strip().equalsIgnoreCase("true") || value.strip().equals("1");
  }

  private static void add(CommandSpec spec, String name, String label, String help) {
    spec.addOption(
        OptionSpec.builder("-" + name, "--" + name)
            .paramLabel(label)
            .type(String.class)
            .description(help)
            .build());
  }

  /** The app directory alone, for commands that need nothing else. */
  static Path directory(Typed typed, Map<String, String> environment) {
    String given = value(typed, environment, "app-dir", "FAIRLEAD_APP_DIR", "APP_DIR");
    if (given != null) {
      return Path.of(given);
    }
    String config = environment.get("XDG_CONFIG_HOME");
    Path base =
        config != null && !config.isBlank()
            ? Path.of(config)
            : Path.of(environment.getOrDefault("HOME", "."), ".config");
    return base.resolve("fairlead");
  }

  static ServeOptions options(Typed typed, Map<String, String> environment) throws BadOption {
    String host = value(typed, environment, "host", "FAIRLEAD_HOST", "APP_HOST");
    String port = value(typed, environment, "port", "FAIRLEAD_PORT", "APP_PORT");
    String adminPort = value(typed, environment, "admin-port", "FAIRLEAD_ADMIN_PORT", null);
    String level = value(typed, environment, "log-level", "FAIRLEAD_LOG_LEVEL", "LOG_LEVEL");
    String style = value(typed, environment, "log-style", "FAIRLEAD_LOG_STYLE", "LOG_STYLE");
    return new ServeOptions(
        directory(typed, environment),
        hosts(host),
        port == null ? DEFAULT_PORT : number(port, "-port"),
        adminPort == null ? -1 : number(adminPort, "-admin-port"),
        Math.max(1, Runtime.getRuntime().availableProcessors()),
        oneOf(level, "info", "-log-level", "debug", "info", "warn", "error"),
        oneOf(style, "pretty", "-log-style", "pretty", "json").equals("json"),
        isSet(typed, environment, NO_MIGRATE, "NO_MIGRATE"));
  }

  private static List<String> hosts(@Nullable String host) {
    if (host == null || host.equals("localhost")) {
      return localhost();
    }
    return List.of(host);
  }

  /** Both loopback addresses, as far as this machine has them. */
  private static List<String> localhost() {
    List<String> hosts = new ArrayList<>(List.of("127.0.0.1"));
    try {
      if (java.net.NetworkInterface.getByInetAddress(java.net.InetAddress.ofLiteral("::1"))
          != null) {
        hosts.add("::1");
      }
    } catch (java.net.SocketException unknown) {
      // A machine that cannot say which addresses it has is served on the one it surely has.
      return hosts;
    }
    return hosts;
  }

  private static int number(String text, String option) throws BadOption {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= 0 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, with the same words as a number that is out of range.
    }
    throw new BadOption(option + " " + text + ": a port is a number from 0 to 65535.");
  }

  private static String oneOf(
      @Nullable String given, String otherwise, String option, String... allowed) throws BadOption {
    if (given == null) {
      return otherwise;
    }
    String lower = given.strip().toLowerCase(Locale.ROOT);
    for (String value : allowed) {
      if (value.equals(lower)) {
        return value;
      }
    }
    throw new BadOption(
        option + " " + given + ": expected one of " + String.join(", ", allowed) + ".");
  }

  private static @Nullable String value(
      Typed typed,
      Map<String, String> environment,
      String option,
      String variable,
      @Nullable String older) {
    String given = typed.value(option);
    if (given == null) {
      given = environment.get(variable);
    }
    if ((given == null || given.isBlank()) && older != null) {
      given = environment.get(older);
    }
    return given == null || given.isBlank() ? null : given;
  }
}
