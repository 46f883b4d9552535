package dev.fairlead.app.cli;

import dev.fairlead.app.cli.ServeArguments.BadOption;
import java.io.PrintStream;
import java.util.Map;

/** Where a command line begins. */
public final class CommandLineInterface {
  private CommandLineInterface() {}

  /**
   * Runs a command line to its end. Serving alone is read here: the library that reads the rest is
   * in a class-file format the JVM's start-up cache does not take, and loading it takes a tenth of
   * a second, which the start of a gateway has better use for.
   *
   * @return exit code: 0 for success, 1 for a failure, 2 for a command line that cannot be
   *     understood
   */
  public static int run(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    Typed serving = Typed.plain(arguments);
    if (serving == null) {
      return Commands.run(arguments, environment, out, err);
    }
    try {
      return ServeCommand.run(serving, environment, out, err);
    } catch (BadOption bad) {
      err.println(bad.text());
      return 2;
    }
  }
}
