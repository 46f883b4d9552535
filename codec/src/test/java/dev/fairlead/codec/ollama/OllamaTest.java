package dev.fairlead.codec.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.gemini.Folded;
import dev.fairlead.codec.gemini.GeneratedEvents;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OllamaTest {
  private static final OllamaCodec CODEC = new OllamaCodec();
  private static final Target TARGET = new Target("qwen3:8b", Quirks.VENDOR);
  private static final ReplyContext CONTEXT = new ReplyContext("req-1", "my-model", 1000, true);

  private static final String REQUEST =
      """
      {"model":"qwen3:8b","messages":[
        {"role":"system","content":"Be brief."},
        {"role":"user","content":"Look","images":["iVBORw0KGgo="]},
        {"role":"assistant","content":"","thinking":"hm","tool_calls":[
          {"id":"c1","function":{"name":"weather","arguments":{"city": "Bern"}}},
          {"function":{"name":"time","arguments":{}}}]},
        {"role":"tool","tool_name":"weather","tool_call_id":"c1","content":"sunny"},
        {"role":"tool","tool_name":"time","content":"noon"},
        {"role":"assistant","content":"Sunny."},
        {"role":"user","content":"Thanks"}],
       "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type": "object"}}}],
       "format":{"type":"object"},"stream":false,"think":"low","logprobs":true,"top_logprobs":2,
       "options":{"num_ctx":8192,"num_predict":100,"temperature":0.7,"top_k":40,"top_p":0.9,"seed":1,
         "stop":["END"],"presence_penalty":0.1,"frequency_penalty":0.2,"mirostat":1},"keep_alive":"5m"}
      """;

  private static JsonValue json(String text) {
    return Envelope.scan(Bytes.utf8(text), Interests.NONE, ScanRules.REPLY).asValue();
  }

  private static Prompt read(String body) {
    return CODEC.promptReader().read(json(body));
  }

  private static Written write(Prompt prompt) {
    return CODEC.promptWriter().write(prompt, TARGET);
  }

  @Test
  void theFatRequestIsReadAndSurvives() {
    Prompt prompt = read(REQUEST);
    assertThat(prompt.turns()).hasSize(6);
    assertThat(prompt.turns().get(2).parts())
        .containsExactly(
            new Part.Thinking("hm", null),
            new Part.ToolCall(
                "c1", "weather", CallKind.FUNCTION, "{\"city\": \"Bern\"}", null, null),
            new Part.ToolCall("call_1", "time", CallKind.FUNCTION, "{}", null, null));
    assertThat(prompt.turns().get(3).parts())
        .extracting(part -> ((Part.ToolResult) part).callId())
        .containsExactly("c1", "call_1");
    assertThat(prompt.reasoning())
        .isEqualTo(new Reasoning(Reasoning.Mode.ON, Reasoning.Effort.LOW, null, true));
    assertThat(prompt.stream()).isFalse();
    assertThat(prompt.maxOutputTokens()).isEqualTo(100);
    Written written =
        CODEC.promptWriter().write(prompt, new Target("gpt-oss:20b", TARGET.quirks()));
    assertThat(written.dropped()).isEmpty();
    assertThat(read(written.body().utf8())).isEqualTo(prompt);
    assertThat(read("{\"messages\":[]}").stream()).isTrue();
  }

  @Test
  void onlyGptOssIsToldHowHardToThink() {
    Prompt prompt =
        Prompt.builder()
            .reasoning(new Reasoning(Reasoning.Mode.ON, Reasoning.Effort.HIGH, null, null))
            .build();

    Written written = write(prompt);

    assertThat(written.body().utf8()).contains("\"think\":true");
    assertThat(written.dropped()).containsExactly("reasoning.effort");
    assertThat(
            CODEC
                .promptWriter()
                .write(prompt, new Target("library/gpt-oss:20b", TARGET.quirks()))
                .body()
                .utf8())
        .contains("\"think\":\"high\"");
  }

  @Test
  void theOperatorsOptionsStandBehindTheClients() {
    OllamaCodec codec = new OllamaCodec(new OllamaOptions(32768L, "-1"));
    String body = codec.promptWriter().write(Prompt.builder().build(), TARGET).body().utf8();
    assertThat(body)
        .isEqualTo(
            "{\"model\":\"qwen3:8b\",\"messages\":[],\"stream\":false,"
                + "\"options\":{\"num_ctx\":32768},\"keep_alive\":-1}");
    String both = codec.promptWriter().write(read(REQUEST), TARGET).body().utf8();
    assertThat(both).contains("\"num_ctx\":8192", "\"keep_alive\":\"5m\"").doesNotContain("32768");
  }

  @Test
  void orphansAreRepairedAndDropsTold() {
    Prompt prompt =
        Prompt.builder()
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT,
                    new Part.Thinking(
                        "t", new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "s", false)),
                    new Part.ToolCall("a", "t", CallKind.CUSTOM, "free", null, null)))
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.ToolResult(
                        "x", null, CallKind.FUNCTION, List.of(Part.Text.of("r")), false, null)))
            .toolChoice(new ToolChoice.Required())
            .choices(2)
            .reasoning(new Reasoning(Reasoning.Mode.ON, null, 500L, null))
            .build();
    Written written = write(prompt);
    assertThat(written.dropped())
        .containsExactly("thinking.signature", "reasoning.budget_tokens", "n");
    assertThat(written.body().utf8())
        .contains(
            "\"arguments\":{\"input\":\"free\"}",
            "\"content\":\"Error: no result\",\"tool_name\":\"t\",\"tool_call_id\":\"a\"",
            "not in this conversation",
            "\"think\":true")
        .doesNotContain("\"s\"");
  }

  @Test
  void picturesByAddressAreRefused() {
    Prompt prompt =
        Prompt.builder()
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.Image(new Part.Source.Url("https://x.test/a.png"), null, null)))
            .build();
    assertThatThrownBy(() -> write(prompt))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("base64");
  }

  private static List<ReplyEvent> stream(String... lines) {
    List<ReplyEvent> events = new ArrayList<>();
    StreamEvents reader = CODEC.streamEvents();
    assertThat(reader.framing()).isEqualTo(StreamEvents.Framing.JSON_LINES);
    for (String line : lines) {
      reader.frame(Bytes.EMPTY, Bytes.utf8(line), events::add);
    }
    reader.end(events::add);
    return events;
  }

  private static List<ReplyEvent> body(String body) {
    List<ReplyEvent> events = new ArrayList<>();
    CODEC.bodyEvents().read(json(body), events::add);
    return events;
  }

  @Test
  void readsStreamsAndBodiesAlike() {
    String call =
        "\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\": 1}}}]";
    String end = "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":9,\"eval_count\":4}";
    List<ReplyEvent> streamed =
        stream(
            "{\"model\":\"m\",\"created_at\":\"2026-01-02T03:04:05.678Z\",\"message\":{"
                + "\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"h\"},\"done\":false}",
            "{\"message\":{\"content\":\"\",\"thinking\":\"m\"}}",
            "{\"message\":{\"content\":\"He\"}}",
            "{\"message\":{\"content\":\"llo\"}}",
            "{\"message\":{\"content\":\"\"," + call + "}}",
            "{\"message\":{\"content\":\"\"}," + end,
            "{\"message\":{\"content\":\"late\"}}");
    List<ReplyEvent> whole =
        body(
            "{\"model\":\"m\",\"message\":{\"thinking\":\"hm\",\"content\":\"Hello\","
                + call
                + "},"
                + end);
    assertThat(Folded.of(streamed)).isEqualTo(Folded.of(whole));
    assertThat(Folded.of(streamed))
        .containsExactly(
            "thinking:hm",
            "text:Hello",
            "stop TOOLS:",
            "call 0 0 c1 f {\"a\":1} null",
            "done",
            new Usage(9, 0, 0, 0, 4, 0, false).toString());
    assertThat(streamed.getFirst()).isEqualTo(new ReplyEvent.Opened(null, "m", 1767323045));
    assertThat(Folded.fault(streamed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"error\":\"model not found\"}",
        "{\"error\":\"busy\",\"status_code\":503}",
        "{\"message\":null,\"done\":true}",
        "{\"message\":{\"content\":null,\"tool_calls\":[{},{\"function\":{\"name\":\"f\"}}]}}",
        "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}",
        "{\"created_at\":5,\"eval_count\":-4,\"done_reason\":3}",
        "{\"message\":{\"content\":7,\"thinking\":{}},\"logprobs\":{}}"
      })
  void whateverComesTheGrammarHolds(String odd) {
    assertThat(Folded.fault(body(odd))).isEmpty();
    assertThat(body(odd).getLast()).isInstanceOfAny(ReplyEvent.Done.class, ReplyEvent.Failed.class);
    assertThat(Folded.fault(stream(odd, odd, "{\"done\":true}"))).isEmpty();
    assertThat(stream(odd, odd, "{\"done\":true}").getLast())
        .isInstanceOfAny(ReplyEvent.Done.class, ReplyEvent.Failed.class);
  }

  @Test
  void madeUpIdsDifferBetweenReplies() {
    String call = ",\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\"}}]}}";
    assertThat(body("{\"created_at\":\"a\"" + call).get(1))
        .isEqualTo(body("{\"created_at\":\"a\"" + call).get(1))
        .isNotEqualTo(body("{\"created_at\":\"b\"" + call).get(1));
  }

  private static List<String> write(List<ReplyEvent> events, boolean stream) {
    ReplyWriter writer = stream ? CODEC.streamWriter(CONTEXT) : CODEC.bodyWriter(CONTEXT);
    List<String> written = new ArrayList<>();
    events.forEach(event -> writer.write(event, bytes -> written.add(bytes.utf8())));
    return written;
  }

  @Test
  void writesOnlyLegalStreamsAndBodies() {
    int lines = 0;
    for (int seed = 0; seed < 600; seed++) {
      List<ReplyEvent> events = GeneratedEvents.any(new Random(seed));
      boolean over = false;
      for (String line : write(events, true)) {
        assertThat(over).isFalse();
        assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
        over = document(json(line));
        lines++;
      }
      for (String body : write(events, false)) {
        assertThat(document(json(body))).isTrue();
      }
    }
    assertThat(lines).isGreaterThan(1000);
  }

  private static boolean document(JsonValue line) {
    if (line.get("error") != null) {
      return true;
    }
    JsonValue message = Objects.requireNonNull(line.get("message"));
    assertThat(Objects.requireNonNull(line.get("model")).string()).isEqualTo("my-model");
    assertThat(Objects.requireNonNull(message.get("role")).string()).isEqualTo("assistant");
    assertThat(Objects.requireNonNull(message.get("content")).string()).isNotNull();
    JsonValue calls = message.get("tool_calls");
    if (calls != null) {
      for (JsonValue call : calls.elements()) {
        JsonValue function = Objects.requireNonNull(call.get("function"));
        assertThat(Objects.requireNonNull(function.get("arguments")).isObject()).isTrue();
      }
    }
    boolean done = Boolean.TRUE.equals(Objects.requireNonNull(line.get("done")).bool());
    assertThat(line.get("done_reason") != null).isEqualTo(done);
    return done;
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened("x", "m", 0),
            new ReplyEvent.Thinking(0, "hm"),
            new ReplyEvent.Text(0, "a\nb"),
            new ReplyEvent.CallBegun(0, 0, "c1", "f", CallKind.FUNCTION),
            new ReplyEvent.CallBegun(0, 1, "c2", "g", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 1, "{}"),
            new ReplyEvent.CallInput(0, 0, "{\"a\":\n1}"),
            new ReplyEvent.CallEnded(0, 0, null),
            new ReplyEvent.CallEnded(0, 1, null),
            new ReplyEvent.UsageTold(new Usage(3, 0, 0, 0, 4, 0, false)),
            new ReplyEvent.Finished(0, dev.fairlead.core.reply.Stop.TOOLS, null),
            new ReplyEvent.Done());
    List<String> expected = new ArrayList<>(Folded.of(events));
    expected.replaceAll(text -> text.replace(":\n1", ":1"));
    assertThat(Folded.of(stream(write(events, true).toArray(String[]::new)))).isEqualTo(expected);
    assertThat(Folded.of(body(write(events, false).getFirst()))).isEqualTo(expected);
  }
}
