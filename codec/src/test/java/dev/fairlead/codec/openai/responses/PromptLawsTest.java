package dev.fairlead.codec.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.Citation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptLawsTest {
  private static final ResponsesCodec CODEC = new ResponsesCodec();
  private static final Target OPENAI = new Target("gpt-5.2", Quirks.OPENAI);
  private static final Target UNKNOWN = new Target("some-model", Quirks.OPENAI);

  private static Prompt read(String body) {
    return CODEC.promptReader().read(Json.value(body));
  }

  private static Written write(Prompt prompt, Target target) {
    return CODEC.promptWriter().write(prompt, target);
  }

  private static Part text(Random random) {
    return Part.Text.of("t" + random.nextInt(100) + " \"ü\n");
  }

  private static Part.Source source(Random random, boolean image) {
    return switch (random.nextInt(3)) {
      case 0 -> new Part.Source.Inline(image ? "image/png" : "application/pdf", Bytes.utf8("QUJD"));
      case 1 -> new Part.Source.Url("https://a.example/" + random.nextInt(9));
      default -> new Part.Source.FileId(Dialect.OPENAI_RESPONSES, "file-" + random.nextInt(9));
    };
  }

  private static Part content(Random random) {
    return switch (random.nextInt(4)) {
      case 0, 1 -> text(random);
      case 2 -> new Part.Image(source(random, true), random.nextBoolean() ? "low" : null, null);
      default ->
          new Part.Document(
              new Part.Source.Inline("application/pdf", Bytes.utf8("JVBE")),
              "a.pdf",
              null,
              false,
              null);
    };
  }

  private static List<Part> several(Random random, java.util.function.Function<Random, Part> one) {
    List<Part> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      parts.add(one.apply(random));
    }
    return parts;
  }

  private static Prompt prompt(Random random) {
    PromptBuilder prompt = Prompt.builder();
    if (random.nextBoolean()) {
      prompt.turn(Turn.of(Turn.Role.SYSTEM, text(random)));
    }
    prompt.turn(Turn.of(Turn.Role.USER, several(random, PromptLawsTest::content)));
    int calls = 0;
    for (int round = random.nextInt(4); round > 0; round--) {
      List<Part> said = new ArrayList<>();
      List<Part> results = new ArrayList<>();
      if (random.nextBoolean()) {
        said.add(
            new Part.Thinking(
                "think",
                new Part.Sealed(Dialect.OPENAI_RESPONSES, "rs_" + round, "gAAA" + round, false)));
      }
      if (random.nextInt(3) == 0) {
        said.add(
            new Part.Other(
                new Foreign(
                    Dialect.OPENAI_RESPONSES,
                    "web_search_call",
                    Bytes.utf8("{\"type\":\"web_search_call\",\"id\":\"ws\"}")),
                null));
      }
      said.add(
          new Part.Text(
              "said",
              random.nextBoolean()
                  ? List.of()
                  : List.of(
                      new Citation(
                          "https://a.example",
                          "A",
                          null,
                          0,
                          4,
                          Dialect.OPENAI_RESPONSES,
                          Bytes.utf8(
                              "{\"type\":\"url_citation\",\"url\":\"https://a.example\",\"title\":\"A\",\"start_index\":0,\"end_index\":4}"))),
              null));
      for (int i = random.nextInt(3); i > 0; i--) {
        String id = "call_" + calls++;
        boolean custom = random.nextBoolean();
        CallKind kind = custom ? CallKind.CUSTOM : CallKind.FUNCTION;
        String name = custom ? "functions/exec" : "look";
        said.add(new Part.ToolCall(id, name, kind, custom ? "a b" : "{\"a\":1}", null, null));
        results.add(
            new Part.ToolResult(
                id, name, kind, several(random, PromptLawsTest::content), false, null));
      }
      prompt.turn(Turn.of(Turn.Role.ASSISTANT, said));
      if (!results.isEmpty()) {
        prompt.turn(Turn.of(Turn.Role.USER, results));
      }
      prompt.turn(
          Turn.of(
              random.nextInt(5) == 0 ? Turn.Role.DEVELOPER : Turn.Role.USER,
              several(random, PromptLawsTest::text)));
    }
    if (random.nextBoolean()) {
      prompt
          .tool(
              new Tool.Function(
                  "look",
                  "Looks",
                  Bytes.utf8("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}"),
                  random.nextBoolean() ? true : null,
                  null))
          .tool(new Tool.Function("nothing", null, null, null, null))
          .tool(
              new Tool.Custom(
                  "functions/exec",
                  "Runs",
                  Bytes.utf8("{\"type\":\"grammar\",\"syntax\":\"lark\"}")))
          .tool(new Tool.Function("functions/wait", null, null, null, null))
          .tool(
              new Tool.WebSearch(
                  "web_search",
                  List.of("a.example"),
                  List.of(),
                  null,
                  Bytes.utf8("{\"type\":\"approximate\",\"city\":\"Bergen\"}")))
          .tool(
              new Tool.Other(
                  "code_interpreter",
                  new Foreign(
                      Dialect.OPENAI_RESPONSES,
                      "code_interpreter",
                      Bytes.utf8("{\"type\":\"code_interpreter\"}"))));
      prompt.toolChoice(
          switch (random.nextInt(6)) {
            case 0 -> new ToolChoice.Auto();
            case 1 -> new ToolChoice.None();
            case 2 -> new ToolChoice.Required();
            case 3 -> new ToolChoice.Named("functions/exec", CallKind.CUSTOM);
            case 4 -> new ToolChoice.Named("look", CallKind.FUNCTION);
            default -> new ToolChoice.Among(List.of("look", "web_search"), random.nextBoolean());
          });
    }
    if (random.nextBoolean()) {
      prompt
          .parallelTools(random.nextBoolean())
          .maxOutputTokens(500L + random.nextInt(5))
          .reasoning(
              new Reasoning(
                  Reasoning.Mode.ON,
                  random.nextBoolean() ? Reasoning.Effort.LOW : Reasoning.Effort.XHIGH,
                  null,
                  random.nextBoolean() ? true : null))
          .user("u1")
          .metadata("k", "v")
          .metadata("b", "w")
          .cacheKey("key")
          .serviceTier("flex")
          .topLogprobs(random.nextInt(5))
          .stream(true)
          .sampling(
              new Sampling(
                  new BigDecimal("0.70"), new BigDecimal("1"), null, null, null, null, List.of()));
    }
    if (random.nextBoolean()) {
      prompt.format(
          random.nextBoolean()
              ? new OutputFormat.JsonObject()
              : new OutputFormat.JsonSchema(
                  "answer", "d", Bytes.utf8("{\"type\":\"object\"}"), true));
      prompt.foreign(foreign("store", "true")).foreign(foreign("max_tool_calls", "3"));
      prompt.foreign(foreign("text.verbosity", "\"low\""));
      prompt.foreign(foreign("include", "[\"web_search_call.action.sources\"]"));
    }
    return prompt.build();
  }

  private static Foreign foreign(String type, String raw) {
    return new Foreign(Dialect.OPENAI_RESPONSES, type, Bytes.utf8(raw));
  }

  /** Foreign fields in an order of their own, as reading keeps that of the body. */
  private static Prompt sorted(Prompt prompt) {
    Prompt bare = prompt.toBuilder().build();
    List<Foreign> fields = new ArrayList<>(bare.foreign());
    fields.sort(java.util.Comparator.comparing(Foreign::type));
    return new Prompt(
        bare.turns(),
        bare.tools(),
        bare.toolChoice(),
        bare.parallelTools(),
        bare.maxOutputTokens(),
        bare.sampling(),
        bare.reasoning(),
        bare.format(),
        bare.choices(),
        bare.topLogprobs(),
        bare.stream(),
        bare.user(),
        bare.metadata(),
        bare.cacheKey(),
        bare.serviceTier(),
        fields);
  }

  @Test
  void whatIsWrittenIsReadAsItWas() {
    for (int seed = 0; seed < 1500; seed++) {
      Prompt prompt = prompt(new Random(seed));
      Written written = write(prompt, UNKNOWN);
      assertThat(written.dropped()).as("seed " + seed).isEmpty();
      Prompt again = CODEC.promptReader().read(Json.value(written.body()));
      assertThat(sorted(again)).as("seed " + seed).isEqualTo(sorted(prompt));
      assertThat(write(prompt, UNKNOWN).body()).isEqualTo(written.body());
    }
  }

  @Test
  void aFullRequestIsReadAndWrittenAgain() {
    String request = Json.resource("responses/request.json");
    Prompt prompt = read(request);
    Written written = write(prompt, new Target("gpt-5.2-codex", Quirks.OPENAI));
    assertThat(Json.compact(written.body().utf8()))
        .isEqualTo(Json.compact(Json.resource("responses/request-written.json")));
    assertThat(written.dropped()).containsExactly("cache_control");
    Prompt again = CODEC.promptReader().read(Json.value(written.body()));
    assertThat(write(again, new Target("gpt-5.2-codex", Quirks.OPENAI)).body())
        .isEqualTo(written.body());
    assertThat(again.turns()).hasSameSizeAs(prompt.turns());
  }

  @Test
  void onlyLegalConversationsGoOut() {
    Part.Sealed foreign = new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "sig", false);
    String longId = "toolu_" + "x".repeat(80);
    Prompt prompt =
        Prompt.builder()
            .turn(
                Turn.of(
                    Turn.Role.SYSTEM,
                    new Part.Text("Be brief.", List.of(), CacheMark.FIVE_MINUTES)))
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.ToolResult(
                        "gone", "ls", CallKind.FUNCTION, List.of(Part.Text.of("a b")), false, null),
                    Part.Text.of("")))
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT,
                    new Part.Thinking("hm", foreign),
                    Part.Text.of(""),
                    new Part.ToolCall(longId, "a.b", CallKind.FUNCTION, "", null, null),
                    new Part.ToolCall("c2", "ls", CallKind.FUNCTION, "{}", foreign, null)))
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.ToolResult(
                        longId,
                        "a.b",
                        CallKind.FUNCTION,
                        List.of(
                            Part.Text.of("seen"),
                            new Part.Image(
                                new Part.Source.Inline("image/png", Bytes.utf8("QUJD")),
                                null,
                                null)),
                        true,
                        null)))
            .maxOutputTokens(1L)
            .sampling(new Sampling(BigDecimal.ONE, null, 5L, null, null, null, List.of("x")))
            .reasoning(new Reasoning(Reasoning.Mode.ON, null, 31_999L, true))
            .choices(2)
            .build();
    Written written = write(prompt, new Target("gpt-5", Quirks.OPENAI));
    assertThat(written.body().utf8())
        .isEqualTo(Json.compact(Json.resource("responses/repaired.json")));
    assertThat(written.dropped())
        .containsExactlyInAnyOrder(
            "cache_control",
            "thinking.signature",
            "is_error",
            "max_output_tokens",
            "temperature",
            "top_k",
            "stop",
            "thinking.budget_tokens",
            "n");
  }

  @Test
  void modelsThatDoNotThinkAreNotAskedTo() {
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("Hi")))
            .reasoning(new Reasoning(Reasoning.Mode.ON, Reasoning.Effort.HIGH, null, true))
            .sampling(new Sampling(BigDecimal.ZERO, null, null, null, null, null, List.of()))
            .build();
    Written written = write(prompt, new Target("gpt-4o", Quirks.OPENAI));
    assertThat(written.body().utf8())
        .isEqualTo(
            "{\"model\":\"gpt-4o\",\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":["
                + "{\"type\":\"input_text\",\"text\":\"Hi\"}]}],\"store\":false,\"temperature\":0}");
    assertThat(written.dropped()).containsExactly("reasoning");
    assertThat(effort("gpt-5", Reasoning.Effort.NONE)).contains("\"effort\":\"minimal\"");
    assertThat(effort("gpt-5.1", Reasoning.Effort.MINIMAL)).contains("\"effort\":\"low\"");
    assertThat(effort("gpt-5.2", Reasoning.Effort.MAX)).contains("\"effort\":\"xhigh\"");
    assertThat(effort("gpt-6-astra", Reasoning.Effort.NONE)).contains("\"effort\":\"low\"");
    assertThat(effort("o3", Reasoning.Effort.XHIGH)).contains("\"effort\":\"high\"");
  }

  private static String effort(String model, Reasoning.Effort effort) {
    Reasoning.Mode mode = effort == Reasoning.Effort.NONE ? Reasoning.Mode.OFF : Reasoning.Mode.ON;
    return write(
            Prompt.builder()
                .turn(Turn.of(Turn.Role.USER, Part.Text.of("Hi")))
                .reasoning(new Reasoning(mode, effort, null, null))
                .build(),
            new Target(model, Quirks.OPENAI))
        .body()
        .utf8();
  }

  @Test
  void serversThatKnowFunctionsOnlyGetFunctions() {
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("Hi")))
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT,
                    new Part.Thinking("plain", null),
                    new Part.ToolCall("c", "patch", CallKind.CUSTOM, "a\"b", null, null)))
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.ToolResult(
                        "c", "patch", CallKind.CUSTOM, List.of(Part.Text.of("ok")), false, null)))
            .tool(new Tool.Custom("patch", null, null))
            .build();
    String body = write(prompt, new Target("qwen", Quirks.COMPATIBLE)).body().utf8();
    assertThat(body)
        .contains("{\"type\":\"reasoning_text\",\"text\":\"plain\"}")
        .contains("\"arguments\":\"{\\\"input\\\":\\\"a\\\\\\\"b\\\"}\"")
        .contains("{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"ok\"}")
        .contains("{\"type\":\"function\",\"name\":\"patch\",\"parameters\":");
  }

  @Test
  void whatOpenAiKeepsCannotGoElsewhere() {
    for (String body :
        List.of(
            "{\"previous_response_id\":\"resp_1\",\"input\":\"Hi\"}",
            "{\"conversation\":{\"id\":\"c\"},\"input\":\"Hi\"}",
            "{\"prompt\":{\"id\":\"p\"}}",
            "{\"background\":true,\"input\":\"Hi\"}",
            "{\"input\":[{\"type\":\"item_reference\",\"id\":\"m\"}]}",
            "{\"input\":[{\"type\":\"compaction\",\"encrypted_content\":\"x\"}]}")) {
      Prompt prompt = read(body);
      String field = Json.value(body).members().iterator().next().key();
      assertThatThrownBy(() -> KeptState.refuseElsewhere(prompt))
          .isInstanceOfSatisfying(
              RequestFault.class, fault -> assertThat(fault.fault().param()).isEqualTo(field));
      assertThat(sorted(CODEC.promptReader().read(Json.value(write(prompt, OPENAI).body()))))
          .isEqualTo(sorted(prompt));
    }
    KeptState.refuseElsewhere(
        read("{\"input\":\"Hi\",\"previous_response_id\":null,\"background\":false}"));
  }

  @Test
  void wrongShapesAreNamedByTheirPath() {
    assertFault("{\"input\":7}", "input");
    assertFault("{}", "input");
    assertFault("{\"input\":[7]}", "input[0]");
    assertFault("{\"input\":[{\"role\":\"tool\",\"content\":\"x\"}]}", "input[0].role");
    assertFault(
        "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}]}",
        "input[0].content[0].text");
    assertFault("{\"input\":\"x\",\"tools\":[{\"type\":\"function\"}]}", "tools[0].name");
    assertFault("{\"input\":\"x\",\"max_output_tokens\":\"9\"}", "max_output_tokens");
    assertFault("{\"input\":\"x\",\"tool_choice\":\"maybe\"}", "tool_choice");
    assertFault(
        "{\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\"}}}", "text.format.schema");
    assertFault("{\"input\":[{\"type\":\"function_call\",\"name\":\"f\"}]}", "input[0].call_id");
  }

  private static void assertFault(String body, String path) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            RequestFault.class, fault -> assertThat(fault.fault().param()).isEqualTo(path));
  }

  @Test
  void sealsOfOthersComeBackFromTheClient() {
    Prompt prompt =
        read(
            "{\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                + "{\"type\":\"reasoning\",\"id\":\"rs\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"hm\"}],"
                + "\"encrypted_content\":\"fl1.anthropic-messages.s..c2ln\"},"
                + "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"},"
                + "{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"fl1.gemini.s.Y2FsbDpjMQ.c2ln\"},"
                + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"ok\"}],"
                + "\"metadata\":{\"cursorConversationId\":\"conv\"},\"stream_options\":{\"include_usage\":true}}");
    assertThat(prompt.turns().get(1).parts())
        .containsExactly(
            new Part.Thinking(
                "hm", new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "c2ln", false)),
            new Part.ToolCall(
                "c1",
                "f",
                CallKind.FUNCTION,
                "{}",
                new Part.Sealed(Dialect.GEMINI, null, "c2ln", false),
                null));
    assertThat(prompt.cacheKey()).isEqualTo("conv");
    assertThat(prompt.foreign()).isEmpty();
    assertThat(write(prompt, OPENAI).dropped()).containsExactly("thinking.signature");
    assertThat(write(prompt, OPENAI).body().utf8()).doesNotContain("fl1.", "\"reasoning\",\"sum");
  }
}
