package dev.fairlead.app.cli;

import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.Loaded;
import dev.fairlead.app.models.BundledCatalogue;
import dev.fairlead.app.policy.Asked;
import dev.fairlead.app.policy.CelConditions;
import dev.fairlead.app.policy.Explainer;
import dev.fairlead.app.policy.Reach;
import dev.fairlead.app.serve.AppDirectory;
import dev.fairlead.app.serve.StoreControl;
import dev.fairlead.core.client.ClientRules;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.port.UsageView;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.Latencies;
import dev.fairlead.core.routing.Planner;
import dev.fairlead.core.routing.RuleBook;
import dev.fairlead.core.routing.SessionModels;
import dev.fairlead.core.routing.SessionSeals;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fairlead route explain} and {@code fairlead route prove}. The gateway that serves from the
 * app directory is asked, because it knows what is cooling, what is used up and which sessions are
 * sealed; where none runs, store and configuration are read.
 */
final class RouteCommand {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path directory;
  private final Map<String, String> environment;
  private final PrintStream err;

  private RouteCommand(Path directory, Map<String, String> environment, PrintStream err) {
    this.directory = directory;
    this.environment = environment;
    this.err = err;
  }

  static CommandSpec spec() {
    CommandSpec route = leaf("route", "Where requests go, and why.");
    route.addSubcommand(
        "explain",
        leaf("explain", "Says where a request would go and why, without calling anybody.")
            .addOption(option("--model", "NAME", "the model asked for"))
            .addOption(option("--key", "NAME", "name or id of the virtual key that asks"))
            .addOption(option("--path", "PATH", "path of the URL; /v1/chat/completions if absent"))
            .addOption(option("--session", "ID", "session the request belongs to"))
            .addOption(option("--body", "FILE", "the request's body, JSON"))
            .addOption(
                OptionSpec.builder("--header")
                    .paramLabel("NAME: VALUE")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .arity("1")
                    .description("a header of the request; may be given several times")
                    .build())
            .addOption(flag("--json", "print the answer as JSON")));
    route.addSubcommand(
        "prove",
        leaf("prove", "Lists every host that requests of a virtual key could ever be sent to.")
            .addOption(flag("--json", "print the answer as JSON"))
            .addPositional(
                PositionalParamSpec.builder()
                    .index("0")
                    .arity("1")
                    .paramLabel("KEY")
                    .type(String.class)
                    .description("name or id of the key")
                    .build()));
    return route;
  }

  static int run(
      String command,
      ParseResult parsed,
      Path directory,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    RouteCommand route = new RouteCommand(directory, environment, err);
    try {
      String document =
          command.equals("prove")
              ? route.prove(String.valueOf(parsed.matchedPositional(0).<Object>getValue()))
              : route.explain(question(parsed));
      if (document == null) {
        return 1;
      }
      if (parsed.hasMatchedOption("--json")) {
        out.println(document);
      } else if (command.equals("prove")) {
        RouteText.reach(JSON.readTree(document), out);
      } else {
        RouteText.explanation(JSON.readTree(document), out);
      }
      return 0;
    } catch (IOException unreadable) {
      err.println("The body cannot be read: " + unreadable.getMessage());
    } catch (JacksonException broken) {
      err.println("The body is not JSON: " + broken.getOriginalMessage());
    } catch (IllegalArgumentException unclear) {
      err.println(unclear.getMessage() + ".");
    }
    return 1;
  }

  private static ObjectNode question(ParseResult parsed) throws IOException {
    ObjectNode question = JSON.createObjectNode();
    for (String name : List.of("model", "key", "path", "session")) {
      String value = parsed.matchedOptionValue("--" + name, (String) null);
      if (value != null) {
        question.put(name, value);
      }
    }
    String file = parsed.matchedOptionValue("--body", (String) null);
    if (file != null) {
      question.set("body", JSON.readTree(Files.readAllBytes(Path.of(file))));
    }
    ObjectNode headers = question.putObject("headers");
    List<String> written = parsed.matchedOptionValue("--header", List.of());
    for (String header : written) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("--header \"" + header + "\" has no colon");
      }
      headers.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return question;
  }

  private @Nullable String explain(JsonNode question) {
    Asked asked = Asked.read(question);
    String running = ask("POST", "/api/routing/explain", question.toString());
    return running != null ? running : configured(snapshot -> explainer().explain(snapshot, asked));
  }

  private static Explainer explainer() {
    Clock clock = Clock.systemUTC();
    Planner planner =
        new Planner(
            new Health(clock::millis, (_, _) -> {}),
            BundledCatalogue.load(Runnable::run, clock),
            new LearnedWindows(clock::millis),
            new SessionModels(clock::millis),
            new RuleBook(CelConditions::compile, UsageView.NONE),
            new SessionSeals(),
            new Latencies(clock::millis));
    return new Explainer(planner, ClientRules.bundled(), clock);
  }

  private @Nullable String prove(String key) {
    String path =
        "/api/routing/prove/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    String running = ask("GET", path, null);
    return running != null ? running : configured(snapshot -> Reach.prove(snapshot, key));
  }

  private @Nullable String configured(Function<Snapshot, String> answer) {
    try (StoreControl store = StoreControl.open(directory, environment)) {
      return answer.apply(store.snapshot());
    } catch (IOException noStore) {
      // Without one, config.json says all there is, or what is wrong.
    }
    return switch (ConfigSource.of(directory, environment, Clock.systemUTC()).load()) {
      case Loaded.Good good -> answer.apply(good.snapshot());
      case Loaded.Bad bad -> {
        bad.problems().forEach(err::println);
        yield null;
      }
    };
  }

  /** What the running gateway says, or null when none runs. */
  private @Nullable String ask(String method, String path, @Nullable String body) {
    if (!AppDirectory.held(directory)) {
      return null;
    }
    try (ControlClient gateway = ControlClient.of(directory)) {
      return String.valueOf(gateway.call(method, path, body));
    } catch (ControlDoor.Failed refused) {
      String said = String.valueOf(refused.getMessage());
      throw new IllegalArgumentException(
          said.endsWith(".") ? said.substring(0, said.length() - 1) : said);
    }
  }

  private static CommandSpec leaf(String name, String help) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(help);
    return spec;
  }

  private static OptionSpec option(String name, String label, String help) {
    return OptionSpec.builder(name).paramLabel(label).type(String.class).description(help).build();
  }

  private static OptionSpec flag(String name, String help) {
    return OptionSpec.builder(name).type(boolean.class).description(help).build();
  }
}
