package dev.fairlead.codec.openai;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.StreamReader;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.KeyScan;
import java.nio.charset.StandardCharsets;

/**
 * Chat Completions and legacy completions as streams: {@code data: {chunk}} frames, ended by {@code data: [DONE]}. Until
 * content has come every frame is read; afterwards a frame is read only when it holds something that matters.
 */
final class ChatStreamReader extends StreamReader {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ARGUMENTS = "arguments".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INPUT = "input".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REASONING = "reasoning_content".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] THINKING = "reasoning".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REFUSAL = "refusal".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TEXT = "text".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] USAGE = "usage".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FINISH = "finish_reason".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);

  private final KeyScan.Visitor visitor = this::key;
  private boolean worthReading;
  private boolean finishSeen;

  @Override
  protected void read(SseFrame frame) {
    if (frame.isData(DONE)) {
      reached(Progress.FINISHED);
      return;
    }
    worthReading = false;
    KeyScan.keys(frame.dataArray(), frame.dataStart(), frame.dataEnd(), visitor);
    if (worthReading || progress().compareTo(Progress.CONTENT) < 0) {
      readWhole(frame);
    }
  }

  private int key(byte[] json, int nameStart, int nameEnd, int value, int end) {
    if (value >= end) {
      return value;
    }
    byte kind = json[value];
    if (kind == '"') {
      int close = KeyScan.stringEnd(json, value + 1, end);
      if (isGenerated(json, nameStart, nameEnd)) {
        generated(close - value - 1);
      } else if (KeyScan.is(json, nameStart, nameEnd, FINISH)
          || KeyScan.is(json, nameStart, nameEnd, ERROR)) {
        worthReading = true;
      }
      return Math.min(end, close + 1);
    }
    if (kind == '{'
        && (KeyScan.is(json, nameStart, nameEnd, USAGE)
            || KeyScan.is(json, nameStart, nameEnd, ERROR))) {
      worthReading = true;
    }
    return value;
  }

  private static boolean isGenerated(byte[] json, int start, int end) {
    return KeyScan.is(json, start, end, CONTENT)
        || KeyScan.is(json, start, end, ARGUMENTS)
        || KeyScan.is(json, start, end, REASONING)
        || KeyScan.is(json, start, end, THINKING)
        || KeyScan.is(json, start, end, TEXT)
        || KeyScan.is(json, start, end, REFUSAL)
        || KeyScan.is(json, start, end, INPUT);
  }

  private void readWhole(SseFrame frame) {
    JsonValue chunk = JsonValue.parse(frame.data());
    if (chunk == null || !chunk.isObject()) {
      malformed("a frame of the stream is not a JSON object");
      return;
    }
    if (!chunk.get("error").isNull()) {
      failed(OpenAiErrors.read(0, chunk));
      return;
    }
    identity(chunk.get("id").text(), chunk.get("model").text());
    var told = OpenAiUsage.of(chunk.get("usage"));
    if (told != null) {
      usage(told);
    }
    for (JsonValue choice : chunk.get("choices").items()) {
      reached(Progress.OPENED);
      String reason = choice.get("finish_reason").text();
      if (reason != null) {
        finish(reason);
        finishSeen = true;
      }
      if (hasContent(choice)) {
        reached(Progress.CONTENT);
      }
    }
  }

  private static boolean hasContent(JsonValue choice) {
    JsonValue delta = choice.get("delta");
    return !delta.get("content").text("").isEmpty()
        || !delta.get("content").items().isEmpty()
        || !delta.get("refusal").text("").isEmpty()
        || !delta.get("reasoning_content").text("").isEmpty()
        || !delta.get("reasoning").text("").isEmpty()
        || !delta.get("tool_calls").items().isEmpty()
        || delta.get("function_call").isObject()
        || delta.get("audio").isObject()
        || !choice.get("text").text("").isEmpty();
  }

  @Override
  protected boolean completeWithoutTerminal() {
    // Several providers of this dialect never send [DONE]; the finish reason is their last word.
    return finishSeen;
  }
}
