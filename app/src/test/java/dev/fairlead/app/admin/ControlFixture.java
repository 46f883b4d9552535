package dev.fairlead.app.admin;

import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole gateway on loopback with an administrator, and a client that speaks to it. */
final class ControlFixture implements AutoCloseable {
  static final String ADMIN = "root";
  static final String PASSWORD = "correct horse battery";

  private static final JsonMapper JSON = new JsonMapper();

  private final Startup startup;
  private final Path directory;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private ControlFixture(Startup startup, Path directory) {
    this.startup = startup;
    this.directory = directory;
  }

  /** With an administrator from the environment. */
  static ControlFixture start(Path directory, String config) {
    return start(
        directory,
        config,
        Map.of("FAIRLEAD_ADMIN_USERNAME", ADMIN, "FAIRLEAD_ADMIN_PASSWORD", PASSWORD));
  }

  static ControlFixture start(Path directory, String config, Map<String, String> environment) {
    try {
      Files.writeString(directory.resolve("config.json"), config);
      Map<String, String> all = new HashMap<>(environment);
      all.put("OLLAMA_BASE_URL", "http://127.0.0.1:9");
      return new ControlFixture(
          Startup.start(
              new ServeOptions(directory, List.of("127.0.0.1"), 0, -1, 1, "info", false), all),
          directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Startup startup() {
    return startup;
  }

  Path directory() {
    return directory;
  }

  String origin() {
    return "http://127.0.0.1:" + startup.port();
  }

  /** An answer. */
  record Reply(int status, String body, HttpResponse<String> whole) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    String header(String name) {
      return whole.headers().firstValue(name).orElse("");
    }

    /** The cookie set, name and value. */
    String cookie() {
      return header("set-cookie").split(";", 2)[0];
    }

    String code() {
      return json().path("error").path("code").stringValue("");
    }

    String field() {
      return json().path("error").path("field").stringValue("");
    }

    @Override
    public String toString() {
      return status + " " + body;
    }
  }

  Reply call(String method, String path, String body, String... headers) {
    HttpResponse<String> reply =
        send(
            request(method, path, body, headers),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return new Reply(reply.statusCode(), reply.body(), reply);
  }

  /** The status alone: the answer, which may have no end, is not read. */
  int status(String method, String path, String... headers) {
    HttpResponse<InputStream> reply =
        send(request(method, path, "", headers), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream _ = reply.body()) {
      return reply.statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin() + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** As the administrator, by HTTP Basic. */
  Reply admin(String method, String path, String body) {
    return call(method, path, body, "authorization", basic(ADMIN, PASSWORD));
  }

  static String basic(String username, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  Reply login(String username, String password, String... headers) {
    return call(
        "POST",
        "/api/session/login",
        "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}",
        headers);
  }

  /** A token of an account made for {@code role}. */
  String tokenOf(String role, String more) {
    Reply made =
        admin(
            "POST",
            "/api/accounts",
            "{\"username\":\"the-"
                + role
                + "\",\"password\":\"long enough "
                + role
                + "\",\"role\":\""
                + role
                + "\""
                + more
                + "}");
    if (made.status() != 201) {
      throw new IllegalStateException(made.toString());
    }
    return login("the-" + role, "long enough " + role).json().path("token").stringValue("");
  }

  @Override
  public void close() throws IOException {
    startup.close();
  }
}
