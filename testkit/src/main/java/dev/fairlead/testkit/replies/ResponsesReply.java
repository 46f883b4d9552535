package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.List;
import java.util.stream.Stream;

/**
 * An answer of OpenAI Responses, whole or as the full stream of typed events; immutable, begin with
 * {@link ResponsesReplies}.
 */
public record ResponsesReply(
    String id, String model, List<ResponsesItem> items, End end, OpenAiUsage usage)
    implements Reply {

  /** How the reply ends. */
  public sealed interface End {
    record Completed() implements End {}

    /** {@code reason} is {@code max_output_tokens} or {@code content_filter}. */
    record Incomplete(String reason) implements End {}

    record Failed(String code, String message) implements End {}
  }

  public ResponsesReply {
    items = List.copyOf(items);
  }

  public ResponsesReply id(String newId) {
    return new ResponsesReply(newId, model, items, end, usage);
  }

  public ResponsesReply model(String newModel) {
    return new ResponsesReply(id, newModel, items, end, usage);
  }

  public ResponsesReply usage(OpenAiUsage newUsage) {
    return new ResponsesReply(id, model, items, end, newUsage);
  }

  /** Ends with response.incomplete. */
  public ResponsesReply incomplete(String reason) {
    return new ResponsesReply(id, model, items, new End.Incomplete(reason), usage);
  }

  /** Ends with response.failed. */
  public ResponsesReply failed(String code, String message) {
    return new ResponsesReply(id, model, items, new End.Failed(code, message), usage);
  }

  /** One more output item at the end. */
  public ResponsesReply item(ResponsesItem item) {
    var all = Stream.concat(items.stream(), Stream.of(item)).toList();
    return new ResponsesReply(id, model, all, end, usage);
  }

  public ResponsesReply text(String text) {
    return item(new ResponsesItem.Message(itemId("msg"), text));
  }

  public ResponsesReply reasoning(String summary, String encryptedContent) {
    return item(new ResponsesItem.Reasoning(itemId("rs"), summary, encryptedContent));
  }

  /** One more parallel call; {@code arguments} is the text of a JSON object. */
  public ResponsesReply functionCall(String callId, String name, String arguments) {
    return item(new ResponsesItem.FunctionCall(itemId("fc"), callId, name, arguments));
  }

  public ResponsesReply customToolCall(String callId, String name, String input) {
    return item(new ResponsesItem.CustomToolCall(itemId("ctc"), callId, name, input));
  }

  private String itemId(String prefix) {
    return prefix + "_67ccd2bf17f0819081ff3bb2cf6508e6" + items.size();
  }

  @Override
  public Script json() {
    return Script.json(response(true).toString()).header("x-request-id", OpenAiErrors.REQUEST_ID);
  }

  @Override
  public Script sse() {
    var events = new ResponsesEvents();
    events.send("response.created", e -> e.with("response", response(false)));
    events.send("response.in_progress", e -> e.with("response", response(false)));
    for (int i = 0; i < items.size(); i++) {
      ResponsesItem item = items.get(i);
      int index = i;
      events.send(
          "response.output_item.added",
          e -> e.with("output_index", index).raw("item", item.start()));
      item.streamTo(events, index);
      events.send(
          "response.output_item.done",
          e -> e.with("output_index", index).raw("item", item.whole()));
    }
    events.send("response." + status(), e -> e.with("response", response(true)));
    return Script.sse(events.frames()).header("x-request-id", OpenAiErrors.REQUEST_ID);
  }

  @Override
  public Script forRequest(ReceivedRequest request) {
    ResponsesReply own =
        id(id + "_" + request.number()).model(Reply.field(request, "model").orElse(model));
    return request.wantsStream() ? own.sse() : own.json();
  }

  private String status() {
    return switch (end) {
      case End.Completed() -> "completed";
      case End.Incomplete(String reason) -> "incomplete";
      case End.Failed(String code, String message) -> "failed";
    };
  }

  private JsonObject response(boolean ended) {
    var response =
        new JsonObject()
            .with("id", id)
            .with("object", "response")
            .with("created_at", OpenAiErrors.CREATED)
            .with("status", ended ? status() : "in_progress")
            .with("background", false);
    if (ended && end instanceof End.Failed(String code, String message)) {
      response.with("error", new JsonObject().with("code", code).with("message", message));
    } else {
      response.withNull("error");
    }
    if (ended && end instanceof End.Incomplete(String reason)) {
      response.with("incomplete_details", new JsonObject().with("reason", reason));
    } else {
      response.withNull("incomplete_details");
    }
    response
        .withNull("instructions")
        .withNull("max_output_tokens")
        .with("model", model)
        .raw(
            "output",
            ended ? JsonObject.array(items.stream().map(ResponsesItem::whole).toList()) : "[]")
        .with("parallel_tool_calls", true)
        .withNull("previous_response_id")
        .with("reasoning", new JsonObject().with("effort", "medium").withNull("summary"))
        .with("service_tier", "default")
        .with("store", false)
        .raw("temperature", "1.0")
        .with(
            "text",
            new JsonObject().with("format", JsonObject.ofType("text")).with("verbosity", "medium"))
        .with("tool_choice", "auto")
        .raw("tools", "[]")
        .raw("top_p", "1.0")
        .with("truncation", "disabled");
    if (ended && !(end instanceof End.Failed)) {
      response.raw("usage", usage.responses());
    } else {
      response.withNull("usage");
    }
    return response.withNull("user").raw("metadata", "{}");
  }
}
