package dev.fairlead.app.cli;

import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.serve.AppDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to the control API of the gateway that serves from an app directory of this machine. */
final class ControlClient implements ControlDoor {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI base;
  private final String clients;
  private final String secret;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private ControlClient(URI base, String clients, String secret) {
    this.base = base;
    this.clients = clients;
    this.secret = secret;
  }

  /**
   * A client of the gateway that serves from {@code directory}.
   *
   * @throws Failed when none does, or its secret cannot be read
   */
  static ControlClient of(Path directory) throws Failed {
    if (!AppDirectory.held(directory)) {
      throw new Failed(
          6, "No gateway serves from " + directory + ". Start it, or name its -app-dir.");
    }
    String control = AppDirectory.control(directory);
    String holder = AppDirectory.holder(directory);
    if (control == null || holder == null) {
      throw new Failed(
          6,
          "Another command or a gateway that is starting uses "
              + directory
              + " ("
              + holder
              + "). Try again.");
    }
    String secret = LocalSecret.read(directory);
    if (secret == null) {
      throw new Failed(
          3, "The file admin.secret in " + directory + " cannot be read. Run this as its owner.");
    }
    String clients = holder.substring(holder.lastIndexOf(" at ") + " at ".length());
    return new ControlClient(URI.create(control), clients, secret);
  }

  @Override
  public @Nullable JsonNode call(String method, String path, @Nullable String body) throws Failed {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PATIENCE)
            .header("authorization", "Bearer " + secret)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("content-type", "application/json");
    }
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() / 100 != 2) {
        throw Failed.of(answer.statusCode(), answer.body());
      }
      return answer.body().isEmpty() ? null : JSON.readTree(answer.body());
    } catch (JacksonException unreadable) {
      throw new Failed(6, "The gateway at " + base + " answered something that is no JSON.");
    } catch (IOException unreachable) {
      throw new Failed(
          6,
          "The gateway at "
              + base
              + " does not answer; an earlier one may have left its lock file.");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failed(6, "interrupted");
    }
  }

  @Override
  public String address() {
    try {
      JsonNode info = call("GET", "/api/info", null);
      String configured = info == null ? "" : info.path("public_url").stringValue("");
      if (!configured.isEmpty()) {
        return ControlDoor.bare(configured);
      }
    } catch (Failed unanswered) {
      // The address on this machine is as good as any.
    }
    return ControlDoor.bare(clients);
  }

  @Override
  public void close() {
    http.close();
  }
}
