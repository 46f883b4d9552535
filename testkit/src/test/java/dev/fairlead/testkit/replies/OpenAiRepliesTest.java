package dev.fairlead.testkit.replies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenAiRepliesTest {
  private static final ChatReply CALLS =
      ChatReplies.text("Both \"now\".")
          .reasoning("hm hm")
          .toolCall("call_1", "weather", "{\"city\":\"Köln\"}")
          .toolCall("call_2", "time", "{\"zone\":\"Europe/Berlin\"}");

  @Test
  void wholeChatHasMessageCallsAndUsage() {
    JsonNode reply = Frames.json(CALLS.json());

    assertThat(reply.at("/object").stringValue()).isEqualTo("chat.completion");
    assertThat(reply.at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
    assertThat(reply.at("/choices/0/message/tool_calls/1/function/arguments").stringValue())
        .isEqualTo("{\"zone\":\"Europe/Berlin\"}");
    assertThat(reply.at("/usage/total_tokens").intValue()).isEqualTo(2_063);
    assertThat(reply.at("/usage/prompt_tokens_details/cached_tokens").intValue()).isEqualTo(1_024);
    JsonNode silent = Frames.json(ChatReplies.toolCall("c", "f", "{}").json());
    assertThat(silent.at("/choices/0/message/content").isNull()).isTrue();
  }

  @Test
  void streamedChatJoinsToTheWhole() {
    Frames frames = Frames.untilDone(CALLS.sse());

    assertThat(frames.events())
        .allSatisfy(chunk -> {
          assertThat(chunk.at("/object").stringValue()).isEqualTo("chat.completion.chunk");
          assertThat(chunk.at("/id").stringValue()).isEqualTo(CALLS.id());
          assertThat(chunk.at("/model").stringValue()).isEqualTo(CALLS.model());
        });
    assertThat(frames.events().getFirst().at("/choices/0/delta/role").stringValue())
        .isEqualTo("assistant");
    assertThat(frames.joined("/choices/0/delta/content")).isEqualTo("Both \"now\".");
    assertThat(frames.joined("/choices/0/delta/reasoning_content")).isEqualTo("hm hm");
    assertThat(arguments(frames, 0)).isEqualTo("{\"city\":\"Köln\"}");
    assertThat(arguments(frames, 1)).isEqualTo("{\"zone\":\"Europe/Berlin\"}");
    assertThat(frames.joined("/choices/0/finish_reason")).isEqualTo("tool_calls");
    JsonNode last = frames.events().getLast();
    assertThat(last.at("/choices")).isEmpty();
    assertThat(last.at("/usage/completion_tokens").intValue()).isEqualTo(15);
  }

  private static String arguments(Frames frames, int index) {
    var calls =
        frames.events().stream()
            .filter(chunk -> chunk.at("/choices/0/delta/tool_calls/0/index").asInt(-1) == index)
            .toList();
    return new Frames(calls).joined("/choices/0/delta/tool_calls/0/function/arguments");
  }

  @Test
  void chatHasUsageInTheStreamOnlyIfAskedFor() {
    try (FakeProvider provider = FakeProvider.start().handler(CALLS::forRequest);
        RawHttp client = RawHttp.connect(provider.port())) {
      assertThat(client.post("/", "{\"stream\":true}").readReply().text())
          .doesNotContain("usage")
          .endsWith("data: [DONE]\n\n");
      assertThat(
              client
                  .post("/", "{\"stream\":true,\"stream_options\":{ \"include_usage\": true}}")
                  .readReply()
                  .text())
          .contains("\"choices\":[],\"usage\":{\"prompt_tokens\":2048");
    }
  }

  @Test
  void errorsHaveMessageTypeParamAndCode() {
    for (Script error :
        List.of(
            OpenAiErrors.invalidRequest("bad", "messages"),
            OpenAiErrors.contextLengthExceeded(128_000, 130_000),
            OpenAiErrors.unauthorized(),
            OpenAiErrors.modelNotFound("gpt-x"),
            OpenAiErrors.rateLimited(2),
            OpenAiErrors.quotaExceeded(),
            OpenAiErrors.serverError(),
            OpenAiErrors.overloaded())) {
      JsonNode body = Frames.json(error).get("error");
      assertThat(body.propertyNames())
          .containsExactlyInAnyOrder("message", "type", "param", "code");
    }
    assertThat(ChatReplies.errorFrame("broken", "server_error"))
        .startsWith("data: {\"error\":{\"message\":\"broken\"")
        .endsWith("}}\n\n");
  }

  @Test
  void responsesStreamHasEveryEventInOrder() {
    ResponsesReply reply =
        ResponsesReplies.response()
            .reasoning("Looking around.", "gAAAA")
            .text("Hello there")
            .functionCall("call_1", "shell", "{\"command\":[\"ls\"]}")
            .customToolCall("call_2", "apply_patch", "*** Begin Patch\n*** End Patch\n");

    Frames frames = Frames.named(reply.sse());

    assertThat(frames.types().stream().distinct())
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
            "response.output_item.done",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.custom_tool_call_input.delta",
            "response.custom_tool_call_input.done",
            "response.completed");
    for (int i = 0; i < frames.events().size(); i++) {
      assertThat(frames.events().get(i).get("sequence_number").intValue()).isEqualTo(i);
    }
    assertThat(
            new Frames(frames.ofType("response.function_call_arguments.delta").toList())
                .joined("/delta"))
        .isEqualTo("{\"command\":[\"ls\"]}");
    JsonNode response = frames.events().getLast().get("response");
    assertThat(response).isEqualTo(Frames.json(reply.json()));
    List<JsonNode> done =
        frames.ofType("response.output_item.done").map(event -> event.get("item")).toList();
    assertThat(response.get("output")).containsExactlyElementsOf(done);
    assertThat(response.at("/usage/input_tokens_details/cached_tokens").intValue())
        .isEqualTo(1_024);
    assertThat(response.at("/output/0/encrypted_content").stringValue()).isEqualTo("gAAAA");
  }

  @Test
  void responsesCanFailOrStayIncomplete() {
    Frames failed =
        Frames.named(ResponsesReplies.text("half").failed("server_error", "broke").sse());
    assertThat(failed.types()).last().isEqualTo("response.failed");
    assertThat(failed.events().getLast().at("/response/error/code").stringValue())
        .isEqualTo("server_error");

    JsonNode incomplete =
        Frames.json(ResponsesReplies.text("half").incomplete("max_output_tokens").json());
    assertThat(incomplete.at("/status").stringValue()).isEqualTo("incomplete");
    assertThat(incomplete.at("/incomplete_details/reason").stringValue())
        .isEqualTo("max_output_tokens");
    assertThat(ResponsesReplies.errorEvent(3, "server_error", "no"))
        .startsWith("event: error\ndata: {\"type\":\"error\",\"sequence_number\":3,");
  }

  @Test
  void legacyCompletionsAreGivenBothWays() {
    CompletionReply reply = CompletionReply.text("one two three");

    assertThat(Frames.json(reply.json()).at("/choices/0/text").stringValue())
        .isEqualTo("one two three");
    Frames frames = Frames.untilDone(reply.sse());
    assertThat(frames.joined("/choices/0/text")).isEqualTo("one two three");
    assertThat(frames.joined("/choices/0/finish_reason")).isEqualTo("stop");
  }

  @Test
  void embeddingsAreNumbersOrBase64() {
    JsonNode floats =
        Frames.json(EmbeddingReplies.floats("e", new float[] {0.5f, -1f}, new float[] {1e-9f}));
    assertThat(floats.at("/data/0/embedding/1").doubleValue()).isEqualTo(-1.0);
    assertThat(floats.at("/data/1/index").intValue()).isEqualTo(1);

    JsonNode packed = Frames.json(EmbeddingReplies.base64("e", new float[] {0.5f, -1f}));
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(packed.at("/data/0/embedding").stringValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getFloat()).isEqualTo(0.5f);
    assertThat(bytes.getFloat()).isEqualTo(-1f);
  }

  @Test
  void listsModels() {
    assertThat(Frames.json(ChatReplies.models("a", "b")).at("/data/1/id").stringValue())
        .isEqualTo("b");
  }
}
