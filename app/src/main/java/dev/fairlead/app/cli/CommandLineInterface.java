package dev.fairlead.app.cli;

import dev.fairlead.app.cli.ServeArguments.BadOption;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What can be typed: {@code fairlead [options]} serves; the rest is {@code fairlead COMMAND}. */
public final class CommandLineInterface {
  /** The version of this build. */
  public static final String VERSION = "0.1.0";

  private CommandLineInterface() {}

  /**
   * Runs a command line to its end.
   *
   * @return exit code: 0 for success, 1 for a failure, 2 for a command line that cannot be understood
   */
  public static int run(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    CommandSpec root = spec();
    CommandLine parser = new CommandLine(root);
    try {
      ParseResult parsed = parser.parseArgs(arguments);
      ParseResult last = parsed;
      StringBuilder path = new StringBuilder();
      while (true) {
        if (last.isUsageHelpRequested()) {
          last.commandSpec().commandLine().usage(out);
          return 0;
        }
        if (last.isVersionHelpRequested()) {
          out.println("fairlead " + VERSION);
          return 0;
        }
        if (!last.hasSubcommand()) {
          break;
        }
        last = last.subcommand();
        path.append(path.isEmpty() ? "" : " ").append(last.commandSpec().name());
      }
      return command(path.toString(), parsed, last, environment, out, err);
    } catch (ParameterException unclear) {
      err.println(unclear.getMessage());
      CommandLine.UnmatchedArgumentException.printSuggestions(unclear, new java.io.PrintWriter(err, true, java.nio.charset.StandardCharsets.UTF_8));
      err.println("fairlead --help lists what can be typed.");
      return 2;
    } catch (BadOption bad) {
      err.println(bad.text());
      return 2;
    }
  }

  private static int command(
      String path,
      ParseResult root,
      ParseResult last,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err)
      throws BadOption {
    return switch (path) {
      case "" -> ServeCommand.run(ServeArguments.options(root, environment), environment, out, err);
      default -> {
        last.commandSpec().commandLine().usage(out);
        yield 2;
      }
    };
  }

  private static CommandSpec spec() {
    CommandSpec root =
        CommandSpec.create()
            .name("fairlead")
            .version("fairlead " + VERSION)
            .mixinStandardHelpOptions(true);
    root.usageMessage()
        .description("A self-hosted AI gateway. Without a command it serves until it is stopped.");
    ServeArguments.declare(root);
    return root;
  }
}
