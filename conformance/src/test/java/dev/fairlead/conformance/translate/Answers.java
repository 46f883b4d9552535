package dev.fairlead.conformance.translate;

import dev.fairlead.conformance.translate.Feature.Answer;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.GeminiReply;
import dev.fairlead.testkit.replies.Reply;
import dev.fairlead.testkit.replies.ResponsesReplies;

/** What a vendor says for each {@link Feature}. */
final class Answers {
  /** Where cited text comes from. */
  static final String SOURCE = "https://example.org/source";

  private Answers() {}

  /** Whether the vendor's dialect has no such answer. */
  static boolean lacks(Vendor vendor, Answer answer) {
    return vendor == Vendor.OLLAMA && (answer == Answer.REFUSAL || answer == Answer.CITED);
  }

  /** The vendor's answer to a request. */
  static Script to(ReceivedRequest request, Vendor vendor, Answer answer) {
    return switch (answer) {
      case TEXT -> vendor.text().forRequest(request);
      case THOUGHT, CALLS -> vendor.calling("get_weather", Vendor.OSLO).forRequest(request);
      case TWO_CALLS -> vendor.thoughtAndCalls().forRequest(request);
      case REFUSAL -> refusal(vendor).forRequest(request);
      case CITED -> cited(vendor);
      case COUNT -> Script.json(200, "{\"input_tokens\":12,\"object\":\"response.input_tokens\"}");
    };
  }

  private static Reply refusal(Vendor vendor) {
    return switch (vendor) {
      case RESPONSES -> ResponsesReplies.text("No.").incomplete("content_filter");
      case CHAT -> ChatReplies.text("No.").finishReason("content_filter");
      case MESSAGES -> AnthropicReplies.text("No.").stopReason("refusal");
      case GEMINI -> GeminiReply.text("No.").finishReason("SAFETY");
      case OLLAMA -> vendor.text();
    };
  }

  private static Script cited(Vendor vendor) {
    String reply =
        switch (vendor) {
          case RESPONSES ->
              """
              {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m",
               "output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant",
                "content":[{"type":"output_text","text":"It is so.","annotations":[
                 {"type":"url_citation","start_index":0,"end_index":9,"title":"T","url":"%s"}]}]}],
               "usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}
              """;
          case CHAT, OLLAMA ->
              """
              {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
               "finish_reason":"stop","message":{"role":"assistant","content":"It is so.",
                "annotations":[{"type":"url_citation","url_citation":
                 {"start_index":0,"end_index":9,"title":"T","url":"%s"}}]}}]}
              """;
          case MESSAGES ->
              """
              {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
               {"type":"text","text":"It is so.","citations":[{"type":"web_search_result_location",
                "url":"%s","title":"T","encrypted_index":"RW5j","cited_text":"It is so."}]}],
               "stop_reason":"end_turn","stop_sequence":null,
               "usage":{"input_tokens":1,"output_tokens":1}}
              """;
          case GEMINI ->
              """
              {"candidates":[{"content":{"role":"model","parts":[{"text":"It is so."}]},
               "finishReason":"STOP","groundingMetadata":{"groundingChunks":[
                {"web":{"uri":"%s","title":"T"}}],"groundingSupports":[{"segment":
                {"startIndex":0,"endIndex":9,"text":"It is so."},"groundingChunkIndices":[0]}]}}],
               "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1}}
              """;
        };
    return Script.json(200, reply.formatted(SOURCE));
  }
}
