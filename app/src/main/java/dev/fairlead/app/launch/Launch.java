package dev.fairlead.app.launch;

import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One client program, told by its environment and arguments where the gateway is and what it
 * serves. Nothing is written to disk.
 */
public final class Launch {
  /** The variable a virtual key is taken from when the command line has none. */
  public static final String KEY_VARIABLE = "FAIRLEAD_KEY";

  /** Any word does on a machine that is trusted; this one says where it comes from. */
  private static final String NO_KEY = "fairlead-launch";

  private static final int NOT_FOUND = 127;
  private static final int MOST_LISTED = 30;

  /**
   * What was typed.
   *
   * @param program which client
   * @param model the model it is to use, or null
   * @param background its model for small tasks, or null
   * @param key a virtual key, or null
   * @param directory the app directory of the gateway
   * @param address where the gateway is, or null to ask the app directory
   * @param start how to start a gateway where none runs, or null not to
   * @param arguments for the client
   */
  public record Request(
      ClientProgram program,
      @Nullable String model,
      @Nullable String background,
      @Nullable String key,
      Path directory,
      @Nullable URI address,
      @Nullable ServeOptions start,
      List<String> arguments) {
    public Request {
      arguments = List.copyOf(arguments);
    }

    /** Without key and arguments. */
    @Override
    public String toString() {
      return "Request[program=" + program + ", model=" + model + "]";
    }
  }

  private final Request request;
  private final Map<String, String> environment;
  private final PrintStream err;

  private Launch(Request request, Map<String, String> environment, PrintStream err) {
    this.request = request;
    this.environment = environment;
    this.err = err;
  }

  /**
   * Runs the client to its end.
   *
   * @param environment the user's, which the client gets with what it needs
   * @return the client's exit code; 127 when it is not installed, 1 when there is no gateway for it
   */
  public static int run(Request request, Map<String, String> environment, PrintStream err) {
    return new Launch(request, environment, err).run();
  }

  private int run() {
    Path program = ChildProcess.find(request.program().command(), environment);
    if (program == null) {
      err.println(
          request.program().title()
              + " is not installed: there is no \""
              + request.program().command()
              + "\" on the PATH. Install it with: "
              + request.program().installation());
      return NOT_FOUND;
    }
    try (GatewayProbe probe = new GatewayProbe()) {
      URI running = running(probe);
      if (running != null) {
        return client(program, probe, running, () -> {});
      }
      ServeOptions start = request.start();
      if (start == null) {
        err.println(
            "No Fairlead "
                + (request.address() == null
                    ? "serves from " + request.directory()
                    : "answers at " + request.address())
                + ". Start one with \"fairlead\" in another terminal, or let this command start one"
                + " for as long as it runs: add --start.");
        return 1;
      }
      Startup gateway = Startup.start(start, environment);
      return client(
          program, probe, URI.create("http://localhost:" + gateway.port()), () -> close(gateway));
    } catch (IOException failed) {
      err.println(failed.getMessage());
      return 1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static void close(Startup gateway) {
    try {
      gateway.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private @Nullable URI running(GatewayProbe probe) throws InterruptedException {
    URI address =
        request.address() != null ? request.address() : GatewayProbe.addressOf(request.directory());
    return address != null && probe.isReady(address) ? address : null;
  }

  private int client(Path program, GatewayProbe probe, URI gateway, Runnable afterwards)
      throws IOException, InterruptedException {
    Wish wish;
    try {
      wish = wish(probe, gateway);
    } catch (IOException | RuntimeException failed) {
      afterwards.run();
      throw failed;
    }
    if (wish == null) {
      afterwards.run();
      return 1;
    }
    Invocation invocation = request.program().invocation(wish);
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(invocation.arguments());
    command.addAll(request.arguments());
    return ChildProcess.run(
        command, direct(invocation.environment(environment), gateway.getHost()), afterwards);
  }

  /** What the client is to work with, or null when that cannot be told; then it has been said. */
  private @Nullable Wish wish(GatewayProbe probe, URI gateway)
      throws IOException, InterruptedException {
    String given = request.key() != null ? request.key() : environment.get(KEY_VARIABLE);
    String key = given == null || given.isBlank() ? NO_KEY : given.strip();
    return switch (probe.models(gateway, key)) {
      case GatewayProbe.Listed.Refused(int status, String words) -> {
        err.println("The gateway at " + gateway + " answers HTTP " + status + ": " + words);
        if (status == 401) {
          err.println(
              "Give a virtual key with --key, or in the environment variable "
                  + KEY_VARIABLE
                  + ".");
        }
        yield null;
      }
      case GatewayProbe.Listed.Models(List<ServedModel> models) ->
          settled(new Wish(gateway, key, request.model(), request.background(), models));
    };
  }

  /** Sees to it that there is a model the client can begin with. */
  private @Nullable Wish settled(Wish wish) {
    if (wish.model() != null) {
      if (wish.known() == null) {
        err.println(
            "The gateway does not list " + wish.model() + "; it is asked for all the same.");
      }
      return wish;
    }
    if (namesAModel() || ServedModel.anyOf(wish.models(), request.program().home())) {
      return wish;
    }
    if (wish.models().size() == 1) {
      String only = wish.models().getFirst().name();
      return new Wish(wish.gateway(), wish.key(), only, wish.background(), wish.models());
    }
    err.println(
        request.program().title()
            + " does not know which model to use, as this gateway has none of "
            + request.program().home()
            + ". Name one with --model"
            + (wish.models().isEmpty() ? "." : ":"));
    wish.models().stream().limit(MOST_LISTED).forEach(model -> err.println("  " + model.name()));
    if (wish.models().size() > MOST_LISTED) {
      err.println("  and " + (wish.models().size() - MOST_LISTED) + " more");
    }
    return null;
  }

  /** Whether the user tells the client a model in the client's own ways. */
  private boolean namesAModel() {
    return environment.containsKey("ANTHROPIC_MODEL")
        || request.arguments().stream()
            .anyMatch(argument ->
                argument.equals("-m")
                    || argument.equals("--model")
                    || argument.startsWith("--model=")
                    || argument.equals("--version")
                    || argument.equals("--help"));
  }

  /** A proxy for the rest of the world has no way to a gateway on this machine. */
  private static Map<String, String> direct(Map<String, String> environment, String host) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    for (String name : List.of("NO_PROXY", "no_proxy")) {
      String proxy = name.equals("NO_PROXY") ? "HTTP_PROXY" : "http_proxy";
      if (all.containsKey(name) || all.containsKey(proxy)) {
        String known = all.getOrDefault(name, "");
        if (!List.of(known.split(",", -1)).contains(host)) {
          all.put(name, known.isBlank() ? host : known + "," + host);
        }
      }
    }
    return all;
  }
}
