package dev.fairlead.app.logs;

import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway with a scripted provider, asked over HTTP as a client and as its owner. */
final class RunningLog implements AutoCloseable {
  static final String KEY = "sk-bf-request-log-key-0123456789";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  final FakeProvider provider;
  private Startup startup;

  RunningLog(Path directory, String client, String fairlead) throws IOException {
    this(directory, client, fairlead, "", "");
  }

  /** With more members of {@code providers} and elements of {@code virtual_keys}, as JSON. */
  RunningLog(Path directory, String client, String fairlead, String moreProviders, String moreKeys)
      throws IOException {
    this.directory = directory;
    this.provider = FakeProvider.start();
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"client": {%s},
         "providers": {"openai": {
           "keys": [{"name": "primary", "value": "sk-upstream", "models": [], "weight": 1.0}],
           "network_config": {"base_url": "%s"}}%s},
         "governance": {"virtual_keys": [
           {"id": "vk-1", "name": "one", "value": "%s",
            "provider_configs": [
              {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"]}]},
           {"id": "vk-silent", "name": "silent", "value": "%s-silent",
            "disable_content_logging": true,
            "provider_configs": [
              {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"]}]}%s]},
         "fairlead": {%s}}
        """
            .formatted(client, provider.uri(), moreProviders, KEY, KEY, moreKeys, fairlead));
    startup = start();
  }

  private Startup start() throws IOException {
    return Startup.start(
        new ServeOptions(directory, List.of("127.0.0.1"), 0, -1, 1, "info", false), Map.of());
  }

  /** Stops and starts again on what is there. */
  void restart() throws IOException {
    startup.close();
    startup = start();
  }

  Path directory() {
    return directory;
  }

  int port() {
    return startup.port();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + startup.port() + path))
        .timeout(Duration.ofSeconds(30));
  }

  /** Asks a model; headers as names and values. */
  HttpResponse<byte[]> ask(byte[] body, String... headers) {
    HttpRequest.Builder request =
        to("/v1/chat/completions")
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + KEY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request.build());
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofByteArray());
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Calls the control API as the owner of the machine. */
  HttpResponse<byte[]> call(String method, String path) {
    return send(
        to(path)
            .header("authorization", "Bearer " + secret())
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build());
  }

  /** Calls the control API as the owner of the machine, with a body of JSON. */
  HttpResponse<byte[]> post(String path, String json) {
    return send(
        to(path)
            .header("authorization", "Bearer " + secret())
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** What the owner of the machine signs in with. */
  String secret() {
    return Objects.requireNonNull(LocalSecret.read(directory), "no local secret");
  }

  static JsonNode tree(HttpResponse<byte[]> answer) {
    return JSON.readTree(answer.body());
  }

  JsonNode json(String path) {
    HttpResponse<byte[]> answer = call("GET", path);
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + " gave " + answer.statusCode() + " " + text(answer));
    }
    return JSON.readTree(answer.body());
  }

  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  /** The row of the request that was answered so, once it is there. */
  JsonNode row(HttpResponse<byte[]> answer) {
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    Await.until(
        () -> call("GET", "/api/logs/" + id).statusCode() == 200, LIMIT, "the row of " + id);
    return json("/api/logs/" + id);
  }

  void await(java.util.function.BooleanSupplier condition, String what) {
    Await.until(condition, LIMIT, what);
  }

  @Override
  public void close() throws IOException {
    startup.close();
    http.close();
    provider.close();
  }
}
