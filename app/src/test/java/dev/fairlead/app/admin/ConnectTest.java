package dev.fairlead.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.admin.ControlFixture.Reply;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How far clients have come, as somebody sees it who sets one up. */
final class ConnectTest {
  private static final String KEY = "sk-bf-the-key-of-the-team-0123456789";
  private static final String CONFIG =
      """
      {"client": {"enforce_auth_on_inference": true},
       "providers": {"openai": {"keys": [{"name": "main", "value": "sk-proj-x", "models": []}],
         "network_config": {"base_url": "%s"}}},
       "governance": {"teams": [{"id": "t1", "name": "Core"}, {"id": "t2", "name": "Other"}],
         "virtual_keys": [{"id": "vk", "name": "ada", "value": "%s", "team_id": "t1",
           "allow_all_providers": true}]}}
      """;
  private static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"read\",\"parameters\":{}}}]";

  @TempDir private Path directory;

  private static JsonNode of(Reply reply, String client) {
    assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
    for (JsonNode each : reply.json().path("clients")) {
      if (each.path("client").stringValue("").equals(client)) {
        return each;
      }
    }
    throw new AssertionError("no " + client + " in " + reply);
  }

  private static JsonNode until(ControlFixture gateway, Predicate<JsonNode> shown) {
    return Await.value(
        () -> of(gateway.admin("GET", "/api/connect", ""), "cursor"),
        shown,
        Duration.ofSeconds(10),
        "what Cursor has done is told");
  }

  private static int ask(ControlFixture gateway, String key, String messages) {
    return gateway
        .call(
            "POST",
            "/cursor/chat/completions",
            "{\"model\":\"openai/gpt-5\",\"messages\":[" + messages + "]," + TOOLS + "}",
            "authorization",
            "Bearer " + key,
            "user-agent",
            "Cursor/1.0")
        .status();
  }

  @Test
  void fromThePreflightToAToolsTurn() throws IOException {
    try (FakeProvider provider = FakeProvider.start();
        ControlFixture gateway =
            ControlFixture.start(directory, CONFIG.formatted(provider.uri(), KEY))) {
      provider.handler(request -> ChatReplies.text("Aye.").forRequest(request));
      JsonNode nothing = of(gateway.admin("GET", "/api/connect", ""), "cursor");
      assertThat(nothing.path("preflight").isNull()).isTrue();
      assertThat(nothing.path("fault").isNull()).isTrue();

      Reply allowed =
          gateway.call(
              "OPTIONS",
              "/cursor/chat/completions",
              "",
              "origin",
              "vscode-file://vscode-app",
              "access-control-request-method",
              "POST");
      assertThat(allowed.status()).isEqualTo(204);
      JsonNode asked = until(gateway, cursor -> !cursor.path("preflight").isNull());
      assertThat(asked.path("request").isNull()).isTrue();

      assertThat(ask(gateway, "sk-bf-a-wrong-key", "{\"role\":\"user\",\"content\":\"a\"}"))
          .isEqualTo(401);
      JsonNode refused = until(gateway, cursor -> !cursor.path("fault").isNull());
      assertThat(refused.path("fault").path("code").stringValue("")).isEqualTo("key_refused");
      assertThat(refused.path("fault").path("message").stringValue("")).contains("not known here");
      assertThat(refused.toString()).doesNotContain("sk-bf-a-wrong-key");

      assertThat(ask(gateway, KEY, "{\"role\":\"user\",\"content\":\"a\"}")).isEqualTo(200);
      JsonNode first = until(gateway, cursor -> !cursor.path("success").isNull());
      assertThat(first.path("fault").isNull()).isTrue();
      assertThat(first.path("request").path("id").stringValue("")).isNotEmpty();
      assertThat(first.path("tool_turn").isNull()).isTrue();

      assertThat(
              ask(
                  gateway,
                  KEY,
                  "{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"tool_calls\":[{"
                      + "\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"read\","
                      + "\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\","
                      + "\"content\":\"b\"}"))
          .isEqualTo(200);
      JsonNode done = until(gateway, cursor -> !cursor.path("tool_turn").isNull());
      String at = done.path("tool_turn").path("at").stringValue("");
      String later = Instant.parse(at).plusMillis(1).toString();
      assertThat(
              of(gateway.admin("GET", "/api/connect?since=" + later, ""), "cursor")
                  .path("tool_turn")
                  .isNull())
          .isTrue();
      assertThat(gateway.admin("GET", "/api/connect?since=yesterday", "").status()).isEqualTo(400);
    }
  }

  @Test
  void whoSeesATeamAloneSeesItsRequestsAlone() throws IOException {
    try (FakeProvider provider = FakeProvider.start();
        ControlFixture gateway =
            ControlFixture.start(directory, CONFIG.formatted(provider.uri(), KEY))) {
      provider.handler(request -> ChatReplies.text("Aye.").forRequest(request));
      assertThat(ask(gateway, KEY, "{\"role\":\"user\",\"content\":\"a\"}")).isEqualTo(200);
      assertThat(ask(gateway, "sk-bf-a-wrong-key", "{\"role\":\"user\",\"content\":\"a\"}"))
          .isEqualTo(401);
      until(gateway, cursor -> !cursor.path("fault").isNull());
      String mine = "Bearer " + gateway.tokenOf("team_lead", ",\"team_id\":\"t1\"");
      JsonNode own = of(gateway.call("GET", "/api/connect", "", "authorization", mine), "cursor");
      assertThat(own.path("success").isNull()).isFalse();
      assertThat(own.path("fault").path("code").stringValue("")).isEqualTo("key_refused");
      assertThat(own.path("fault").path("id").stringValue("none")).isEmpty();
      assertThat(own.path("fault").path("message").stringValue("")).doesNotContain("not known");
      String viewer = "Bearer " + gateway.tokenOf("developer", ",\"user_id\":\"nobody\"");
      JsonNode others =
          of(gateway.call("GET", "/api/connect", "", "authorization", viewer), "cursor");
      assertThat(others.path("success").isNull()).isTrue();
      assertThat(gateway.call("GET", "/api/connect", "").status()).isEqualTo(401);
    }
  }
}
