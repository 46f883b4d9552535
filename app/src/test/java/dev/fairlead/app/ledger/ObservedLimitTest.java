package dev.fairlead.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A limit that only observes lets everything through and reports what it would not have. */
@Timeout(60)
final class ObservedLimitTest {
  private static final String KEY = "sk-bf-observed-0123456789abcdef";

  @TempDir private Path directory;

  @Test
  void reportNamesTheLimitAndHowOften() throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        HttpClient http = HttpClient.newHttpClient()) {
      provider.handler(_ -> ChatReplies.text("Forty two.").json());
      configure(provider);
      try (Startup gateway =
          Startup.start(
              new ServeOptions(directory, List.of("127.0.0.1"), 0, -1, 1, "info", false),
              Map.of("OLLAMA_BASE_URL", "http://127.0.0.1:9"))) {
        URI base = URI.create("http://127.0.0.1:" + gateway.port());
        assertThat(report(http, base).at("/rate_limits")).isEmpty();

        for (int i = 0; i < 3; i++) {
          assertThat(ask(http, base).statusCode()).isEqualTo(200);
        }

        JsonNode rule = report(http, base).path("routing_rules").path(0);
        assertThat(rule.path("name").asString()).isEqualTo("not here");
        assertThat(rule.path("would_have_denied").asInt()).isEqualTo(3);
        assertThat(rule.path("would_have_acted_at").asString()).isNotEmpty();

        JsonNode limits = report(http, base).path("rate_limits");
        assertThat(limits).hasSize(1);
        assertThat(limits.get(0).path("owner_name").asString()).isEqualTo("key \"observed\"");
        assertThat(limits.get(0).path("max_limit").asInt()).isEqualTo(1);
        assertThat(limits.get(0).path("would_have_blocked").asInt()).isEqualTo(2);
      }
    }
  }

  private void configure(FakeProvider provider) throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"providers": {"openai": {
           "keys": [{"name": "main", "value": "sk-upstream", "models": ["*"], "weight": 1}],
           "network_config": {"base_url": "%s"}}},
         "governance": {"routing_rules": [
           {"name": "not here", "action": "deny", "mode": "observe"}], "virtual_keys": [{"id": "vk", "name": "observed", "value": "%s",
           "allow_all_providers": true,
           "rate_limit": {"request_max_limit": 1, "request_reset_duration": "1d",
                          "mode": "observe"}}]}}
        """
            .formatted(provider.uri(), KEY));
  }

  private static HttpResponse<String> ask(HttpClient http, URI base) throws Exception {
    return http.send(
        HttpRequest.newBuilder(base.resolve("/v1/chat/completions"))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + KEY)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}\
                    """))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode report(HttpClient http, URI base) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(base.resolve("/api/governance/would-have-blocked"))
                .timeout(Duration.ofSeconds(20))
                .header("authorization", "Bearer " + LocalSecret.read(directory))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }
}
