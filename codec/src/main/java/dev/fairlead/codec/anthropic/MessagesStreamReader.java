package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.StreamReader;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.KeyScan;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Messages as a stream: typed events from {@code message_start} to {@code message_stop}, the type also in the {@code
 * event} field.
 */
final class MessagesStreamReader extends StreamReader {
  private static final byte[] BLOCK_DELTA = ascii("content_block_delta");
  private static final byte[] BLOCK_START = ascii("content_block_start");
  private static final byte[] BLOCK_STOP = ascii("content_block_stop");
  private static final byte[] PING = ascii("ping");
  private static final byte[] TEXT = ascii("text");
  private static final byte[] THINKING = ascii("thinking");
  private static final byte[] PARTIAL_JSON = ascii("partial_json");

  private final KeyScan.Visitor visitor = this::key;
  private @Nullable JsonValue usageAtStart;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  protected void read(SseFrame frame) {
    if (frame.isEvent(BLOCK_DELTA)) {
      if (progress().compareTo(Progress.CONTENT) < 0 && JsonValue.parse(frame.data()) == null) {
        malformed("the data of content_block_delta is not JSON");
        return;
      }
      KeyScan.keys(frame.dataArray(), frame.dataStart(), frame.dataEnd(), visitor);
      reached(Progress.CONTENT);
      return;
    }
    if (frame.isEvent(PING) || frame.isEvent(BLOCK_STOP)) {
      return;
    }
    if (frame.isEvent(BLOCK_START) && progress().compareTo(Progress.CONTENT) >= 0) {
      return;
    }
    JsonValue document = JsonValue.parse(frame.data());
    if (document == null || !document.isObject()) {
      malformed("a frame of the stream is not a JSON object");
      return;
    }
    event(document);
  }

  private int key(byte[] json, int nameStart, int nameEnd, int value, int end) {
    if (value < end && json[value] == '"') {
      int close = KeyScan.stringEnd(json, value + 1, end);
      if (KeyScan.is(json, nameStart, nameEnd, TEXT)
          || KeyScan.is(json, nameStart, nameEnd, THINKING)
          || KeyScan.is(json, nameStart, nameEnd, PARTIAL_JSON)) {
        generated(close - value - 1);
      }
      return Math.min(end, close + 1);
    }
    return value;
  }

  private void event(JsonValue document) {
    switch (document.get("type").text("")) {
      case "message_start" -> {
        JsonValue message = document.get("message");
        identity(message.get("id").text(), message.get("model").text());
        usageAtStart = message.get("usage");
        if (usageAtStart.isObject()) {
          usage(AnthropicUsage.of(usageAtStart, JsonValue.Null.NOTHING));
        }
        reached(Progress.OPENED);
      }
      case "content_block_start" -> {
        String block = document.get("content_block").get("type").text("");
        reached(block.equals("text") || block.equals("thinking") ? Progress.OPENED : Progress.CONTENT);
      }
      case "content_block_delta" -> {
        JsonValue delta = document.get("delta");
        generated(
            delta.get("text").text("").length()
                + delta.get("thinking").text("").length()
                + delta.get("partial_json").text("").length());
        reached(Progress.CONTENT);
      }
      case "message_delta" -> {
        finish(document.get("delta").get("stop_reason").text());
        JsonValue last = document.get("usage");
        if (last.isObject()) {
          usage(AnthropicUsage.of(last, usageAtStart == null ? JsonValue.Null.NOTHING : usageAtStart));
        }
      }
      case "message_stop" -> reached(Progress.FINISHED);
      case "error" -> failed(AnthropicErrors.read(0, document));
      default -> {}
    }
  }

  @Override
  protected boolean completeWithoutTerminal() {
    return false;
  }
}
