package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.Script;
import java.util.List;

/**
 * Replies of OpenAI Chat Completions as documented in OpenAI's API reference (Chat Completions,
 * Streaming); errors are in {@link OpenAiErrors}.
 */
public final class ChatReplies {
  private ChatReplies() {}

  public static ChatReply text(String text) {
    return new ChatReply(
        "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "gpt-4.1-2025-04-14",
        text,
        "",
        List.of(),
        "stop",
        OpenAiUsage.USUAL,
        true);
  }

  /** One tool call and no text; {@code arguments} is the text of a JSON object. */
  public static ChatReply toolCall(String id, String name, String arguments) {
    return text("").toolCall(id, name, arguments);
  }

  /** An error inside a stream, as OpenAI and compatible servers send it. */
  public static String errorFrame(String message, String type) {
    return "data: " + OpenAiErrors.body(message, type, "server_error") + "\n\n";
  }

  /** The reply to {@code GET /v1/models}. */
  public static Script models(String... ids) {
    List<String> models =
        List.of(ids).stream()
            .map(id ->
                new JsonObject()
                    .with("id", id)
                    .with("object", "model")
                    .with("created", OpenAiErrors.CREATED)
                    .with("owned_by", "system")
                    .toString())
            .toList();
    return Script.json(
        new JsonObject().with("object", "list").raw("data", JsonObject.array(models)).toString());
  }
}
