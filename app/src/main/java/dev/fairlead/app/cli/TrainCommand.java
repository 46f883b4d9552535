package dev.fairlead.app.cli;

import dev.fairlead.app.serve.Logging;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code fairlead train}: starts a gateway whose provider is a second gateway without providers,
 * sends it requests, and ends. Packaging runs it so that the JVM can record what a start needs.
 */
final class TrainCommand {
  private static final int ROUNDS = 40;

  private TrainCommand() {}

  static int run(
      ServeOptions options, Map<String, String> environment, PrintStream out, PrintStream err) {
    try {
      Path scratch = Files.createTempDirectory("fairlead-train");
      try {
        train(options, scratch);
        return 0;
      } finally {
        delete(scratch);
      }
    } catch (IOException | UncheckedIOException failed) {
      err.println(failed.getMessage());
      return 1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static void train(ServeOptions options, Path scratch)
      throws IOException, InterruptedException {
    Logging.configure("warn", false);
    Path behind = Files.createDirectory(scratch.resolve("behind"));
    Path front = Files.createDirectory(scratch.resolve("front"));
    try (Startup provider = Startup.start(in(behind, options), Map.of())) {
      Files.writeString(
          front.resolve("config.json"),
          """
          {"providers": {
            "openai": {"keys": [{"name": "k", "value": "sk-train", "models": ["*"], "weight": 1}],
              "network_config": {"base_url": "http://127.0.0.1:%1$d"}},
            "anthropic": {"keys": [{"name": "k", "value": "sk-train", "models": ["*"], "weight": 1}],
              "network_config": {"base_url": "http://127.0.0.1:%1$d"}}}}
          """
              .formatted(provider.port()));
      try (Startup gateway = Startup.start(in(front, options), Map.of());
          HttpClient client = HttpClient.newHttpClient()) {
        for (int i = 0; i < ROUNDS; i++) {
          String base = "http://127.0.0.1:" + gateway.port();
          ask(client, base + "/readyz", null);
          ask(client, base + "/v1/models", null);
          ask(
              client,
              base + "/v1/chat/completions",
              "{\"model\":\"openai/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
          ask(
              client,
              base + "/anthropic/v1/messages",
              "{\"model\":\"anthropic/m\",\"max_tokens\":1,\"messages\":[]}");
        }
      }
    }
  }

  private static ServeOptions in(Path directory, ServeOptions options) {
    return new ServeOptions(
        directory, List.of("127.0.0.1"), 0, -1, options.loops(), options.logLevel(), false);
  }

  private static void ask(
      HttpClient client, String address, @org.jspecify.annotations.Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
    if (body != null) {
      request
          .header("content-type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    client.send(request.build(), HttpResponse.BodyHandlers.discarding());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(file -> {
            try {
              Files.delete(file);
            } catch (IOException failed) {
              throw new UncheckedIOException(failed);
            }
          });
    }
  }
}
