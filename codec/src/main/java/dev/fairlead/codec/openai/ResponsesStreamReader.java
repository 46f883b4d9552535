package dev.fairlead.codec.openai;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.StreamReader;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.KeyScan;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import java.nio.charset.StandardCharsets;

/**
 * Responses as a stream: typed events, the type also in the {@code event} field, ended by {@code response.completed},
 * {@code response.incomplete} or {@code response.failed}.
 */
final class ResponsesStreamReader extends StreamReader {
  private static final byte[] DELTA_EVENT = ".delta".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DELTA = "delta".getBytes(StandardCharsets.US_ASCII);

  private final KeyScan.Visitor visitor = this::key;

  @Override
  protected void read(SseFrame frame) {
    if (frame.eventEndsWith(DELTA_EVENT)) {
      KeyScan.keys(frame.dataArray(), frame.dataStart(), frame.dataEnd(), visitor);
      reached(Progress.CONTENT);
      return;
    }
    String type = frame.event();
    if (type.isEmpty()) {
      JsonValue document = JsonValue.parse(frame.data());
      if (document == null || !document.isObject()) {
        malformed("a frame of the stream is not a JSON object");
        return;
      }
      event(document.get("type").text(""), document);
      return;
    }
    switch (type) {
      case "response.created",
          "response.completed",
          "response.incomplete",
          "response.failed",
          "response.output_item.added",
          "error" -> {
        JsonValue document = JsonValue.parse(frame.data());
        if (document == null || !document.isObject()) {
          malformed("the data of " + type + " is not a JSON object");
        } else {
          event(type, document);
        }
      }
      default -> reached(Progress.OPENED);
    }
  }

  private int key(byte[] json, int nameStart, int nameEnd, int value, int end) {
    if (value < end && json[value] == '"' && KeyScan.is(json, nameStart, nameEnd, DELTA)) {
      int close = KeyScan.stringEnd(json, value + 1, end);
      generated(close - value - 1);
      return Math.min(end, close + 1);
    }
    return value;
  }

  private void event(String type, JsonValue document) {
    JsonValue response = document.get("response");
    switch (type) {
      case "response.created" -> {
        identity(response.get("id").text(), response.get("model").text());
        reached(Progress.OPENED);
      }
      case "response.output_item.added" -> {
        String item = document.get("item").get("type").text("");
        // A call is content from its first event: its name is shown before its arguments come.
        reached(item.endsWith("_call") ? Progress.CONTENT : Progress.OPENED);
      }
      case "response.completed", "response.incomplete" -> {
        identity(response.get("id").text(), response.get("model").text());
        var told = OpenAiUsage.of(response.get("usage"));
        if (told != null) {
          usage(told);
        }
        String reason = response.get("incomplete_details").get("reason").text();
        finish(reason == null ? type.substring("response.".length()) : reason);
        reached(Progress.FINISHED);
      }
      case "response.failed" -> {
        var told = OpenAiUsage.of(response.get("usage"));
        if (told != null) {
          usage(told);
        }
        failed(OpenAiErrors.read(0, response));
      }
      case "error" -> {
        ProviderError nested = OpenAiErrors.read(0, document);
        failed(
            nested.message().isEmpty()
                ? new ProviderError(
                    document.get("code").text("error"), document.get("message").text(""), 502)
                : nested);
      }
      default -> {
        if (type.endsWith(".delta")) {
          generated(document.get("delta").text("").length());
          reached(Progress.CONTENT);
        } else {
          reached(Progress.OPENED);
        }
      }
    }
  }

  @Override
  protected boolean completeWithoutTerminal() {
    return false;
  }
}
