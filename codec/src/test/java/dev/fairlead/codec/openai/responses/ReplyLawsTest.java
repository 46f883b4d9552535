package dev.fairlead.codec.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplyLawsTest {
  private static final ReplyContext CONTEXT = new ReplyContext("r1", "claude", 1_763_700_000, true);
  private static final List<Stop> STOPS = List.of(Stop.values());
  private static final ResponsesCodec CODEC = new ResponsesCodec();

  private static String stream(List<ReplyEvent> events) {
    return write(CODEC.streamWriter(CONTEXT), events);
  }

  private static String write(ReplyWriter writer, List<ReplyEvent> events) {
    StringBuilder out = new StringBuilder();
    for (ReplyEvent event : events) {
      writer.write(event, bytes -> out.append(bytes.utf8()));
    }
    return out.toString();
  }

  private static List<ReplyEvent> readStream(String stream) {
    List<ReplyEvent> events = new ArrayList<>();
    StreamEvents reader = CODEC.streamEvents();
    for (StreamCheck.Frame frame : StreamCheck.frames(stream)) {
      reader.frame(Bytes.utf8(frame.event()), frame.data().raw(), events::add);
    }
    reader.end(events::add);
    return events;
  }

  private static List<ReplyEvent> readBody(String body) {
    List<ReplyEvent> events = new ArrayList<>();
    CODEC.bodyEvents().read(Json.value(body), events::add);
    return events;
  }

  private static Bytes raw(Random random) {
    return Bytes.utf8(
        switch (random.nextInt(5)) {
          case 0 -> "{}";
          case 1 -> "[{\"type\":\"web_search_result\",\"url\":\"https://a.example\"}]";
          case 2 -> "{\"query\":\"where \\n is\"}";
          case 3 -> "{\n\"type\": \"mcp_call\",\r\n\"id\":\"m" + random.nextInt(3) + "\"}";
          default -> "{\"content\":[{\"token\":\"a\",\"logprob\":-0.5}]}";
        });
  }

  private static ReplyEvent any(Random random) {
    int choice = random.nextInt(12) == 0 ? 1 : 0;
    int call = random.nextInt(4);
    String text =
        random.nextInt(6) == 0 ? "" : "t\"\n\u2028ö\ud83d\ude00".substring(random.nextInt(4));
    Dialect dialect = random.nextBoolean() ? Dialect.OPENAI_RESPONSES : Dialect.ANTHROPIC_MESSAGES;
    Part.Sealed sealed =
        new Part.Sealed(dialect, random.nextBoolean() ? "rs_" + call : null, "seal+/=", false);
    return switch (random.nextInt(20)) {
      case 0 -> new ReplyEvent.Opened("resp_x", "other", random.nextInt(3));
      case 1, 2, 3 -> new ReplyEvent.Text(choice, text);
      case 4 -> new ReplyEvent.Refusal(choice, text);
      case 5, 6 -> new ReplyEvent.Thinking(choice, text);
      case 7 -> new ReplyEvent.ThinkingSealed(choice, sealed);
      case 8, 9 ->
          new ReplyEvent.CallBegun(
              choice,
              call,
              random.nextInt(4) == 0 ? "" : "call_" + call,
              random.nextBoolean() ? "functions/exec" : "f",
              random.nextBoolean() ? CallKind.CUSTOM : CallKind.FUNCTION);
      case 10, 11 -> new ReplyEvent.CallInput(choice, call, text);
      case 12 -> new ReplyEvent.CallEnded(choice, call, random.nextBoolean() ? sealed : null);
      case 13 ->
          new ReplyEvent.ServerCall(
              choice, "ws_" + call, random.nextBoolean() ? "web_search" : "bash", raw(random));
      case 14 ->
          new ReplyEvent.ServerResult(
              choice, "ws_" + call, "web_search", new Foreign(dialect, "web_search", raw(random)));
      case 15 ->
          new ReplyEvent.Cited(
              choice,
              new Citation(
                  random.nextBoolean() ? "https://a.example" : null,
                  null,
                  "words",
                  random.nextInt(3) - 1,
                  2,
                  Dialect.GEMINI,
                  raw(random)));
      case 16 -> new ReplyEvent.PartEnded(choice);
      case 17 -> new ReplyEvent.Image(choice, "image/png", Bytes.utf8("AAAA"));
      case 18 -> new ReplyEvent.Other(new Foreign(dialect, "mcp_call", raw(random)));
      default ->
          random.nextBoolean()
              ? new ReplyEvent.Logprobs(choice, Dialect.OPENAI_CHAT, raw(random))
              : new ReplyEvent.UsageTold(new Usage(call, 2, 3, 4, 5, 1, false));
    };
  }

  @Test
  void whateverEventsComeTheStreamIsLegalAndTheBodySaysTheSame() {
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      List<ReplyEvent> events = new ArrayList<>();
      int length = random.nextInt(40);
      for (int i = 0; i < length; i++) {
        events.add(any(random));
      }
      if (random.nextBoolean()) {
        events.add(new ReplyEvent.Finished(0, STOPS.get(random.nextInt(STOPS.size())), null));
      }
      boolean failed = random.nextInt(5) == 0;
      events.add(failed ? new ReplyEvent.Failed("boom", "It broke.", 500) : new ReplyEvent.Done());
      if (random.nextInt(4) == 0) {
        events.add(any(random));
      }

      String stream = stream(events);

      StreamCheck.check(stream, "claude");
      Fold read = Fold.of(readStream(stream));
      assertThat(read.broken()).as("seed " + seed).isEmpty();
      assertThat(read.isOver()).isTrue();
      if (!failed) {
        String body = write(CODEC.bodyWriter(CONTEXT), events);
        Fold whole = Fold.of(readBody(body));
        assertThat(whole.broken()).isEmpty();
        assertThat(whole.content()).as("seed " + seed).isEqualTo(read.content());
      }
    }
  }

  @Test
  void whatIsWrittenIsReadAsItWas() {
    Part.Sealed own = new Part.Sealed(Dialect.OPENAI_RESPONSES, "rs_1", "gAAA", true);
    Part.Sealed other = new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "c2ln+/=", false);
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened("resp_7", "m", 1_700_000_000),
            new ReplyEvent.ThinkingSealed(0, own),
            new ReplyEvent.Thinking(0, "Let "),
            new ReplyEvent.Thinking(0, "me see."),
            new ReplyEvent.ThinkingSealed(0, other),
            new ReplyEvent.Text(0, "Hello "),
            new ReplyEvent.Text(0, "there"),
            new ReplyEvent.PartEnded(0),
            new ReplyEvent.CallBegun(0, 0, "c0", "functions/exec", CallKind.CUSTOM),
            new ReplyEvent.CallBegun(0, 1, "c1", "look", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 1, "{\"a\""),
            new ReplyEvent.CallInput(0, 0, "*** Begin"),
            new ReplyEvent.CallInput(0, 1, ":1}"),
            new ReplyEvent.CallInput(0, 0, " Patch"),
            new ReplyEvent.CallEnded(0, 0, null),
            new ReplyEvent.CallEnded(0, 1, null),
            new ReplyEvent.UsageTold(new Usage(44, 256, 0, 0, 40, 8, false)),
            new ReplyEvent.Finished(0, Stop.TOOLS, null),
            new ReplyEvent.Done());
    String stream = stream(events);
    StreamCheck.check(stream, "claude");
    Fold read = Fold.of(readStream(stream));
    assertThat(read.broken()).isEmpty();
    assertThat(read.content()).isEqualTo(Fold.of(events).content());
    assertThat(Fold.of(readBody(write(CODEC.bodyWriter(CONTEXT), events))).content())
        .isEqualTo(Fold.of(events).content());
    assertThat(stream)
        .contains("\"encrypted_content\":\"fl1.anthropic-messages.s..c2ln+/=\"")
        .contains("\"name\":\"exec\",\"namespace\":\"functions\"")
        .contains("\"input_tokens\":300,\"input_tokens_details\":{\"cached_tokens\":256");
  }

  @Test
  void aFrameLeavesWithItsEvent() {
    ReplyWriter writer = CODEC.streamWriter(CONTEXT);
    List<Bytes> out = new ArrayList<>();
    writer.write(new ReplyEvent.Opened(null, null, 0), out::add);
    assertThat(out).hasSize(2);
    out.clear();
    writer.write(new ReplyEvent.Text(0, "Hi"), out::add);
    assertThat(out).hasSize(3);
    out.clear();
    writer.write(new ReplyEvent.Text(0, "!"), out::add);
    assertThat(out).hasSize(1);
  }

  @Test
  void aFailureIsToldInTheCodeClientsActOn() {
    String stream =
        stream(
            List.of(
                new ReplyEvent.Text(0, "Hal"),
                new ReplyEvent.Failed(
                    "invalid_request_error", "prompt is too long: 210000 tokens", 400)));
    StreamCheck.check(stream, "claude");
    assertThat(stream).contains("\"code\":\"context_length_exceeded\"");
    assertThat(stream(List.of(new ReplyEvent.Failed("overloaded_error", "Overloaded", 529))))
        .contains("\"code\":\"server_is_overloaded\"");
    assertThat(
            write(
                CODEC.bodyWriter(CONTEXT),
                List.of(new ReplyEvent.Failed("rate_limit_error", "Slow down", 429))))
        .startsWith("{\"error\":{\"message\":\"Slow down\"");
  }

  @Test
  void aStreamOfOnlyFinishedItemsOrOnlyAFinishedResponseSaysTheSame() {
    String items =
        "[{\"id\":\"rs_1\",\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"A\"},"
            + "{\"type\":\"summary_text\",\"text\":\"B\"}],\"encrypted_content\":\"gA\"},"
            + "{\"id\":\"ws_1\",\"type\":\"web_search_call\",\"status\":\"completed\",\"action\":{\"type\":\"search\",\"query\":\"q\"}},"
            + "{\"id\":\"m1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\","
            + "\"annotations\":[{\"type\":\"url_citation\",\"url\":\"https://a.example\",\"title\":\"A\",\"start_index\":0,\"end_index\":5}]},"
            + "{\"type\":\"refusal\",\"refusal\":\"No\"}]},"
            + "{\"id\":\"f1\",\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":{\"a\":1}},"
            + "{\"id\":\"x1\",\"type\":\"strange_thing\"}]";
    String usage =
        "{\"input_tokens\":300,\"input_tokens_details\":{\"cached_tokens\":256},\"output_tokens\":40,"
            + "\"output_tokens_details\":{\"reasoning_tokens\":8},\"total_tokens\":340}";
    String response =
        "{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"completed\",\"output\":"
            + items
            + ",\"usage\":"
            + usage
            + "}";
    Fold body = Fold.of(readBody(response));
    StringBuilder done = new StringBuilder();
    int index = 0;
    for (Bytes item : RawArray.elements(Bytes.utf8(items))) {
      done.append("data: {\"type\":\"response.output_item.done\",\"output_index\":")
          .append(index++)
          .append(",\"item\":")
          .append(item.utf8())
          .append("}\n\n");
    }
    String last = "data: {\"type\":\"response.completed\",\"response\":" + response + "}\n\n";
    Fold byItems = Fold.of(readStream(done + last));
    Fold byResponse = Fold.of(readStream(last));

    assertThat(body.broken()).isEmpty();
    assertThat(byItems.broken()).isEmpty();
    assertThat(byResponse.broken()).isEmpty();
    assertThat(byItems.content()).isEqualTo(body.content());
    assertThat(byResponse.content()).isEqualTo(body.content());
    assertThat(body.content())
        .startsWith("thinking A\n\nB")
        .contains(
            "FUNCTION c1 f {\"a\":1} ended null", "other strange_thing", "refusal No", "TOOLS");
  }

  @Test
  void brokenStreamsHaveOneOutcome() {
    List<String> streams =
        List.of(
            "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n"
                + "data: {\"type\":\"response.output_text.delta\",\"delta\":\"b\"}\n\n"
                + "data: {\"type\":\"response.completed\"}\n\n",
            "data:"
                + " {\"type\":\"response.function_call_arguments.delta\",\"output_index\":4,\"delta\":\"{\"}\n\n"
                + "data:"
                + " {\"type\":\"response.output_item.done\",\"output_index\":4,\"item\":{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"}}\n\n"
                + "data: {\"type\":\"response.completed\",\"response\":{\"output\":null}}\n\n",
            "data: {\"type\":\"response.created\",\"response\":null}\n\n"
                + "data: {\"type\":\"error\",\"message\":\"x\"}\n\n"
                + "data: {\"type\":\"response.completed\"}\n\n",
            "data:"
                + " {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"m\"}}}\n\n",
            "data: {\"error\":{\"message\":\"plain\"}}\n\n",
            "data: {\"type\":\"response.output_item.added\",\"item\":7}\n\n"
                + "data: {\"type\":\"response.output_item.done\"}\n\n"
                + "data:"
                + " {\"type\":\"response.incomplete\",\"response\":{\"incomplete_details\":{\"reason\":\"content_filter\"}}}\n\n");
    List<List<String>> outcomes = new ArrayList<>();
    for (String stream : streams) {
      Fold fold = Fold.of(readStream(stream));
      assertThat(fold.broken()).as(stream).isEmpty();
      assertThat(fold.isOver()).as(stream).isTrue();
      outcomes.add(fold.content());
    }
    assertThat(outcomes.get(0)).containsExactly("text ab", "END");
    assertThat(outcomes.get(1)).containsExactly("call 0", "FUNCTION call f {} ended null", "TOOLS");
    assertThat(outcomes.get(2)).containsExactly("failed error x 500");
    assertThat(outcomes.get(3)).containsExactly("failed rate_limit_exceeded m 429");
    assertThat(outcomes.get(5)).containsExactly("FILTERED");
    for (String name : List.of("responses-text", "responses-tool", "responses-failed")) {
      Fold fold = Fold.of(readStream(Json.resource("streams/" + name + ".sse")));
      assertThat(fold.broken()).as(name).isEmpty();
      assertThat(fold.isOver()).isTrue();
    }
    assertThat(Fold.of(readStream(Json.resource("streams/responses-text.sse"))).content())
        .contains(
            "text Hello there!\n",
            "Usage[inputUncached=44, cacheRead=256, cacheWrite5m=0, cacheWrite1h=0, output=40,"
                + " reasoning=8, estimated=false]");
  }
}
