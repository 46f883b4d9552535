package dev.fairlead.app.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a gateway in training calls: answers each request on 127.0.0.1 with a short reply in the
 * dialect of its path, as a stream where the body asks for one. Knows as much HTTP as that takes.
 */
final class TrainingProvider implements AutoCloseable {
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int LONGEST_BODY = 1024 * 1024;
  private static final int DELTAS = 20;

  private static final String CHAT =
      """
      {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
      "message":{"role":"assistant","content":"Hello there."},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,\
      "prompt_tokens_details":{"cached_tokens":4}}}\
      """;

  private static final String RESPONSE =
      """
      {"id":"resp_1","object":"response","status":"completed","model":"m","output":[{"type":"message",\
      "id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text",\
      "text":"Hello there.","annotations":[]}]}],"usage":{"input_tokens":9,\
      "input_tokens_details":{"cached_tokens":4},"output_tokens":3,\
      "output_tokens_details":{"reasoning_tokens":0},"total_tokens":12}}\
      """;

  private static final String MESSAGE =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text",\
      "text":"Hello there."}],"stop_reason":"end_turn","stop_sequence":null,\
      "usage":{"input_tokens":9,"output_tokens":3,"cache_read_input_tokens":4}}\
      """;

  private static final String EMBEDDING =
      """
      {"object":"list","model":"m","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2]}],\
      "usage":{"prompt_tokens":4,"total_tokens":4}}\
      """;

  private final ServerSocket socket;

  private TrainingProvider(ServerSocket socket) {
    this.socket = socket;
  }

  /** Listens on a free port of 127.0.0.1. */
  static TrainingProvider start() throws IOException {
    TrainingProvider provider =
        new TrainingProvider(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofPlatform().daemon().name("training-provider").start(provider::accept);
    return provider;
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (true) {
      try {
        Socket client = socket.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      for (String head = head(in); !head.isEmpty(); head = head(in)) {
        byte[] body = in.readNBytes(Math.min(LONGEST_BODY, length(head)));
        String path = head.split(" ", 3)[1];
        boolean stream =
            new String(body, StandardCharsets.UTF_8).replace(" ", "").contains("\"stream\":true");
        String reply = stream ? stream(path) : document(path);
        String type = stream ? "text/event-stream" : "application/json";
        byte[] bytes = reply.getBytes(StandardCharsets.UTF_8);
        out.write(
            ("HTTP/1.1 200 OK\r\ncontent-type: "
                    + type
                    + "\r\ncontent-length: "
                    + bytes.length
                    + "\r\n\r\n"
                    + reply)
                .getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException gone) {
      // The gateway closes what it no longer needs.
    }
  }

  /** Up to the empty line, or nothing at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder(1_024);
    for (int c = in.read(); c >= 0 && head.length() < LONGEST_HEAD; c = in.read()) {
      head.append((char) c);
      if (c == '\n' && head.toString().endsWith("\r\n\r\n")) {
        return head.toString();
      }
    }
    return "";
  }

  private static int length(String head) {
    for (String line : head.toLowerCase(Locale.ROOT).split("\r\n", -1)) {
      if (line.startsWith("content-length:")) {
        return Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    return 0;
  }

  private static String document(String path) {
    if (path.endsWith("/messages")) {
      return MESSAGE;
    }
    if (path.endsWith("/count_tokens")) {
      return "{\"input_tokens\":9}";
    }
    if (path.endsWith("/responses")) {
      return RESPONSE;
    }
    return path.endsWith("/embeddings") ? EMBEDDING : CHAT;
  }

  private static String stream(String path) {
    StringBuilder events = new StringBuilder(8_192);
    if (path.endsWith("/messages")) {
      named(
          events,
          "message_start",
          """
          {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
          "model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}\
          """);
      named(
          events,
          "content_block_start",
          """
          {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\
          """);
      for (int i = 0; i < DELTAS; i++) {
        named(
            events,
            "content_block_delta",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"word"
                + " "
                + i
                + "\"}}");
      }
      named(events, "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
      named(
          events,
          "message_delta",
          """
          {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":21}}\
          """);
      named(events, "message_stop", "{\"type\":\"message_stop\"}");
    } else if (path.endsWith("/responses")) {
      named(
          events,
          "response.created",
          """
          {"type":"response.created","sequence_number":0,"response":{"id":"resp_1",\
          "object":"response","status":"in_progress","model":"m","output":[]}}\
          """);
      for (int i = 0; i < DELTAS; i++) {
        named(
            events,
            "response.output_text.delta",
            "{\"type\":\"response.output_text.delta\",\"sequence_number\":"
                + (i + 1)
                + ",\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"word\"}");
      }
      named(
          events,
          "response.completed",
          "{\"type\":\"response.completed\",\"sequence_number\":99,\"response\":" + RESPONSE + "}");
    } else {
      for (int i = 0; i < DELTAS; i++) {
        data(
            events,
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word"
                + " "
                + i
                + "\"},\"finish_reason\":null}]}");
      }
      data(
          events,
          """
          {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{\
          "index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,\
          "completion_tokens":20,"total_tokens":29}}\
          """);
      data(events, "[DONE]");
    }
    return events.toString();
  }

  private static void named(StringBuilder events, String name, String data) {
    events.append("event: ").append(name).append('\n');
    data(events, data);
  }

  private static void data(StringBuilder events, String data) {
    events.append("data: ").append(data).append("\n\n");
  }
}
