package dev.fairlead.testkit.replies;

import java.util.List;

/**
 * Replies of OpenAI Responses as documented in OpenAI's API reference (Responses, Streaming
 * events); errors before the stream are in {@link OpenAiErrors}.
 */
public final class ResponsesReplies {
  private ResponsesReplies() {}

  /** A completed response without output; add items to it. */
  public static ResponsesReply response() {
    return new ResponsesReply(
        "resp_67ccd2bed1ec8190b14f964abc054267",
        "gpt-5-2025-08-07",
        List.of(),
        new ResponsesReply.End.Completed(),
        OpenAiUsage.USUAL);
  }

  public static ResponsesReply text(String text) {
    return response().text(text);
  }

  /** One function call; {@code arguments} is the text of a JSON object. */
  public static ResponsesReply functionCall(String callId, String name, String arguments) {
    return response().functionCall(callId, name, arguments);
  }

  public static ResponsesReply customToolCall(String callId, String name, String input) {
    return response().customToolCall(callId, name, input);
  }

  /** The error event, after {@code sequenceNumber} other events of the stream. */
  public static String errorEvent(int sequenceNumber, String code, String message) {
    JsonObject data =
        JsonObject.ofType("error")
            .with("sequence_number", sequenceNumber)
            .with("code", code)
            .with("message", message)
            .withNull("param");
    return "event: error\ndata: " + data + "\n\n";
  }
}
