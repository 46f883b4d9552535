package dev.fairlead.app.launch;

import dev.fairlead.app.serve.AppDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a running gateway what a client has to know. */
final class GatewayProbe implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 8 * 1024 * 1024;
  private static final int MOST_WORDS = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();

  /** What a gateway said to the question for its models. */
  sealed interface Listed {
    record Models(List<ServedModel> models) implements Listed {}

    /** It wants another key, or is in trouble; {@code words} are its own. */
    record Refused(int status, String words) implements Listed {}
  }

  /** The address the gateway of an app directory serves at, or null when none is known. */
  static @Nullable URI addressOf(Path directory) {
    String holder = AppDirectory.holder(directory);
    int at = holder == null ? -1 : holder.indexOf(" at http");
    if (holder == null || at < 0) {
      return null;
    }
    try {
      return URI.create(holder.substring(at + " at ".length()).strip());
    } catch (IllegalArgumentException broken) {
      return null;
    }
  }

  /** Whether a Fairlead that is ready answers at {@code gateway}. */
  boolean isReady(URI gateway) throws InterruptedException {
    try {
      Answer answer = get(URI.create(gateway + "/readyz"), null);
      return answer.status() == 200 && answer.text().strip().equals("ready");
    } catch (IOException nobody) {
      return false;
    }
  }

  /** The models {@code key} may use. */
  Listed models(URI gateway, String key) throws IOException, InterruptedException {
    Answer answer = get(URI.create(gateway + "/v1/models"), key);
    try {
      JsonNode root = JSON.readTree(answer.text());
      if (answer.status() != 200) {
        String words = root.at("/error/message").asString("");
        return new Listed.Refused(answer.status(), words.isEmpty() ? cut(answer.text()) : words);
      }
      List<ServedModel> models = new ArrayList<>();
      for (JsonNode model : root.path("data")) {
        String name = model.path("id").asString("");
        if (!name.isEmpty()) {
          models.add(
              new ServedModel(
                  name,
                  model.path("context_length").asLong(0),
                  model.path("max_output_tokens").asLong(0)));
        }
      }
      return new Listed.Models(models);
    } catch (JacksonException notJson) {
      return new Listed.Refused(answer.status(), cut(answer.text()));
    }
  }

  private static String cut(String text) {
    return text.length() > MOST_WORDS ? text.substring(0, MOST_WORDS) : text;
  }

  private record Answer(int status, String text) {}

  private Answer get(URI address, @Nullable String key) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(MOST_BYTES);
      return new Answer(
          response.statusCode(), new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
