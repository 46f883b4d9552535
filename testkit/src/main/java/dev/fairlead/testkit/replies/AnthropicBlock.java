package dev.fairlead.testkit.replies;

import java.util.ArrayList;
import java.util.List;

/**
 * One content block of an Anthropic message (platform.claude.com: Messages API, Streaming
 * messages).
 */
public sealed interface AnthropicBlock {

  record Text(String text) implements AnthropicBlock {}

  record Thinking(String thinking, String signature) implements AnthropicBlock {}

  record RedactedThinking(String data) implements AnthropicBlock {}

  /** {@code input} is a JSON object. */
  record ToolUse(String id, String name, String input) implements AnthropicBlock {}

  /**
   * Any other block: its JSON when whole, its JSON at content_block_start, and the JSON of its
   * deltas.
   */
  record Other(String whole, String start, List<String> deltas) implements AnthropicBlock {
    public Other {
      deltas = List.copyOf(deltas);
    }
  }

  /** The block in a whole message. */
  default String whole() {
    return switch (this) {
      case Text(String text) -> JsonObject.ofType("text").with("text", text).toString();
      case Thinking(String thinking, String signature) ->
          JsonObject.ofType("thinking")
              .with("thinking", thinking)
              .with("signature", signature)
              .toString();
      case RedactedThinking(String data) ->
          JsonObject.ofType("redacted_thinking").with("data", data).toString();
      case ToolUse(String id, String name, String input) -> toolUse(id, name, input);
      case Other other -> other.whole();
    };
  }

  /** The block as it stands in content_block_start: empty, its content comes in deltas. */
  default String start() {
    return switch (this) {
      case Text text -> new Text("").whole();
      case Thinking thinking -> new Thinking("", "").whole();
      case RedactedThinking redacted -> redacted.whole();
      case ToolUse(String id, String name, String input) -> toolUse(id, name, "{}");
      case Other other -> other.start();
    };
  }

  /** The deltas of the block in a stream. */
  default List<String> deltas() {
    return switch (this) {
      case Text(String text) ->
          Pieces.words(text).stream().map(piece -> delta("text_delta", "text", piece)).toList();
      case Thinking(String thinking, String signature) -> {
        var deltas =
            new ArrayList<>(
                Pieces.words(thinking).stream()
                    .map(piece -> delta("thinking_delta", "thinking", piece))
                    .toList());
        deltas.add(delta("signature_delta", "signature", signature));
        yield List.copyOf(deltas);
      }
      case RedactedThinking redacted -> List.of();
      case ToolUse(String id, String name, String input) -> {
        var deltas = new ArrayList<String>();
        deltas.add(delta("input_json_delta", "partial_json", ""));
        if (!input.equals("{}")) {
          Pieces.fragments(input)
              .forEach(piece -> deltas.add(delta("input_json_delta", "partial_json", piece)));
        }
        yield List.copyOf(deltas);
      }
      case Other other -> other.deltas();
    };
  }

  private static String toolUse(String id, String name, String input) {
    return JsonObject.ofType("tool_use")
        .with("id", id)
        .with("name", name)
        .raw("input", input)
        .toString();
  }

  private static String delta(String type, String field, String value) {
    return JsonObject.ofType(type).with(field, value).toString();
  }
}
