package dev.fairlead.codec.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.SseFrames;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MessagesReplyTest {
  private static final MessagesCodec CODEC = new MessagesCodec();
  static final ReplyContext CONTEXT = new ReplyContext("0199-req", "mine/model", 1, false, 321);

  static Bytes resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(MessagesReplyTest.class.getResourceAsStream("/messages/" + name))) {
      return Bytes.of(in.readAllBytes());
    }
  }

  static List<ReplyEvent> read(Bytes stream) {
    List<ReplyEvent> events = new ArrayList<>();
    StreamEvents reader = CODEC.streamEvents();
    SseFrames frames =
        new SseFrames(
            new SseFrames.Sink() {
              @Override
              public int recognise(byte[] array, int from, int to) {
                return -1;
              }

              @Override
              public void frame(SseFrame frame) {
                reader.frame(frame.event(), frame.data(), events::add);
              }

              @Override
              public void tail(Bytes end) {
                throw new AssertionError("no frame is that long");
              }
            });
    frames.feed(stream, ignored -> {});
    frames.end();
    reader.end(events::add);
    return events;
  }

  static List<ReplyEvent> readBody(Bytes body) {
    List<ReplyEvent> events = new ArrayList<>();
    CODEC.bodyEvents().read(LegalMessages.json(body), events::add);
    return events;
  }

  static List<Bytes> writeStream(List<ReplyEvent> events) {
    List<Bytes> frames = new ArrayList<>();
    ReplyWriter writer = CODEC.streamWriter(CONTEXT);
    events.forEach(event -> writer.write(event, frames::add));
    return frames;
  }

  static Bytes writeBody(List<ReplyEvent> events) {
    List<Bytes> bodies = new ArrayList<>();
    ReplyWriter writer = CODEC.bodyWriter(CONTEXT);
    events.forEach(event -> writer.write(event, bodies::add));
    assertThat(bodies).hasSize(1);
    return bodies.get(0);
  }

  /** Text, thinking and inputs joined, so that how they were cut does not show. */
  static List<ReplyEvent> folded(List<ReplyEvent> events) {
    List<ReplyEvent> folded = new ArrayList<>();
    for (ReplyEvent event : events) {
      ReplyEvent last = folded.isEmpty() ? null : folded.get(folded.size() - 1);
      if (last instanceof ReplyEvent.Text a && event instanceof ReplyEvent.Text b) {
        folded.set(folded.size() - 1, new ReplyEvent.Text(0, a.text() + b.text()));
      } else if (last instanceof ReplyEvent.Thinking a && event instanceof ReplyEvent.Thinking b) {
        folded.set(folded.size() - 1, new ReplyEvent.Thinking(0, a.text() + b.text()));
      } else if (last instanceof ReplyEvent.CallInput a
          && event instanceof ReplyEvent.CallInput b
          && a.call() == b.call()) {
        folded.set(folded.size() - 1, new ReplyEvent.CallInput(0, a.call(), a.text() + b.text()));
      } else if (!(event instanceof ReplyEvent.UsageTold) || isLastUsage(events, event)) {
        folded.add(event);
      }
    }
    return folded;
  }

  private static boolean isLastUsage(List<ReplyEvent> events, ReplyEvent usage) {
    ReplyEvent last = null;
    for (ReplyEvent event : events) {
      last = event instanceof ReplyEvent.UsageTold ? event : last;
    }
    return usage.equals(last);
  }

  @Test
  void readsAllOfAStream() throws IOException {
    List<ReplyEvent> events = read(resource("stream.sse"));
    Dialect own = Dialect.ANTHROPIC_MESSAGES;
    assertThat(folded(events))
        .containsExactly(
            new ReplyEvent.Opened("msg_01", "claude-opus-4-8", 0),
            new ReplyEvent.Thinking(0, "Let me see."),
            new ReplyEvent.ThinkingSealed(0, new Part.Sealed(own, null, "EqQB", false)),
            new ReplyEvent.ThinkingSealed(0, new Part.Sealed(own, null, "Emw", true)),
            new ReplyEvent.ServerCall(
                0, "srvtoolu_1", "web_search", Bytes.utf8("{\"query\":\"sea\"}")),
            new ReplyEvent.ServerResult(
                0,
                "srvtoolu_1",
                "web_search",
                new Foreign(
                    own,
                    "web_search_tool_result",
                    Bytes.utf8(
                        "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\","
                            + "\"content\":[{\"type\":\"web_search_result\","
                            + "\"url\":\"https://sea.example/\",\"title\":\"Sea\","
                            + "\"encrypted_content\":\"Eo\",\"page_age\":null}]}"))),
            new ReplyEvent.Text(0, "It is blue 😀."),
            new ReplyEvent.Cited(
                0,
                new Citation(
                    "https://sea.example/",
                    "Sea",
                    "blue",
                    -1,
                    -1,
                    own,
                    Bytes.utf8(
                        "{\"type\":\"web_search_result_location\","
                            + "\"url\":\"https://sea.example/\",\"title\":\"Sea\","
                            + "\"cited_text\":\"blue\",\"encrypted_index\":\"Eo8\"}"))),
            new ReplyEvent.PartEnded(0),
            new ReplyEvent.Other(
                new Foreign(
                    own,
                    "compaction",
                    Bytes.utf8("{\"type\":\"compaction\",\"content\":\"Summary so far.\"}"))),
            new ReplyEvent.CallBegun(0, 0, "toolu_1", "Read", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 0, "{\"path\": \"a.txt\"}"),
            new ReplyEvent.CallEnded(0, 0, null),
            new ReplyEvent.CallBegun(0, 1, "toolu_2", "Now", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 1, "{}"),
            new ReplyEvent.CallEnded(0, 1, null),
            new ReplyEvent.Other(
                new Foreign(
                    own,
                    "mcp_tool_use",
                    Bytes.utf8(
                        "{\"type\":\"mcp_tool_use\",\"id\":\"mcptoolu_1\",\"name\":\"echo\","
                            + "\"server_name\":\"m\",\"input\":{\"a\":1}}"))),
            new ReplyEvent.Other(
                new Foreign(own, "message_delta.container", Bytes.utf8("{\"id\":\"c1\"}"))),
            new ReplyEvent.UsageTold(new Usage(12, 100, 10, 20, 55, 0, false)),
            new ReplyEvent.Finished(0, Stop.TOOLS, null),
            new ReplyEvent.Done());
  }

  @Test
  void aBodySaysWhatItsStreamSays() throws IOException {
    List<ReplyEvent> stream = read(resource("stream.sse"));
    List<ReplyEvent> body = readBody(resource("body.json"));
    assertThat(folded(body)).isEqualTo(folded(stream));
    List<Bytes> frames = writeStream(stream);
    LegalMessages.stream(frames, true);
    List<ReplyEvent> again = read(Bytes.concat(frames));
    assertThat(folded(again).subList(1, folded(again).size()))
        .isEqualTo(folded(stream).subList(1, folded(stream).size()));
    List<ReplyEvent> bodyAgain = readBody(writeBody(body));
    assertThat(folded(bodyAgain)).isEqualTo(folded(again));
  }

  @Test
  void signaturesOfCallsComeBackWithThem() {
    Part.Sealed first = new Part.Sealed(Dialect.GEMINI, null, "CiQBone", false);
    Part.Sealed second = new Part.Sealed(Dialect.GEMINI, "own id", "CiQBtwo", false);
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened("r", "gemini", 5),
            new ReplyEvent.CallBegun(0, 0, "call_a", "one", CallKind.FUNCTION),
            new ReplyEvent.CallBegun(0, 1, "call_b", "two", CallKind.FUNCTION),
            new ReplyEvent.CallEnded(0, 1, second),
            new ReplyEvent.CallEnded(0, 0, first),
            new ReplyEvent.Finished(0, Stop.TOOLS, null),
            new ReplyEvent.Done());
    LegalMessages.stream(writeStream(events), true);

    String message = writeBody(events).utf8();
    assertThat(
            MessagesPromptTest.read("{\"messages\":[" + message + "]}").turns().getFirst().parts())
        .containsExactly(
            new Part.ToolCall("call_a", "one", CallKind.FUNCTION, "{}", first, null),
            new Part.ToolCall("call_b", "two", CallKind.FUNCTION, "{}", second, null));
  }

  /** Programs take the last block for the answer. */
  @Test
  void noBlockFollowsASignedText() {
    ReplyWriter writer = CODEC.streamWriter(CONTEXT);
    List<Bytes> frames = new ArrayList<>();
    for (ReplyEvent event :
        List.of(
            new ReplyEvent.Opened("r", "gemini", 5),
            new ReplyEvent.Text(0, "The answer"),
            new ReplyEvent.PartEnded(0),
            new ReplyEvent.ThinkingSealed(
                0, new Part.Sealed(Dialect.GEMINI, "text", "CiQBtext", false)),
            new ReplyEvent.Finished(0, Stop.END, null),
            new ReplyEvent.Done())) {
      writer.write(event, frames::add);
    }

    assertThat(Bytes.concat(frames).utf8()).containsOnlyOnce("event: content_block_start");
    assertThat(writer.dropped()).containsExactly("text.signature");
  }

  @Test
  void translatesAnotherVendorsReply() {
    Part.Sealed sealed = new Part.Sealed(Dialect.OPENAI_RESPONSES, "rs_1", "gAAA", false);
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened("resp_1", "gpt-5", 5),
            new ReplyEvent.Thinking(0, "hm"),
            new ReplyEvent.ThinkingSealed(0, sealed),
            new ReplyEvent.Thinking(0, "unsealed"),
            new ReplyEvent.ServerCall(0, "ws_1", "web_search", Bytes.utf8("{\"query\":\"q\"}")),
            new ReplyEvent.ServerResult(
                0,
                "ws_1",
                "web_search",
                new Foreign(
                    Dialect.OPENAI_RESPONSES,
                    "web_search_call",
                    Bytes.utf8("{\"action\":{\"sources\":[{\"url\":\"https://a.example\"}]}}"))),
            new ReplyEvent.Text(0, "Hi"),
            new ReplyEvent.Cited(
                0,
                new Citation(
                    "https://a.example",
                    "A",
                    null,
                    0,
                    2,
                    Dialect.OPENAI_RESPONSES,
                    Bytes.utf8("{}"))),
            new ReplyEvent.CallBegun(0, 0, "call_a", "one", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 0, "{\"a\""),
            new ReplyEvent.CallBegun(0, 1, "call_b", "two", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 1, "{\"b\":2}"),
            new ReplyEvent.CallInput(0, 0, ":1}"),
            new ReplyEvent.CallBegun(0, 2, "call_c", "patch", CallKind.CUSTOM),
            new ReplyEvent.CallInput(0, 2, "say \"\ud83d"),
            new ReplyEvent.CallInput(0, 2, "\ude00\""),
            new ReplyEvent.Finished(0, Stop.END, null),
            new ReplyEvent.UsageTold(new Usage(5, 6, 0, 0, 7, 1, false)),
            new ReplyEvent.Done());
    List<Bytes> frames = writeStream(events);
    LegalMessages.stream(frames, true);
    String text = Bytes.concat(frames).utf8();
    assertThat(text)
        .startsWith(
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{"
                + "\"id\":\"msg_0199-req\",\"type\":\"message\",\"role\":\"assistant\","
                + "\"model\":\"mine/model\",\"content\":[],\"stop_reason\":null,"
                + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":321,")
        .contains("\"signature\":\"" + Carried.mark(sealed) + "\"")
        .contains("\"signature\":\"fl1.anthropic-messages.s..\"")
        .contains("\"url\":\"https://a.example\",\"title\":\"https://a.example\"")
        .contains("\"stop_reason\":\"tool_use\"")
        .contains(
            "\"usage\":{\"input_tokens\":5,\"cache_creation_input_tokens\":0,"
                + "\"cache_read_input_tokens\":6,\"cache_creation\":{"
                + "\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0},"
                + "\"output_tokens\":7}}")
        .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    List<ReplyEvent> inputs =
        folded(read(Bytes.concat(frames))).stream()
            .filter(ReplyEvent.CallInput.class::isInstance)
            .toList();
    assertThat(inputs)
        .containsExactly(
            new ReplyEvent.CallInput(0, 0, "{\"a\":1}"),
            new ReplyEvent.CallInput(0, 1, "{\"b\":2}"),
            new ReplyEvent.CallInput(0, 2, "{\"input\":\"say \\\"😀\\\"\"}"));

    // What the client brings back is known for what it is.
    String body = writeBody(events).utf8();
    String content = LegalMessages.at(LegalMessages.json(Bytes.utf8(body)), "content").raw().utf8();
    var prompt =
        MessagesPromptTest.read(
            "{\"messages\":[{\"role\":\"assistant\",\"content\":" + content + "}]}");
    List<Part> parts = prompt.turns().get(0).parts();
    assertThat(parts.get(0)).isEqualTo(new Part.Thinking("hm", sealed));
    assertThat(parts.get(1)).isEqualTo(new Part.Thinking("unsealed", null));
    assertThat(MessagesPromptTest.write(prompt, "claude-opus-5").body().utf8())
        .contains("\"type\":\"text\",\"text\":\"Hi\"}")
        .doesNotContain("fl1", "web_search", "thinking");
  }

  @Test
  void tellsErrorsInItsOwnForm() {
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened(null, null, 0),
            new ReplyEvent.Text(0, "Hal"),
            new ReplyEvent.Failed("overloaded", "Too busy.", 529));
    String error =
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
            + "\"message\":\"Too busy.\"},\"request_id\":\"0199-req\"}";
    List<Bytes> frames = writeStream(events);
    LegalMessages.stream(frames, true);
    assertThat(frames.get(frames.size() - 1).utf8())
        .isEqualTo("event: error\ndata: " + error + "\n\n");
    assertThat(writeBody(events).utf8()).isEqualTo(error);
    assertThat(read(frames.get(frames.size() - 1)))
        .containsExactly(
            new ReplyEvent.Opened(null, null, 0),
            new ReplyEvent.Failed("overloaded_error", "Too busy.", 529));
    assertThat(readBody(Bytes.utf8(error)))
        .contains(new ReplyEvent.Failed("overloaded_error", "Too busy.", 529));
  }

  @Test
  void readsWhatCopiesOfTheApiSend() {
    assertThatThrownBy(() -> read(Bytes.utf8("event: message_start\ndata: {oops\n\n")))
        .isInstanceOf(MalformedBody.class);
    List<ReplyEvent> events =
        read(
            Bytes.utf8(
                "data: {\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}}\n\n"
                    + "data: {\"type\":\"content_block_start\",\"index\":3,"
                    + "\"content_block\":{\"type\":\"tool_use\",\"name\":\"f\","
                    + "\"input\":{\"x\":1}}}\n\n"
                    + "data: {\"type\":\"brand_new\"}\n\n"
                    + "data: {\"type\":\"message_delta\",\"delta\":"
                    + "{\"stop_reason\":\"end_turn\"}}\n\n"
                    + "data: [DONE]\n\n"));
    assertThat(events)
        .containsExactly(
            new ReplyEvent.Opened(null, null, 0),
            new ReplyEvent.Text(0, "a"),
            new ReplyEvent.CallBegun(0, 0, "toolu_0", "f", CallKind.FUNCTION),
            new ReplyEvent.Other(
                new Foreign(
                    Dialect.ANTHROPIC_MESSAGES,
                    "event.brand_new",
                    Bytes.utf8("{\"type\":\"brand_new\"}"))),
            new ReplyEvent.PartEnded(0),
            new ReplyEvent.CallInput(0, 0, "{\"x\":1}"),
            new ReplyEvent.CallEnded(0, 0, null),
            new ReplyEvent.Finished(0, Stop.TOOLS, null),
            new ReplyEvent.Done());
    assertThat(read(Bytes.utf8("data: {\"type\":\"message_start\"}\n\n")))
        .as("a stream that was cut has no end")
        .containsExactly(new ReplyEvent.Opened(null, null, 0));
  }
}
