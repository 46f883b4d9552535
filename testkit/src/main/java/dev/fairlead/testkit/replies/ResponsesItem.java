package dev.fairlead.testkit.replies;

import java.util.List;

/**
 * One output item of an OpenAI Responses reply (OpenAI API reference: Responses, Streaming events).
 */
public sealed interface ResponsesItem {

  /** Names the item within its reply. */
  String id();

  record Message(String id, String text) implements ResponsesItem {}

  /** A summary in one part (none if empty) and the encrypted content that the client sends back. */
  record Reasoning(String id, String summary, String encryptedContent) implements ResponsesItem {}

  /** {@code arguments} is the text of a JSON object. */
  record FunctionCall(String id, String callId, String name, String arguments)
      implements ResponsesItem {}

  /** {@code input} is free text, for example a patch. */
  record CustomToolCall(String id, String callId, String name, String input)
      implements ResponsesItem {}

  /** The item when done, as in the output of a whole reply. */
  default String whole() {
    return switch (this) {
      case Message(String id, String text) ->
          message(id, "completed", JsonObject.array(List.of(textPart(text))));
      case Reasoning(String id, String summary, String encrypted) ->
          reasoning(
              id,
              summary.isEmpty() ? "[]" : JsonObject.array(List.of(summaryPart(summary))),
              encrypted);
      case FunctionCall call -> functionCall(call, "completed", call.arguments());
      case CustomToolCall call -> customCall(call, "completed", call.input());
    };
  }

  /** The item in response.output_item.added: in progress and empty. */
  default String start() {
    return switch (this) {
      case Message(String id, String text) -> message(id, "in_progress", "[]");
      case Reasoning(String id, String summary, String encrypted) -> reasoning(id, "[]", "");
      case FunctionCall call -> functionCall(call, "in_progress", "");
      case CustomToolCall call -> customCall(call, "in_progress", "");
    };
  }

  /** Sends what comes between response.output_item.added and response.output_item.done. */
  default void streamTo(ResponsesEvents events, int outputIndex) {
    var item = new ResponsesEvents.Item(events, id(), outputIndex);
    switch (this) {
      case Message(String id, String text) -> {
        item.send(
            "response.content_part.added",
            e -> e.with("content_index", 0).raw("part", textPart("")));
        for (String piece : Pieces.words(text)) {
          item.send(
              "response.output_text.delta",
              e -> e.with("content_index", 0).with("delta", piece).raw("logprobs", "[]"));
        }
        item.send(
            "response.output_text.done",
            e -> e.with("content_index", 0).with("text", text).raw("logprobs", "[]"));
        item.send(
            "response.content_part.done",
            e -> e.with("content_index", 0).raw("part", textPart(text)));
      }
      case Reasoning(String id, String summary, String encrypted) -> {
        if (!summary.isEmpty()) {
          item.send(
              "response.reasoning_summary_part.added",
              e -> e.with("summary_index", 0).raw("part", summaryPart("")));
          for (String piece : Pieces.words(summary)) {
            item.send(
                "response.reasoning_summary_text.delta",
                e -> e.with("summary_index", 0).with("delta", piece));
          }
          item.send(
              "response.reasoning_summary_text.done",
              e -> e.with("summary_index", 0).with("text", summary));
          item.send(
              "response.reasoning_summary_part.done",
              e -> e.with("summary_index", 0).raw("part", summaryPart(summary)));
        }
      }
      case FunctionCall(String id, String callId, String name, String arguments) -> {
        for (String piece : Pieces.fragments(arguments)) {
          item.send("response.function_call_arguments.delta", e -> e.with("delta", piece));
        }
        item.send(
            "response.function_call_arguments.done",
            e -> e.with("name", name).with("arguments", arguments));
      }
      case CustomToolCall(String id, String callId, String name, String input) -> {
        for (String piece : Pieces.fragments(input)) {
          item.send("response.custom_tool_call_input.delta", e -> e.with("delta", piece));
        }
        item.send("response.custom_tool_call_input.done", e -> e.with("input", input));
      }
    }
  }

  private static String message(String id, String status, String content) {
    return new JsonObject()
        .with("id", id)
        .with("type", "message")
        .with("status", status)
        .raw("content", content)
        .with("role", "assistant")
        .toString();
  }

  private static String textPart(String text) {
    return JsonObject.ofType("output_text")
        .raw("annotations", "[]")
        .raw("logprobs", "[]")
        .with("text", text)
        .toString();
  }

  private static String reasoning(String id, String summary, String encrypted) {
    var item = new JsonObject().with("id", id).with("type", "reasoning");
    if (!encrypted.isEmpty()) {
      item.with("encrypted_content", encrypted);
    }
    return item.raw("summary", summary).toString();
  }

  private static String summaryPart(String text) {
    return JsonObject.ofType("summary_text").with("text", text).toString();
  }

  private static String functionCall(FunctionCall call, String status, String arguments) {
    return new JsonObject()
        .with("id", call.id())
        .with("type", "function_call")
        .with("status", status)
        .with("arguments", arguments)
        .with("call_id", call.callId())
        .with("name", call.name())
        .toString();
  }

  private static String customCall(CustomToolCall call, String status, String input) {
    return new JsonObject()
        .with("id", call.id())
        .with("type", "custom_tool_call")
        .with("status", status)
        .with("call_id", call.callId())
        .with("input", input)
        .with("name", call.name())
        .toString();
  }
}
