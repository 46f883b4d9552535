package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An answer of OpenAI Chat Completions, whole or streamed; immutable, begin with {@link
 * ChatReplies}.
 *
 * @param text empty for none
 * @param reasoning empty for none; streamed and given as {@code reasoning_content}, as DeepSeek and
 *     others do
 * @param usageChunk whether a stream ends with a chunk without choices that has the usage
 */
public record ChatReply(
    String id,
    String model,
    String text,
    String reasoning,
    List<ToolCall> toolCalls,
    String finishReason,
    OpenAiUsage usage,
    boolean usageChunk)
    implements Reply {

  public ChatReply {
    toolCalls = List.copyOf(toolCalls);
  }

  public ChatReply id(String newId) {
    return new ChatReply(newId, model, text, reasoning, toolCalls, finishReason, usage, usageChunk);
  }

  public ChatReply model(String newModel) {
    return new ChatReply(id, newModel, text, reasoning, toolCalls, finishReason, usage, usageChunk);
  }

  public ChatReply text(String newText) {
    return new ChatReply(id, model, newText, reasoning, toolCalls, finishReason, usage, usageChunk);
  }

  public ChatReply reasoning(String newReasoning) {
    return new ChatReply(id, model, text, newReasoning, toolCalls, finishReason, usage, usageChunk);
  }

  public ChatReply finishReason(String reason) {
    return new ChatReply(id, model, text, reasoning, toolCalls, reason, usage, usageChunk);
  }

  public ChatReply usage(OpenAiUsage newUsage) {
    return new ChatReply(id, model, text, reasoning, toolCalls, finishReason, newUsage, usageChunk);
  }

  public ChatReply usageChunk(boolean wanted) {
    return new ChatReply(id, model, text, reasoning, toolCalls, finishReason, usage, wanted);
  }

  /** One more parallel tool call; the finish reason becomes {@code tool_calls}. */
  public ChatReply toolCall(String callId, String name, String arguments) {
    var all =
        Stream.concat(toolCalls.stream(), Stream.of(new ToolCall(callId, name, arguments)))
            .toList();
    return new ChatReply(id, model, text, reasoning, all, "tool_calls", usage, usageChunk);
  }

  @Override
  public Script json() {
    var message = new JsonObject().with("role", "assistant");
    if (text.isEmpty() && !toolCalls.isEmpty()) {
      message.withNull("content");
    } else {
      message.with("content", text);
    }
    if (!reasoning.isEmpty()) {
      message.with("reasoning_content", reasoning);
    }
    if (!toolCalls.isEmpty()) {
      List<String> calls =
          toolCalls.stream()
              .map(call ->
                  new JsonObject()
                      .with("id", call.id())
                      .with("type", "function")
                      .with("function", function(call, call.arguments()))
                      .toString())
              .toList();
      message.raw("tool_calls", JsonObject.array(calls));
    }
    message.withNull("refusal").raw("annotations", "[]");
    var choice =
        new JsonObject()
            .with("index", 0)
            .with("message", message)
            .withNull("logprobs")
            .with("finish_reason", finishReason);
    return Script.json(
            head("chat.completion")
                .raw("choices", JsonObject.array(List.of(choice.toString())))
                .raw("usage", usage.chat())
                .with("service_tier", "default")
                .with("system_fingerprint", OpenAiErrors.FINGERPRINT)
                .toString())
        .header("x-request-id", OpenAiErrors.REQUEST_ID);
  }

  @Override
  public Script sse() {
    List<String> frames = new ArrayList<>();
    var role = new JsonObject().with("role", "assistant");
    if (toolCalls.isEmpty() || !text.isEmpty()) {
      role.with("content", "");
    } else {
      role.withNull("content");
    }
    frames.add(chunk(role.withNull("refusal"), "null"));
    for (String piece : Pieces.words(reasoning)) {
      frames.add(chunk(new JsonObject().with("reasoning_content", piece), "null"));
    }
    for (String piece : Pieces.words(text)) {
      frames.add(chunk(new JsonObject().with("content", piece), "null"));
    }
    for (int index = 0; index < toolCalls.size(); index++) {
      ToolCall call = toolCalls.get(index);
      frames.add(
          toolChunk(
              new JsonObject()
                  .with("index", index)
                  .with("id", call.id())
                  .with("type", "function")
                  .with("function", function(call, ""))));
      for (String piece : Pieces.fragments(call.arguments())) {
        frames.add(
            toolChunk(
                new JsonObject()
                    .with("index", index)
                    .with("function", new JsonObject().with("arguments", piece))));
      }
    }
    frames.add(chunk(new JsonObject(), JsonObject.quote(finishReason)));
    if (usageChunk) {
      frames.add(frame(streamHead().raw("choices", "[]").raw("usage", usage.chat())));
    }
    frames.add(OpenAiErrors.DONE);
    return Script.sse(frames.toArray(String[]::new))
        .header("x-request-id", OpenAiErrors.REQUEST_ID);
  }

  /** With a usage chunk only if {@code stream_options.include_usage} asks for it. */
  @Override
  public Script forRequest(ReceivedRequest request) {
    boolean include =
        request.body().utf8().replaceAll("\\s", "").contains("\"include_usage\":true");
    ChatReply own =
        id(id + "-" + request.number())
            .model(Reply.field(request, "model").orElse(model))
            .usageChunk(include);
    return request.wantsStream() ? own.sse() : own.json();
  }

  private String chunk(JsonObject delta, String finish) {
    var choice =
        new JsonObject()
            .with("index", 0)
            .with("delta", delta)
            .withNull("logprobs")
            .raw("finish_reason", finish);
    var chunk = streamHead().raw("choices", JsonObject.array(List.of(choice.toString())));
    return frame(usageChunk ? chunk.withNull("usage") : chunk);
  }

  private String toolChunk(JsonObject call) {
    return chunk(
        new JsonObject().raw("tool_calls", JsonObject.array(List.of(call.toString()))), "null");
  }

  private static JsonObject function(ToolCall call, String arguments) {
    return new JsonObject().with("name", call.name()).with("arguments", arguments);
  }

  private JsonObject streamHead() {
    return head("chat.completion.chunk")
        .with("service_tier", "default")
        .with("system_fingerprint", OpenAiErrors.FINGERPRINT);
  }

  private JsonObject head(String object) {
    return new JsonObject()
        .with("id", id)
        .with("object", object)
        .with("created", OpenAiErrors.CREATED)
        .with("model", model);
  }

  private static String frame(JsonObject data) {
    return "data: " + data + "\n\n";
  }
}
