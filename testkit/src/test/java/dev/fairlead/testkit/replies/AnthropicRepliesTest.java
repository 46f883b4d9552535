package dev.fairlead.testkit.replies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AnthropicRepliesTest {
  private static final String INPUT = "{\"path\":\"/a b/ü \\\"x\\\"\",\"lines\":[1,2]}";
  private static final AnthropicReply EVERYTHING =
      AnthropicReplies.message()
          .thinking("Let me see.", "c2lnbmF0dXJl")
          .text("I will \"read\" 😀 it.\nNow.")
          .toolUse("toolu_1", "read", INPUT)
          .toolUse("toolu_2", "list", "{}");

  @Test
  void wholeMessageHasEveryBlock() {
    JsonNode message = Frames.json(EVERYTHING.json());

    assertThat(message.at("/type").stringValue()).isEqualTo("message");
    assertThat(message.at("/stop_reason").stringValue()).isEqualTo("tool_use");
    assertThat(message.at("/content/0/signature").stringValue()).isEqualTo("c2lnbmF0dXJl");
    assertThat(message.at("/content/1/text").stringValue())
        .isEqualTo("I will \"read\" 😀 it.\nNow.");
    assertThat(message.at("/content/2/input")).isEqualTo(Frames.parse(INPUT));
    assertThat(message.at("/usage/cache_creation_input_tokens").intValue()).isEqualTo(100);
    assertThat(message.at("/usage/cache_creation/ephemeral_5m_input_tokens").intValue())
        .isEqualTo(100);
    assertThat(message.at("/usage/output_tokens").intValue()).isEqualTo(15);
  }

  @Test
  void streamIsInTheDocumentedOrder() {
    Frames frames = Frames.named(AnthropicReplies.text("one two").sse());

    assertThat(frames.types())
        .containsExactly(
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    JsonNode start = frames.events().getFirst();
    assertThat(start.at("/message/content")).isEmpty();
    assertThat(start.at("/message/stop_reason").isNull()).isTrue();
    assertThat(start.at("/message/usage/input_tokens").intValue()).isEqualTo(25);
    assertThat(start.at("/message/usage/cache_creation").isObject()).isTrue();
    assertThat(frames.joined("/delta/text")).isEqualTo("one two");
  }

  @Test
  void streamOpensFillsAndClosesEachBlockInTurn() {
    Frames frames = Frames.named(EVERYTHING.sse());

    int open = -1;
    int next = 0;
    for (JsonNode event : frames.events()) {
      switch (event.get("type").stringValue()) {
        case "content_block_start" -> {
          assertThat(open).isEqualTo(-1);
          open = event.get("index").intValue();
          assertThat(open).isEqualTo(next++);
        }
        case "content_block_delta" -> assertThat(event.get("index").intValue()).isEqualTo(open);
        case "content_block_stop" -> {
          assertThat(event.get("index").intValue()).isEqualTo(open);
          open = -1;
        }
        default -> assertThat(open).isIn(-1, 0); // ping is inside the first block
      }
    }
    assertThat(next).isEqualTo(4);
    assertThat(frames.joined("/delta/thinking")).isEqualTo("Let me see.");
    assertThat(frames.joined("/delta/signature")).isEqualTo("c2lnbmF0dXJl");
    assertThat(frames.joined("/delta/text")).isEqualTo("I will \"read\" 😀 it.\nNow.");
    assertThat(Frames.parse(frames.joined("/delta/partial_json"))).isEqualTo(Frames.parse(INPUT));
    assertThat(frames.joined("/delta/stop_reason")).isEqualTo("tool_use");
  }

  @Test
  void errorsHaveTheDocumentedEnvelope() {
    for (Script error :
        List.of(
            AnthropicReplies.invalidRequest("x: y"),
            AnthropicReplies.promptTooLong(200_001, 200_000),
            AnthropicReplies.unauthorized(),
            AnthropicReplies.forbidden(),
            AnthropicReplies.notFound("claude-x"),
            AnthropicReplies.tooLarge(),
            AnthropicReplies.rateLimited(3),
            AnthropicReplies.serverError(),
            AnthropicReplies.overloaded())) {
      JsonNode body = Frames.json(error);
      assertThat(body.at("/type").stringValue()).isEqualTo("error");
      assertThat(body.at("/error/type").stringValue()).isNotEmpty();
      assertThat(body.at("/error/message").stringValue()).isNotEmpty();
      assertThat(body.at("/request_id").stringValue()).startsWith("req_");
    }
    assertThat(head(AnthropicReplies.overloaded()).status()).isEqualTo(529);
    assertThat(head(AnthropicReplies.rateLimited(3)).headers())
        .contains(Header.of("retry-after", "3"));
    assertThat(AnthropicReplies.errorEvent("overloaded_error", "Overloaded"))
        .isEqualTo(
            """
            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

            """);
  }

  private static Step.Head head(Script script) {
    return (Step.Head) script.steps().getFirst();
  }

  @Test
  void countsTokensAndListsModels() {
    assertThat(Frames.json(AnthropicReplies.countTokens(7)).at("/input_tokens").intValue())
        .isEqualTo(7);
    JsonNode models = Frames.json(AnthropicReplies.models("claude-a", "claude-b"));
    assertThat(models.at("/data/1/id").stringValue()).isEqualTo("claude-b");
    assertThat(models.at("/last_id").stringValue()).isEqualTo("claude-b");
  }

  @Test
  void answersEachRequestInItsOwnWay() {
    try (FakeProvider provider =
            FakeProvider.start().handler(AnthropicReplies.text("hi")::forRequest);
        RawHttp client = RawHttp.connect(provider.port())) {
      String whole = client.post("/", "{\"model\":\"m1\"}").readReply().text();
      String streamed = client.post("/", "{\"stream\" : true,\"model\":\"m2\"}").readReply().text();

      assertThat(whole).contains("\"model\":\"m1\"").contains("_1\"").startsWith("{");
      assertThat(streamed).contains("\"model\":\"m2\"").contains("_2\"").startsWith("event: ");
    }
  }
}
