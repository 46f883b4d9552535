package dev.fairlead.bench.peer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * The streamed reply, laid out once: head, then one HTTP chunk per event. Each content event
 * carries the time it was sent in {@code system_fingerprint}, a field every gateway relays, as 18
 * digits of {@link System#nanoTime()}, which all processes of one Linux machine share.
 */
final class EventTemplate {

  /** Events with content; one more carries the usage, and the end marker follows it. */
  static final int CONTENT_EVENTS = 100;

  private static final String HEAD =
      """
      HTTP/1.1 200 OK
      Content-Type: text/event-stream; charset=utf-8
      Transfer-Encoding: chunked
      Cache-Control: no-cache
      x-request-id: req_0123456789abcdef

      """;

  private static final int STAMP_DIGITS = 18;
  private static final String STAMP_MARK = "fp_";

  private final byte[] bytes;
  private final int[] pieceEnd = new int[CONTENT_EVENTS + 1];
  private final int[] stampAt = new int[CONTENT_EVENTS];

  private EventTemplate(String first, IntFunction<String> content, String last) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii(HEAD.replace("\n", "\r\n")));
    for (int i = 0; i < CONTENT_EVENTS; i++) {
      String event = (i == 0 ? first : "") + content.apply(i);
      String head = Integer.toHexString(event.length()) + "\r\n";
      stampAt[i] = out.size() + head.length() + event.indexOf(STAMP_MARK) + STAMP_MARK.length();
      out.writeBytes(ascii(head + event + "\r\n"));
      pieceEnd[i] = out.size();
    }
    out.writeBytes(ascii(Integer.toHexString(last.length()) + "\r\n" + last + "\r\n0\r\n\r\n"));
    pieceEnd[CONTENT_EVENTS] = out.size();
    bytes = out.toByteArray();
  }

  /** OpenAI's chunks. */
  static EventTemplate chat() {
    return new EventTemplate(
        "",
        i ->
            event(
                "[{\"index\":0,\"delta\":{\"content\":\" word"
                    + i % 10
                    + "\"},\"finish_reason\":"
                    + (i == CONTENT_EVENTS - 1 ? "\"stop\"" : "null")
                    + "}]",
                ""),
        event(
                "[]",
                ",\"usage\":{\"prompt_tokens\":512,\"completion_tokens\":100,\"total_tokens\":612,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":0}}")
            + "data: [DONE]\n\n");
  }

  /** Anthropic's events; the stamp stands in the text, which is all that survives a translation. */
  static EventTemplate messages() {
    return new EventTemplate(
        named(
                "message_start",
                ",\"message\":{\"id\":\"msg_AbCdEf0123456789\",\"type\":\"message\","
                    + "\"role\":\"assistant\",\"model\":\"claude-sonnet-5\",\"content\":[],"
                    + "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":512,"
                    + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
                    + "\"output_tokens\":1}}")
            + named(
                "content_block_start",
                ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
        i ->
            named(
                "content_block_delta",
                ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" word"
                    + i % 10
                    + " fp_"
                    + "0".repeat(STAMP_DIGITS)
                    + "\"}"),
        named("content_block_stop", ",\"index\":0")
            + named(
                "message_delta",
                ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                    + "\"usage\":{\"output_tokens\":100}")
            + named("message_stop", ""));
  }

  private static String named(String type, String rest) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + rest + "}\n\n";
  }

  /** Number of pieces, each one HTTP chunk; the first includes the head, the last the end. */
  int pieces() {
    return pieceEnd.length;
  }

  /** The bytes of pieces {@code from} (inclusive) to {@code to} (exclusive), stamped with now. */
  byte[] render(int from, int to, long nowNanos) {
    int start = from == 0 ? 0 : pieceEnd[from - 1];
    byte[] copy = java.util.Arrays.copyOfRange(bytes, start, pieceEnd[to - 1]);
    for (int i = from; i < Math.min(to, CONTENT_EVENTS); i++) {
      long rest = nowNanos;
      for (int digit = STAMP_DIGITS - 1; digit >= 0; digit--) {
        copy[stampAt[i] - start + digit] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    return copy;
  }

  private static String event(String choices, String tail) {
    return "data: {\"id\":\"chatcmpl-AbCdEf0123456789\",\"object\":\"chat.completion.chunk\","
        + "\"created\":1700000000,\"model\":\"gpt-4o-mini\",\"system_fingerprint\":\"fp_"
        + "0".repeat(STAMP_DIGITS)
        + "\",\"choices\":"
        + choices
        + tail
        + "}\n\n";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
