package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer of OpenAI's legacy completions ({@code POST /v1/completions}), whole or streamed
 * (OpenAI API reference: Completions).
 */
public record CompletionReply(
    String id, String model, String text, String finishReason, OpenAiUsage usage) implements Reply {

  public static CompletionReply text(String text) {
    return new CompletionReply(
        "cmpl-uqkvlQyYK7bGYrRHQ0eXlWi7", "gpt-3.5-turbo-instruct", text, "stop", OpenAiUsage.USUAL);
  }

  public CompletionReply finishReason(String reason) {
    return new CompletionReply(id, model, text, reason, usage);
  }

  public CompletionReply usage(OpenAiUsage newUsage) {
    return new CompletionReply(id, model, text, finishReason, newUsage);
  }

  @Override
  public Script json() {
    return Script.json(
            completion(text, JsonObject.quote(finishReason)).raw("usage", usage.plain()).toString())
        .header("x-request-id", OpenAiErrors.REQUEST_ID);
  }

  @Override
  public Script sse() {
    List<String> frames = new ArrayList<>();
    Pieces.words(text).forEach(piece -> frames.add(frame(completion(piece, "null"))));
    frames.add(frame(completion("", JsonObject.quote(finishReason))));
    frames.add(OpenAiErrors.DONE);
    return Script.sse(frames.toArray(String[]::new))
        .header("x-request-id", OpenAiErrors.REQUEST_ID);
  }

  @Override
  public Script forRequest(ReceivedRequest request) {
    var own =
        new CompletionReply(
            id + request.number(),
            Reply.field(request, "model").orElse(model),
            text,
            finishReason,
            usage);
    return request.wantsStream() ? own.sse() : own.json();
  }

  private JsonObject completion(String piece, String finish) {
    var choice =
        new JsonObject()
            .with("text", piece)
            .with("index", 0)
            .withNull("logprobs")
            .raw("finish_reason", finish);
    return new JsonObject()
        .with("id", id)
        .with("object", "text_completion")
        .with("created", OpenAiErrors.CREATED)
        .with("model", model)
        .raw("choices", JsonObject.array(List.of(choice.toString())));
  }

  private static String frame(JsonObject data) {
    return "data: " + data + "\n\n";
  }
}
