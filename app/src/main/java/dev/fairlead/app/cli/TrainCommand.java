package dev.fairlead.app.cli;

import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code fairlead train}: starts a gateway in front of a provider of its own, sends it requests of
 * every operation, and ends. Packaging runs it so that the JVM can record what a start and the
 * first requests need: classes, and which code is worth compiling.
 */
final class TrainCommand {
  private static final int ROUNDS = 200;
  private static final String KEY = "sk-bf-0123456789abcdef0123456789abcdef";
  private static final String MESSAGES =
      "[{\"role\":\"user\",\"content\":\"Say \\\"hello\\\" and nothing else,\\nplease.\"}]";

  private TrainCommand() {}

  static int run(ServeOptions options, PrintStream err) {
    try {
      Path scratch = Files.createTempDirectory("fairlead-train");
      try {
        return train(options, scratch, err);
      } finally {
        delete(scratch);
      }
    } catch (IOException | UncheckedIOException failed) {
      err.println(failed.getMessage());
      return 1;
    }
  }

  private static int train(ServeOptions options, Path scratch, PrintStream err) throws IOException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    try (TrainingProvider provider = TrainingProvider.start()) {
      Files.writeString(
          scratch.resolve("config.json"),
          """
          {"providers": {
            "openai": {"keys": [{"name": "k", "value": "sk-train", "models": ["*"], "weight": 1}],
              "network_config": {"base_url": "http://127.0.0.1:%1$d"}},
            "anthropic": {"keys": [{"name": "k", "value": "sk-train", "models": ["*"], "weight": 1}],
              "network_config": {"base_url": "http://127.0.0.1:%1$d"}}},
           "governance": {"virtual_keys": [{"id": "v", "name": "v", "value": "%2$s",
              "is_active": true, "provider_configs": [
                {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"], "weight": 1},
                {"provider": "anthropic", "allowed_models": ["*"], "key_ids": ["*"], "weight": 1}]}]}}
          """
              .formatted(provider.port(), KEY));
      return ServeCommand.run(in(scratch, options), Map.of(), nowhere, err, TrainCommand::rounds);
    }
  }

  private static void rounds(Startup gateway) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String base = "http://127.0.0.1:" + gateway.port();
      for (int i = 0; i < ROUNDS; i++) {
        round(client, base);
      }
    }
  }

  /** Each operation once, as a document and where there is one as a stream, and what is refused. */
  private static void round(HttpClient client, String base)
      throws IOException, InterruptedException {
    ask(client, base + "/readyz", null);
    ask(client, base + "/health", null);
    ask(client, base + "/v1/models", null);
    for (String stream : List.of("false", "true")) {
      String rest = ",\"stream\":" + stream + ",\"messages\":" + MESSAGES + "}";
      ask(client, base + "/v1/chat/completions", "{\"model\":\"openai/m\"" + rest);
      ask(
          client,
          base + "/anthropic/v1/messages",
          "{\"model\":\"anthropic/m\",\"max_tokens\":9" + rest);
      ask(
          client,
          base + "/v1/responses",
          "{\"model\":\"openai/m\",\"stream\":" + stream + ",\"input\":" + MESSAGES + "}");
    }
    ask(client, base + "/v1/embeddings", "{\"model\":\"openai/m\",\"input\":\"hello\"}");
    ask(
        client,
        base + "/anthropic/v1/messages/count_tokens",
        "{\"model\":\"anthropic/m\",\"messages\":" + MESSAGES + "}");
    ask(client, base + "/v1/chat/completions", "{\"model\":\"nobody/m\",\"messages\":[]}");
  }

  private static ServeOptions in(Path directory, ServeOptions options) {
    return new ServeOptions(directory, List.of("127.0.0.1"), 0, -1, options.loops(), "warn", false);
  }

  private static void ask(
      HttpClient client, String address, @org.jspecify.annotations.Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
    if (body != null) {
      request
          .header("content-type", "application/json")
          .header("authorization", "Bearer " + KEY)
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
