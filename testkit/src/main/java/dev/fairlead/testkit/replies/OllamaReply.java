package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.Framing;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An answer of Ollama's own chat API ({@code POST /api/chat}) as its API document has it: one JSON
 * object, or one a line; immutable, begin with {@link #text}.
 *
 * @param thinking empty for none
 * @param text empty for none
 * @param doneReason as Ollama spells it
 */
public record OllamaReply(String thinking, String text, List<ToolCall> toolCalls, String doneReason)
    implements Reply {
  public static final long PROMPT_TOKENS = 125;
  public static final long OUTPUT_TOKENS = 15;
  private static final Pattern NO_STREAM = Pattern.compile("\"stream\"\\s*:\\s*false");

  public OllamaReply {
    toolCalls = List.copyOf(toolCalls);
  }

  public static OllamaReply text(String text) {
    return new OllamaReply("", text, List.of(), "stop");
  }

  public OllamaReply thinking(String newThinking) {
    return new OllamaReply(newThinking, text, toolCalls, doneReason);
  }

  public OllamaReply doneReason(String reason) {
    return new OllamaReply(thinking, text, toolCalls, reason);
  }

  /** One more parallel call; Ollama's calls have no id of their own. */
  public OllamaReply toolCall(String name, String arguments) {
    var all =
        Stream.concat(toolCalls.stream(), Stream.of(new ToolCall("", name, arguments))).toList();
    return new OllamaReply(thinking, text, all, doneReason);
  }

  @Override
  public Script json() {
    return Script.json(end(message(thinking, text, toolCalls)).toString());
  }

  /** One {@code Step.Data} a line. */
  @Override
  public Script sse() {
    List<String> texts = new ArrayList<>();
    for (String piece : Pieces.words(thinking)) {
      texts.add(part(message(piece, "", List.of())));
    }
    for (String piece : Pieces.words(text)) {
      texts.add(part(message("", piece, List.of())));
    }
    if (!toolCalls.isEmpty()) {
      texts.add(part(message("", "", toolCalls)));
    }
    texts.add(end(message("", "", List.of())).toString());
    return Script.head(200, Framing.chunked(), Header.of("content-type", "application/x-ndjson"))
        .frames(texts.stream().map(line -> line + "\n").toArray(String[]::new));
  }

  /** Streamed unless the request says {@code "stream": false}: that is Ollama's default. */
  @Override
  public Script forRequest(ReceivedRequest request) {
    return NO_STREAM.matcher(request.body().utf8()).find() ? json() : sse();
  }

  private static JsonObject message(String thinking, String text, List<ToolCall> calls) {
    JsonObject message = new JsonObject().with("role", "assistant").with("content", text);
    if (!thinking.isEmpty()) {
      message.with("thinking", thinking);
    }
    if (!calls.isEmpty()) {
      message.raw(
          "tool_calls",
          JsonObject.array(
              calls.stream()
                  .map(call ->
                      new JsonObject()
                          .with(
                              "function",
                              new JsonObject()
                                  .with("name", call.name())
                                  .raw("arguments", call.arguments()))
                          .toString())
                  .toList()));
    }
    return message;
  }

  private static JsonObject head(JsonObject message) {
    return new JsonObject()
        .with("model", "qwen3:8b")
        .with("created_at", "2025-10-17T23:14:07.414671Z")
        .with("message", message);
  }

  private static String part(JsonObject message) {
    return head(message).with("done", false).toString();
  }

  private JsonObject end(JsonObject message) {
    return head(message)
        .with("done", true)
        .with("done_reason", doneReason)
        .with("total_duration", 174_560_334L)
        .with("load_duration", 101_397_084L)
        .with("prompt_eval_count", PROMPT_TOKENS)
        .with("prompt_eval_duration", 13_074_791L)
        .with("eval_count", OUTPUT_TOKENS)
        .with("eval_duration", 52_479_709L);
  }
}
