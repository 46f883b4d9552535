package dev.fairlead.app.cli;

import dev.fairlead.app.cli.ServeArguments.BadOption;
import dev.fairlead.app.serve.Version;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * All that can be typed: {@code fairlead [options]} serves; the rest is {@code fairlead COMMAND}.
 */
final class Commands {
  private Commands() {}

  /** Runs a command line to its end and returns the exit code. */
  static int run(
      String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    try {
      ParseResult root = new CommandLine(spec()).parseArgs(arguments);
      ParseResult last = root;
      StringBuilder path = new StringBuilder();
      while (!last.isUsageHelpRequested() && last.hasSubcommand()) {
        last = last.subcommand();
        path.append(path.isEmpty() ? "" : " ").append(last.commandSpec().name());
      }
      if (last.isUsageHelpRequested()) {
        last.commandSpec().commandLine().usage(out);
        return 0;
      }
      if (root.isVersionHelpRequested()) {
        out.println("fairlead " + Version.NUMBER);
        return 0;
      }
      return command(path.toString(), root, last, environment, out, err);
    } catch (ParameterException unclear) {
      err.println(unclear.getMessage());
      UnmatchedArgumentException.printSuggestions(
          unclear, new PrintWriter(err, true, StandardCharsets.UTF_8));
      if (unclear.getCommandLine().getCommandName().equals(LaunchCommand.NAME)) {
        err.println("What is meant for the client goes behind --, as in: claude -- -p \"hello\"");
      }
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
    Typed typed = Typed.of(root);
    return switch (path) {
      case "" -> ServeCommand.run(typed, environment, out, err);
      case "train" -> TrainCommand.run(ServeArguments.options(typed, environment), err);
      case LaunchCommand.NAME -> LaunchCommand.run(root, last, environment, err);
      case "config validate" ->
          ConfigCommand.validate(
              ServeArguments.directory(typed, environment), environment, out, err);
      case "config schema" -> ConfigCommand.schema(out);
      case "keys create",
          "keys list",
          "keys update",
          "keys rotate",
          "keys revoke",
          "keys disable",
          "keys enable" ->
          KeysCommand.run(
              last.commandSpec().name(),
              last,
              ServeArguments.directory(typed, environment),
              environment,
              out,
              err);
      case "route explain", "route prove" ->
          RouteCommand.run(
              last.commandSpec().name(),
              last,
              ServeArguments.directory(typed, environment),
              environment,
              out,
              err);
      case StopCommand.NAME ->
          StopCommand.run(last, ServeArguments.directory(typed, environment), out, err);
      case "models" ->
          ModelsCommand.run(
              last, ServeArguments.directory(typed, environment), environment, out, err);
      default -> {
        if (ControlCommand.takes(path)) {
          yield ControlCommand.run(
              path, last, ServeArguments.directory(typed, environment), environment, out, err);
        }
        last.commandSpec().commandLine().usage(out);
        yield 2;
      }
    };
  }

  private static CommandSpec serving() {
    CommandSpec root = CommandSpec.create().name("fairlead");
    root.addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("prints this help")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("prints the version")
                .build());
    root.usageMessage()
        .description("A self-hosted AI gateway. Without a command it serves until it is stopped.");
    ServeArguments.declare(root);
    return root;
  }

  private static CommandSpec spec() {
    CommandSpec root = serving();
    root.addSubcommand(
        "config",
        group("config", "Check the configuration.")
            .addSubcommand(
                "validate", leaf("validate", "Says what is wrong with config.json, all at once."))
            .addSubcommand("schema", leaf("schema", "Prints the JSON schema of config.json.")));
    root.addSubcommand("keys", KeysCommand.spec());
    root.addSubcommand(LaunchCommand.NAME, LaunchCommand.spec());
    root.addSubcommand("models", models());
    ControlCommand.declare(root);
    root.addSubcommand("route", RouteCommand.spec());
    root.addSubcommand(StopCommand.NAME, StopCommand.spec());
    CommandSpec train = leaf("train", "Starts, answers a few requests of its own, and ends.");
    train.usageMessage().hidden(true);
    root.addSubcommand("train", train);
    return root;
  }

  private static CommandSpec models() {
    return leaf("models", "Lists the models that can be asked for, and what is known of them.")
        .addOption(option("--provider", "NAME", "only models of this provider"))
        .addOption(flag("--json", "print the list as JSON"))
        .addOption(flag("--cursor", "print aliases for config.json that Cursor takes as they are"))
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .paramLabel("FILTER")
                .type(String.class)
                .description("only names that contain this")
                .build());
  }

  private static OptionSpec flag(String name, String help) {
    return OptionSpec.builder(name).type(boolean.class).description(help).build();
  }

  private static CommandSpec group(String name, String help) {
    return leaf(name, help);
  }

  private static CommandSpec leaf(String name, String help) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(help);
    return spec;
  }

  private static OptionSpec option(String name, String label, String help) {
    return OptionSpec.builder(name).paramLabel(label).type(String.class).description(help).build();
  }
}
