package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ReplayTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Spaces where no writer of ours would put them, to tell whether bytes are the same. */
  private static final String ASKED =
      "{ \"messages\" : [{\"role\":\"user\", \"content\":\"which ship\\u003f\"}],\"model\" :"
          + " \"openai/gpt-5.1\" , \"temperature\":0.50}";

  @TempDir Path directory;

  private RunningLog gateway() throws IOException {
    return new RunningLog(directory, "", "");
  }

  private static String at(JsonNode row) {
    return "/api/logs/" + row.path("id").asString() + "/replay";
  }

  private static JsonNode asked(RunningLog gateway, String body, String... headers) {
    return gateway.row(gateway.ask(body.getBytes(UTF_8), headers));
  }

  private static ReceivedRequest received(RunningLog gateway) {
    return gateway.provider.takeRequest(LIMIT);
  }

  @Test
  void theSameIsAskedOfAnotherModelAndBothAnswersAreThere() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(
          ChatReplies.text("A large ship.").toolCall("c1", "board", "{\"deck\":1}").json(),
          ChatReplies.text("A small ship.").toolCall("c2", "board", "{\"deck\":1}").json());
      JsonNode then = asked(gateway, ASKED, "user-agent", "ship-finder/1.0");
      HttpResponse<byte[]> answer = gateway.post(at(then), "{\"model\":\"openai/gpt-5-mini\"}");
      assertThat(answer.statusCode()).as(RunningLog.text(answer)).isEqualTo(200);

      String first = received(gateway).body().utf8();
      ReceivedRequest second = received(gateway);
      assertThat(second.body().utf8()).isEqualTo(first.replace("gpt-5.1", "gpt-5-mini"));
      assertThat(second.header("authorization")).hasValue("Bearer sk-upstream");

      JsonNode both = RunningLog.tree(answer);
      assertThat(both.path("original").path("id")).isEqualTo(then.path("id"));
      assertThat(both.path("original").path("text").asString()).isEqualTo("A large ship.");
      JsonNode replay = both.path("replay");
      assertThat(replay.path("text").asString()).isEqualTo("A small ship.");
      assertThat(replay.path("http_status").asInt()).isEqualTo(200);
      assertThat(replay.path("model").asString()).isEqualTo("gpt-5-mini");
      assertThat(replay.path("cost").asDouble()).isPositive();
      assertThat(replay.path("body").asString()).contains("A small ship.");
      for (JsonNode one : new JsonNode[] {both.path("original"), replay}) {
        JsonNode call = one.path("tool_calls").path(0);
        assertThat(call.path("name").asString()).isEqualTo("board");
        assertThat(call.path("input").asString()).isEqualTo("{\"deck\":1}");
      }
      assertThat(both.path("comparison").path("same_text").asBoolean()).isFalse();
      assertThat(both.path("comparison").path("same_tool_calls").asBoolean()).isTrue();

      JsonNode row = gateway.json("/api/logs/" + replay.path("id").asString());
      assertThat(row.path("detail").path("parent_request_id")).isEqualTo(then.path("id"));
      assertThat(row.path("detail").path("user_agent").asString()).isEqualTo("ship-finder/1.0");
      assertThat(row.has("virtual_key_id")).isFalse();
      JsonNode entry = gateway.json("/api/audit?action=replay_request").path("entries").path(0);
      assertThat(entry.toString()).contains(then.path("id").asString(), "openai/gpt-5-mini");
    }
  }

  @Test
  void withoutAModelTheSameBytesAreSentAndStreamsAreRead() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(
          ChatReplies.text("said in pieces").sse(), ChatReplies.text("said in pieces").sse());
      JsonNode then = asked(gateway, ASKED.replace("0.50", "0.50, \"stream\": true"));
      JsonNode both = RunningLog.tree(gateway.post(at(then), "{}"));
      assertThat(both.path("comparison").path("same_text").asBoolean())
          .as(both.toString())
          .isTrue();
      assertThat(both.path("replay").path("text").asString()).isEqualTo("said in pieces");
      assertThat(received(gateway).body()).isEqualTo(received(gateway).body());
    }
  }

  @Test
  void itIsChargedToTheKeyThatIsSaid() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("a").json(), ChatReplies.text("b").json());
      JsonNode then = asked(gateway, ASKED);
      String key = "{\"model\":\"openai/gpt-5-mini\",\"virtual_key\":\"" + RunningLog.KEY + "\"}";
      HttpResponse<byte[]> answer = gateway.post(at(then), key);
      assertThat(RunningLog.tree(answer).path("replay").path("virtual_key_id").asString())
          .isEqualTo("vk-1");
      assertThat(RunningLog.text(gateway.call("GET", "/api/audit"))).doesNotContain(RunningLog.KEY);
      HttpResponse<byte[]> unknown =
          gateway.post(at(then), key.replace(RunningLog.KEY, "sk-bf-nobody-has-this-key"));
      assertThat(unknown.statusCode()).isEqualTo(400);
      assertThat(problem(unknown)).isEqualTo("virtual_key");
      assertThat(gateway.provider.requestCount()).isEqualTo(2);
    }
  }

  private static String problem(HttpResponse<byte[]> answer) {
    return RunningLog.tree(answer).path("error").path("problems").path(0).path("field").asString();
  }

  @Test
  void whatCannotBeSentAgainIsTold() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("a").json(), ChatReplies.text("b").json());
      JsonNode kept = asked(gateway, ASKED);
      JsonNode silent = asked(gateway, ASKED, "x-fairlead-no-log", "true");
      String model = "{\"model\":\"openai/gpt-5-mini\"}";
      assertThat(gateway.post(at(silent), model).statusCode()).isEqualTo(404);
      assertThat(
              gateway
                  .post("/api/logs/01900000-0000-7000-8000-000000000000/replay", model)
                  .statusCode())
          .isEqualTo(404);
      for (String bad :
          new String[] {
            "{\"model\":7}", "{\"model\":\"a\\nb\"}", "{\"model\":\"" + "m".repeat(256) + "\"}"
          }) {
        HttpResponse<byte[]> answer = gateway.post(at(kept), bad);
        assertThat(answer.statusCode()).as(bad).isEqualTo(400);
        assertThat(problem(answer)).isEqualTo("model");
      }
      HttpResponse<byte[]> more = gateway.post(at(kept), "{\"models\":\"x\"}");
      assertThat(more.statusCode()).isEqualTo(400);
      assertThat(problem(more)).isEqualTo("models");
      assertThat(gateway.provider.requestCount()).isEqualTo(2);
    }
  }

  @Test
  void whatTheGatewayRefusesIsTheAnswer() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("a").json());
      JsonNode then = asked(gateway, ASKED);
      JsonNode replay =
          RunningLog.tree(gateway.post(at(then), "{\"model\":\"nobody/serves-this\"}"))
              .path("replay");
      assertThat(replay.path("http_status").asInt()).isBetween(400, 499);
      assertThat(replay.path("body").asString()).contains("nobody");
      assertThat(replay.path("text").asString()).isEmpty();
    }
  }

  @Test
  void whereEveryoneNeedsAKeySoDoesIt() throws IOException {
    try (RunningLog gateway =
        new RunningLog(directory, "\"enforce_auth_on_inference\": true", "")) {
      gateway.provider.enqueue(ChatReplies.text("a").json());
      HttpResponse<byte[]> answer =
          gateway.post(at(asked(gateway, ASKED)), "{\"model\":\"openai/gpt-5-mini\"}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(problem(answer)).isEqualTo("virtual_key");
    }
  }

  @Test
  void itGoesNowhereWithoutTheTagsTheFirstRequired() throws IOException {
    try (FakeProvider near = FakeProvider.start();
        RunningLog gateway =
            new RunningLog(
                directory,
                "",
                "",
                """
                , "near": {"custom_provider_config": {"base_provider_type": "openai"},
                   "network_config": {"base_url": "%s"}, "tags": ["eu"],
                   "keys": [{"name": "n", "value": "sk-near", "models": [], "weight": 1.0}]}
                """
                    .formatted(near.uri()),
                """
                , {"id": "vk-hr", "name": "hr", "value": "%s-hr", "required_tags": ["eu"],
                   "allow_all_providers": true}
                """
                    .formatted(RunningLog.KEY))) {
      near.handler(_ -> ChatReplies.text("stays here").json());
      JsonNode then =
          asked(
              gateway,
              ASKED.replace("openai/gpt-5.1", "near/gpt-5.1"),
              "authorization",
              "Bearer " + RunningLog.KEY + "-hr");
      assertThat(then.path("provider").asString()).isEqualTo("near");
      Map<String, Integer> statuses = Map.of("openai/gpt-5.1", 403, "near/other", 200);
      statuses.forEach((model, status) -> {
        JsonNode both = RunningLog.tree(gateway.post(at(then), "{\"model\":\"" + model + "\"}"));
        assertThat(both.path("replay").path("http_status").asInt())
            .as(both.toString())
            .isEqualTo(status);
      });
      assertThat(gateway.provider.requestCount()).isZero();
    }
  }
}
