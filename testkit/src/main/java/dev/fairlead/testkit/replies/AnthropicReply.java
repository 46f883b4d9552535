package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A message of the Anthropic Messages API, whole or streamed; immutable, begin with {@link
 * AnthropicReplies}.
 *
 * <p>The stream has the documented order: message_start, ping, each block opened, filled and closed
 * in turn, message_delta, message_stop.
 */
public record AnthropicReply(
    String id, String model, List<AnthropicBlock> blocks, String stopReason, AnthropicUsage usage)
    implements Reply {

  public AnthropicReply {
    blocks = List.copyOf(blocks);
  }

  public AnthropicReply id(String newId) {
    return new AnthropicReply(newId, model, blocks, stopReason, usage);
  }

  public AnthropicReply model(String newModel) {
    return new AnthropicReply(id, newModel, blocks, stopReason, usage);
  }

  public AnthropicReply stopReason(String reason) {
    return new AnthropicReply(id, model, blocks, reason, usage);
  }

  public AnthropicReply usage(AnthropicUsage newUsage) {
    return new AnthropicReply(id, model, blocks, stopReason, newUsage);
  }

  /** One more block at the end. */
  public AnthropicReply block(AnthropicBlock block) {
    var all = Stream.concat(blocks.stream(), Stream.of(block)).toList();
    return new AnthropicReply(id, model, all, stopReason, usage);
  }

  public AnthropicReply text(String text) {
    return block(new AnthropicBlock.Text(text));
  }

  public AnthropicReply thinking(String thinking, String signature) {
    return block(new AnthropicBlock.Thinking(thinking, signature));
  }

  /**
   * One more tool call; the stop reason becomes {@code tool_use}. {@code input} is a JSON object.
   */
  public AnthropicReply toolUse(String callId, String name, String input) {
    return block(new AnthropicBlock.ToolUse(callId, name, input)).stopReason("tool_use");
  }

  @Override
  public Script json() {
    List<String> content = blocks.stream().map(AnthropicBlock::whole).toList();
    return Script.json(
            message(content, JsonObject.quote(stopReason), usage.full(usage.output())).toString())
        .header("request-id", AnthropicReplies.REQUEST_ID);
  }

  @Override
  public Script sse() {
    List<String> frames = new ArrayList<>();
    frames.add(
        AnthropicReplies.event(
            JsonObject.ofType("message_start")
                .with("message", message(List.of(), "null", usage.full(1))),
            "message_start"));
    for (int index = 0; index < blocks.size(); index++) {
      AnthropicBlock block = blocks.get(index);
      frames.add(blockEvent("content_block_start", index, "content_block", block.start()));
      if (index == 0) {
        frames.add(AnthropicReplies.PING);
      }
      for (String delta : block.deltas()) {
        frames.add(blockEvent("content_block_delta", index, "delta", delta));
      }
      frames.add(
          AnthropicReplies.event(
              JsonObject.ofType("content_block_stop").with("index", index), "content_block_stop"));
    }
    frames.add(
        AnthropicReplies.event(
            JsonObject.ofType("message_delta")
                .with(
                    "delta",
                    new JsonObject().with("stop_reason", stopReason).withNull("stop_sequence"))
                .raw("usage", usage.atEnd()),
            "message_delta"));
    frames.add(AnthropicReplies.event(JsonObject.ofType("message_stop"), "message_stop"));
    return Script.sse(frames.toArray(String[]::new))
        .header("request-id", AnthropicReplies.REQUEST_ID);
  }

  @Override
  public Script forRequest(ReceivedRequest request) {
    AnthropicReply own =
        id(id + "_" + request.number()).model(Reply.field(request, "model").orElse(model));
    return request.wantsStream() ? own.sse() : own.json();
  }

  private JsonObject message(List<String> content, String stop, String usageJson) {
    return new JsonObject()
        .with("id", id)
        .with("type", "message")
        .with("role", "assistant")
        .with("model", model)
        .raw("content", JsonObject.array(content))
        .raw("stop_reason", stop)
        .withNull("stop_sequence")
        .raw("usage", usageJson);
  }

  private static String blockEvent(String type, int index, String field, String json) {
    return AnthropicReplies.event(
        JsonObject.ofType(type).with("index", index).raw(field, json), type);
  }
}
