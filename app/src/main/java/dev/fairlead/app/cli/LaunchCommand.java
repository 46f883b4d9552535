package dev.fairlead.app.cli;

import dev.fairlead.app.cli.ServeArguments.BadOption;
import dev.fairlead.app.launch.ClientProgram;
import dev.fairlead.app.launch.Launch;
import dev.fairlead.app.serve.Logging;
import dev.fairlead.app.serve.ServeOptions;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code fairlead launch CLIENT -- …}: a client program with the right environment. */
final class LaunchCommand {
  static final String NAME = "launch";

  private LaunchCommand() {}

  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(NAME).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            "Runs a client program on the gateway that serves from the app directory, with its"
                + " address, key, model and limits. Nothing on disk is changed.",
            "Clients: " + clients() + ". What is meant for the client goes behind --.");
    ServeArguments.declare(spec);
    spec.addOption(option("--model", "MODEL", "the model, as provider/model, name or alias"));
    spec.addOption(
        option("--small-model", "MODEL", "Claude Code's model for small tasks in the background"));
    spec.addOption(
        option(
            "--key",
            "KEY",
            "a virtual key (default: the environment's "
                + Launch.KEY_VARIABLE
                + "; on this machine none is needed)"));
    spec.addOption(
        OptionSpec.builder("--start")
            .type(boolean.class)
            .description("start a gateway where none runs, and end it with the client")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel("CLIENT")
            .type(String.class)
            .description(clients())
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("1..*")
            .arity("0..*")
            .paramLabel("ARGUMENT")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("what the client is called with")
            .build());
    return spec;
  }

  private static OptionSpec option(String name, String label, String help) {
    return OptionSpec.builder(name).paramLabel(label).type(String.class).description(help).build();
  }

  private static String clients() {
    return Arrays.stream(ClientProgram.values())
        .map(ClientProgram::command)
        .collect(Collectors.joining(", "));
  }

  static int run(
      ParseResult root, ParseResult parsed, Map<String, String> environment, PrintStream err)
      throws BadOption {
    List<String> words = new ArrayList<>();
    for (var positional : parsed.matchedPositionals()) {
      for (String word : positional.stringValues()) {
        words.add(word);
      }
    }
    ClientProgram program = words.isEmpty() ? null : ClientProgram.of(words.getFirst());
    if (program == null) {
      err.println(
          (words.isEmpty() ? "" : words.getFirst() + " cannot be launched. ")
              + "Clients that can: "
              + clients()
              + ".");
      return 2;
    }
    Typed typed = Typed.of(root);
    ServeOptions options = ServeArguments.options(typed, environment);
    boolean start = parsed.hasMatchedOption("--start");
    // Lines of ours would end up in the middle of the client's screen.
    Logging.configure("error", options.logJson());
    return Launch.run(
        new Launch.Request(
            program,
            parsed.matchedOptionValue("--model", null),
            parsed.matchedOptionValue("--small-model", null),
            parsed.matchedOptionValue("--key", null),
            options.directory(),
            address(typed, options),
            start ? startable(typed, options) : null,
            words.subList(1, words.size())),
        environment,
        err);
  }

  /** Where the gateway is when the command line says so, or null. */
  private static @org.jspecify.annotations.Nullable URI address(Typed typed, ServeOptions options) {
    if (!typed.has("port") || options.port() == 0) {
      return null;
    }
    String host = typed.has("host") ? options.hosts().getFirst() : "localhost";
    return URI.create(
        "http://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + options.port());
  }

  /** Any free port does for a gateway that only this client is told of. */
  private static ServeOptions startable(Typed typed, ServeOptions options) {
    return new ServeOptions(
        options.directory(),
        options.hosts(),
        typed.has("port") ? options.port() : 0,
        options.adminPort(),
        options.loops(),
        "error",
        options.logJson());
  }
}
