package dev.fairlead.testkit.replies;

import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An answer of the Gemini API ({@code generateContent}, {@code streamGenerateContent?alt=sse}) as
 * Google's API reference documents it; immutable, begin with {@link #text}.
 *
 * @param thought empty for none
 * @param text empty for none
 * @param signature the thought signature of the first function call, of the text where there is
 *     none; or empty
 * @param finishReason as Gemini spells it
 * @param number ends the id of the response
 */
public record GeminiReply(
    String thought,
    String text,
    List<ToolCall> toolCalls,
    String signature,
    String finishReason,
    int number)
    implements Reply {
  public static final long PROMPT_TOKENS = 2_125;
  public static final long CACHED_TOKENS = 2_000;
  public static final long OUTPUT_TOKENS = 15;
  public static final long THOUGHT_TOKENS = 7;

  public GeminiReply {
    toolCalls = List.copyOf(toolCalls);
  }

  public static GeminiReply text(String text) {
    return new GeminiReply("", text, List.of(), "", "STOP", 4);
  }

  public GeminiReply thought(String newThought) {
    return new GeminiReply(newThought, text, toolCalls, signature, finishReason, number);
  }

  public GeminiReply finishReason(String reason) {
    return new GeminiReply(thought, text, toolCalls, signature, reason, number);
  }

  public GeminiReply signature(String newSignature) {
    return new GeminiReply(thought, text, toolCalls, newSignature, finishReason, number);
  }

  /** One more parallel call; Gemini's calls have no id of their own. */
  public GeminiReply toolCall(String name, String arguments) {
    var all =
        Stream.concat(toolCalls.stream(), Stream.of(new ToolCall("", name, arguments))).toList();
    return new GeminiReply(thought, text, all, signature, finishReason, number);
  }

  @Override
  public Script json() {
    List<String> parts = new ArrayList<>();
    if (!thought.isEmpty()) {
      parts.add(new JsonObject().with("text", thought).with("thought", true).toString());
    }
    if (!text.isEmpty()) {
      JsonObject part = new JsonObject().with("text", text);
      if (toolCalls.isEmpty() && !signature.isEmpty()) {
        part.with("thoughtSignature", signature);
      }
      parts.add(part.toString());
    }
    parts.addAll(calls());
    return Script.json(response(parts, finishReason).toString());
  }

  @Override
  public Script sse() {
    List<String> frames = new ArrayList<>();
    for (String piece : Pieces.words(thought)) {
      frames.add(frame(List.of(new JsonObject().with("text", piece).with("thought", true)), ""));
    }
    for (String piece : Pieces.words(text)) {
      frames.add(frame(List.of(new JsonObject().with("text", piece)), ""));
    }
    if (!toolCalls.isEmpty()) {
      frames.add("data: " + response(calls(), "") + "\r\n\r\n");
    }
    JsonObject last = new JsonObject().with("text", "");
    if (toolCalls.isEmpty() && !signature.isEmpty()) {
      last.with("thoughtSignature", signature);
    }
    frames.add(frame(List.of(last), finishReason));
    return Script.sse(frames.toArray(String[]::new));
  }

  /** Streamed if the path says so. */
  @Override
  public Script forRequest(ReceivedRequest request) {
    GeminiReply own =
        new GeminiReply(thought, text, toolCalls, signature, finishReason, request.number());
    return request.path().endsWith(":streamGenerateContent") ? own.sse() : own.json();
  }

  private List<String> calls() {
    List<String> parts = new ArrayList<>();
    for (ToolCall call : toolCalls) {
      JsonObject part =
          new JsonObject()
              .with(
                  "functionCall",
                  new JsonObject().with("name", call.name()).raw("args", call.arguments()));
      if (parts.isEmpty() && !signature.isEmpty()) {
        part.with("thoughtSignature", signature);
      }
      parts.add(part.toString());
    }
    return parts;
  }

  private String frame(List<JsonObject> parts, String finish) {
    return "data: "
        + response(parts.stream().map(JsonObject::toString).toList(), finish)
        + "\r\n\r\n";
  }

  private JsonObject response(List<String> parts, String finish) {
    JsonObject candidate =
        new JsonObject()
            .with(
                "content",
                new JsonObject().raw("parts", JsonObject.array(parts)).with("role", "model"));
    if (!finish.isEmpty()) {
      candidate.with("finishReason", finish);
    }
    candidate.with("index", 0);
    return new JsonObject()
        .raw("candidates", JsonObject.array(List.of(candidate.toString())))
        .with(
            "usageMetadata",
            new JsonObject()
                .with("promptTokenCount", PROMPT_TOKENS)
                .with("cachedContentTokenCount", CACHED_TOKENS)
                .with("candidatesTokenCount", OUTPUT_TOKENS - THOUGHT_TOKENS)
                .with("thoughtsTokenCount", THOUGHT_TOKENS)
                .with("totalTokenCount", PROMPT_TOKENS + OUTPUT_TOKENS))
        .with("modelVersion", "gemini-2.5-pro")
        .with("responseId", "mAitaLmkHPPlz7IPvtfUqQ" + number);
  }

  /** An error as Google's APIs answer it, with their status word. */
  public static Script error(int status, String word, String message) {
    return Script.json(
        status,
        new JsonObject()
            .with(
                "error",
                new JsonObject().with("code", status).with("message", message).with("status", word))
            .toString());
  }
}
