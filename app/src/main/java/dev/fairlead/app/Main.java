package dev.fairlead.app;

import dev.fairlead.app.cli.CommandLineInterface;

/** Where the program begins. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    int code = CommandLineInterface.run(arguments, System.getenv(), System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }
}
