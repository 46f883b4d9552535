package dev.fairlead.codec.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiPromptTest {
  private static final GeminiCodec CODEC = new GeminiCodec();
  private static final Target NEW = new Target("gemini-3-pro-preview", Quirks.VENDOR);
  private static final Target OLD = new Target("gemini-2.5-flash", Quirks.VENDOR);

  private static Prompt read(String body) {
    return CODEC.promptReader().read(GeminiReplyTest.json(body));
  }

  private static Written write(Prompt prompt, Target target) {
    return CODEC.promptWriter().write(prompt, target);
  }

  private static String body(Prompt prompt, Target target) {
    return write(prompt, target).body().utf8();
  }

  private static String golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            GeminiPromptTest.class.getResourceAsStream("/gemini/request.json"))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void theFatRequestIsReadAndSurvives() throws IOException {
    Prompt prompt = read(golden());
    assertThat(prompt.turns()).hasSize(5);
    assertThat(prompt.turns().getFirst())
        .isEqualTo(Turn.of(Turn.Role.SYSTEM, Part.Text.of("Be brief."), Part.Text.of("Be kind.")));
    assertThat(prompt.turns().get(2).parts())
        .containsExactly(
            new Part.Thinking("Which city?", null),
            Part.Text.of("Let me look."),
            new Part.Thinking("", new Part.Sealed(Dialect.GEMINI, "text", "dGV4dA==", false)),
            new Part.ToolCall(
                "c1",
                "weather",
                CallKind.FUNCTION,
                "{\"city\": \"Bern\"}",
                new Part.Sealed(Dialect.GEMINI, null, "Y2FsbA==", false),
                null),
            new Part.ToolCall("call_1_4", "weather", CallKind.FUNCTION, "{}", null, null));
    assertThat(prompt.turns().get(3).parts())
        .first()
        .isEqualTo(
            new Part.ToolResult(
                "c1", "weather", CallKind.FUNCTION, List.of(Part.Text.of("sunny")), false, null));
    assertThat(prompt.turns().get(3).parts().get(1))
        .isInstanceOfSatisfying(
            Part.ToolResult.class,
            result -> {
              assertThat(result.callId()).isEqualTo("call_1_4");
              assertThat(result.error()).isTrue();
            });
    assertThat(prompt.tools())
        .extracting(Object::getClass)
        .containsExactly(
            Tool.Function.class, Tool.Function.class, Tool.WebSearch.class, Tool.Other.class);
    assertThat(((Tool.Function) prompt.tools().getFirst()).schema())
        .isEqualTo(
            Bytes.utf8(
                "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":[\"string\",\"null\"],"
                    + "\"maxLength\":40}},\"required\":[\"city\"]}"));
    assertThat(prompt.toolChoice()).isEqualTo(new ToolChoice.Among(List.of("weather"), false));
    assertThat(prompt.reasoning())
        .isEqualTo(new Reasoning(Reasoning.Mode.ON, Reasoning.Effort.LOW, null, true));
    assertThat(prompt.foreign())
        .extracting(Foreign::type)
        .containsExactly("generationConfig.responseModalities", "safetySettings", "labels");

    Written written = write(prompt, NEW);
    assertThat(written.dropped()).isEmpty();
    Prompt again = read(written.body().utf8());
    assertThat(again).isEqualTo(prompt);
    assertThat(body(again, NEW)).isEqualTo(written.body().utf8());
  }

  /** Any prompt of Gemini's own means the same when it has been written and read. */
  @Test
  void readingWhatWasWrittenGivesThePromptBack() {
    for (int seed = 0; seed < 2000; seed++) {
      Prompt prompt = generated(new Random(seed));
      Written written = write(prompt, NEW);
      assertThat(written.dropped()).as("seed " + seed).isEmpty();
      assertThat(read(written.body().utf8())).as("seed " + seed).isEqualTo(prompt);
      assertLegal(written.body().utf8());
    }
  }

  private static Prompt generated(Random random) {
    List<Turn> turns = new ArrayList<>();
    if (random.nextBoolean()) {
      turns.add(Turn.of(Turn.Role.SYSTEM, Part.Text.of("sys" + random.nextInt(9))));
    }
    turns.add(Turn.of(Turn.Role.USER, user(random)));
    int calls = 0;
    for (int i = random.nextInt(4); i > 0; i--) {
      List<Part> said = new ArrayList<>();
      List<Part> answers = new ArrayList<>();
      if (random.nextBoolean()) {
        said.add(new Part.Thinking("t", random.nextBoolean() ? null : seal(null)));
      }
      said.add(Part.Text.of("text \u2028 \"" + random.nextInt(9)));
      if (random.nextBoolean()) {
        said.add(new Part.Thinking("", seal("text")));
      }
      for (int n = random.nextInt(3); n > 0; n--) {
        String id = "id" + calls++;
        said.add(
            new Part.ToolCall(id, "tool", CallKind.FUNCTION, "{\"a\":[1,{}]}", seal(null), null));
        List<Part> content = new ArrayList<>();
        content.add(Part.Text.of("result"));
        if (random.nextBoolean()) {
          content.add(image());
        }
        answers.add(
            new Part.ToolResult(
                id, "tool", CallKind.FUNCTION, content, random.nextBoolean(), null));
      }
      turns.add(Turn.of(Turn.Role.ASSISTANT, said));
      answers.addAll(user(random));
      turns.add(Turn.of(Turn.Role.USER, answers));
    }
    return Prompt.builder()
        .turns(turns)
        .tool(new Tool.Function("tool", "d", Bytes.utf8("{\"type\":\"object\"}"), null, null))
        .toolChoice(random.nextBoolean() ? null : new ToolChoice.Required())
        .choices(1 + random.nextInt(3))
        .maxOutputTokens(random.nextBoolean() ? null : 5L)
        .build();
  }

  private static List<Part> user(Random random) {
    List<Part> parts = new ArrayList<>();
    parts.add(Part.Text.of("question"));
    switch (random.nextInt(4)) {
      case 0 -> parts.add(image());
      case 1 ->
          parts.add(
              new Part.Document(
                  new Part.Source.Url("https://x.test/a.pdf"), null, null, false, null));
      case 2 ->
          parts.add(new Part.Document(new Part.Source.PlainText("größe"), null, null, false, null));
      default -> parts.add(new Part.Audio(inline("audio/mp3"), "mp3"));
    }
    return parts;
  }

  private static Part.Image image() {
    return new Part.Image(inline("image/png"), null, null);
  }

  private static Part.Source.Inline inline(String type) {
    return new Part.Source.Inline(type, Bytes.utf8("aGk="));
  }

  private static Part.Sealed seal(@org.jspecify.annotations.Nullable String id) {
    return new Part.Sealed(Dialect.GEMINI, id, "c2ln", false);
  }

  /** Checks what Gemini refuses: order of roles, calls without as many answers, empty parts. */
  private static void assertLegal(String body) {
    String before = "model";
    int calls = 0;
    for (JsonValue content :
        Objects.requireNonNull(GeminiReplyTest.json(body).get("contents")).elements()) {
      String role = Objects.requireNonNull(Objects.requireNonNull(content.get("role")).string());
      assertThat(role).isNotEqualTo(before);
      before = role;
      int answers = 0;
      int parts = 0;
      int asked = 0;
      for (JsonValue part : Objects.requireNonNull(content.get("parts")).elements()) {
        parts++;
        answers += part.get("functionResponse") == null ? 0 : 1;
        asked += part.get("functionCall") == null ? 0 : 1;
        assertThat(part.raw().utf8()).isNotEqualTo("{\"text\":\"\"}");
      }
      assertThat(parts).isPositive();
      assertThat(answers).isEqualTo(calls);
      calls = asked;
    }
    assertThat(calls).isZero();
    assertThat(before).isNotEqualTo("");
  }

  @Test
  void illegalConversationsAreRepaired() {
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Turn.Role.ASSISTANT, Part.Text.of("first")))
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT, call("a", "t"), call("b", "bad name!"), call("c", "t")))
            .turn(Turn.of(Turn.Role.USER, Part.Text.of(""), Part.Text.of("so?"), result("b")))
            .turn(Turn.of(Turn.Role.DEVELOPER, Part.Text.of("mind")))
            .turn(Turn.of(Turn.Role.USER, result("zz"), result("a"), result("b")))
            .turn(Turn.of(Turn.Role.ASSISTANT, Part.Text.of("")))
            .turn(Turn.of(Turn.Role.USER, result("c")))
            .build();
    String body = body(prompt, NEW);
    assertLegal(body);
    assertThat(body)
        .contains(
            "\"id\":\"c\",\"name\":\"t\",\"response\":{\"error\":\"no result\"}",
            "<system>\\nmind\\n</system>",
            "Result of a call that is not in this conversation",
            "\"name\":\"" + GeminiNames.of("bad name!") + "\"")
        .doesNotContain("bad name!");
    assertLegal(body(Prompt.builder().build(), NEW));
    assertLegal(body(Prompt.builder().turn(Turn.of(Turn.Role.USER, call("a", "t"))).build(), NEW));
  }

  private static Part.ToolCall call(String id, String name) {
    return new Part.ToolCall(id, name, CallKind.FUNCTION, "{\"x\":", null, null);
  }

  private static Part.ToolResult result(String id) {
    return new Part.ToolResult(
        id, null, CallKind.FUNCTION, List.of(Part.Text.of("r" + id)), false, null);
  }

  @Test
  void namesAreStableAndLegal() {
    for (String name : List.of("", "1a", "a b", "mcp__x__" + "y".repeat(90), "ü", "a:b")) {
      assertThat(GeminiNames.of(name)).matches("[a-zA-Z_][a-zA-Z0-9_.-]{0,63}");
      assertThat(GeminiNames.of(name)).isEqualTo(GeminiNames.of(name));
    }
    assertThat(GeminiNames.of("a b")).isNotEqualTo(GeminiNames.of("a_b")).startsWith("a_b_");
    assertThat(GeminiNames.of("fine.name-1")).isEqualTo("fine.name-1");
  }

  @Test
  void signaturesOfOthersStayAtHomeAndNewModelsGetTheDocumentedOne() {
    Part.Sealed others = new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "sig", false);
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("q")))
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT,
                    new Part.Thinking("secret", others),
                    call("a", "t"),
                    call("b", "t")))
            .turn(Turn.of(Turn.Role.USER, result("a"), result("b")))
            .build();
    Written written = write(prompt, NEW);
    assertThat(written.dropped()).containsExactly("thinking.signature");
    assertThat(written.body().utf8())
        .contains("skip_thought_signature_validator")
        .doesNotContain("secret", "\"sig\"");
    assertThat(written.body().utf8().split("skip_thought", -1)).hasSize(2);
    assertThat(body(prompt, OLD)).doesNotContain("skip_thought");
    assertThat(read(written.body().utf8()).turns().get(1).parts())
        .allMatch(part -> part instanceof Part.ToolCall each && each.sealed() == null);
  }

  @Test
  void carriedSealsComeBack() {
    Part.Sealed others = new Part.Sealed(Dialect.OPENAI_RESPONSES, "rs_1", "gAAA+/=", true);
    String shown = GeminiSeal.show(others);
    assertThat(shown).matches("[A-Za-z0-9+/]+=*");
    assertThat(
            read("{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"a\",\"thought\":true},"
                    + "{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\""
                    + shown
                    + "\"}]}]}")
                .turns())
        .containsExactly(Turn.of(Turn.Role.ASSISTANT, new Part.Thinking("a", others)));
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-3-pro-preview,ON,LOW,,{\"thinkingLevel\":\"low\"},",
    "gemini-3-pro-preview,ON,MINIMAL,,{\"thinkingLevel\":\"low\"},",
    "gemini-3-flash,ON,MINIMAL,,{\"thinkingLevel\":\"minimal\"},",
    "gemini-3-flash,ON,XHIGH,,{\"thinkingLevel\":\"high\"},",
    "gemini-3-flash,ON,,2000,{\"thinkingLevel\":\"low\"},",
    "gemini-3-flash,OFF,,,{\"thinkingLevel\":\"minimal\"},reasoning",
    "gemini-flash-latest,ADAPTIVE,,,{},",
    "models/gemini-2.5-flash,ON,,9000,{\"thinkingBudget\":9000},",
    "gemini-2.5-flash,ON,,99999,{\"thinkingBudget\":24576},reasoning.budget_tokens",
    "gemini-2.5-flash,ON,MEDIUM,,{\"thinkingBudget\":8192},",
    "gemini-2.5-flash,OFF,,,{\"thinkingBudget\":0},",
    "gemini-2.5-pro,OFF,,,{\"thinkingBudget\":128},reasoning",
    "gemini-2.5-flash-lite,ON,,5,{\"thinkingBudget\":512},reasoning.budget_tokens",
    "gemini-2.5-pro,ADAPTIVE,,,{\"thinkingBudget\":-1},",
    "gemini-2.0-flash,ON,HIGH,,,reasoning",
    "gemma-3-27b-it,OFF,,,,"
  })
  void thinksAsTheModelCan(
      String model,
      Reasoning.Mode mode,
      Reasoning.@org.jspecify.annotations.Nullable Effort effort,
      @org.jspecify.annotations.Nullable Long budget,
      @org.jspecify.annotations.Nullable String config,
      @org.jspecify.annotations.Nullable String dropped) {
    Prompt prompt = Prompt.builder().reasoning(new Reasoning(mode, effort, budget, null)).build();
    Written written = write(prompt, new Target(model, Quirks.VENDOR));
    JsonValue told = GeminiReplyTest.json(written.body().utf8()).get("generationConfig");
    JsonValue thinking = told == null ? null : told.get("thinkingConfig");
    assertThat(thinking == null ? null : thinking.raw().utf8()).isEqualTo(config);
    assertThat(written.dropped()).isEqualTo(dropped == null ? List.of() : List.of(dropped));
  }

  @Test
  void saysWhatItLeavesOut() {
    Prompt prompt =
        Prompt.builder()
            .turn(
                new Turn(
                    Turn.Role.USER,
                    List.of(
                        new Part.Text("q", List.of(), dev.fairlead.core.prompt.CacheMark.ONE_HOUR),
                        new Part.Image(inline("image/png"), "high", null)),
                    "bob"))
            .sampling(
                new dev.fairlead.core.prompt.Sampling(
                    null, null, null, null, null, null, List.of("1", "2", "3", "4", "5", "6")))
            .parallelTools(false)
            .user("u")
            .metadata("k", "v")
            .cacheKey("c")
            .serviceTier("flex")
            .tool(new Tool.WebSearch("web_search", List.of("a.test"), List.of(), 3L, null))
            .tool(new Tool.Function("f", null, null, null, null))
            .foreign(new Foreign(Dialect.OPENAI_CHAT, "logit_bias", Bytes.utf8("{}")))
            .build();
    assertThat(write(prompt, OLD).dropped())
        .containsExactlyInAnyOrder(
            "name",
            "cache_control",
            "detail",
            "web_search.allowed_domains",
            "web_search.max_uses",
            "tools.web_search",
            "stop",
            "logit_bias",
            "parallel_tool_calls",
            "user",
            "metadata",
            "prompt_cache_key",
            "service_tier");
    assertThat(body(prompt, NEW)).contains("googleSearch", "includeServerSideToolInvocations");
  }

  @Test
  void refusesWhatWouldMeanAnotherThing() {
    Prompt tool =
        Prompt.builder()
            .tool(
                new Tool.Other(
                    "computer",
                    new Foreign(Dialect.ANTHROPIC_MESSAGES, "computer_20250124", Bytes.utf8("{}"))))
            .build();
    assertThatThrownBy(() -> write(tool, NEW))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("computer_20250124");
    Prompt file =
        Prompt.builder()
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.Image(
                        new Part.Source.FileId(Dialect.OPENAI_RESPONSES, "file-1"), null, null)))
            .build();
    assertThatThrownBy(() -> write(file, NEW)).isInstanceOf(RequestFault.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"contents\":3}",
        "{\"contents\":[{\"role\":\"system\",\"parts\":[]}]}",
        "{\"contents\":[{\"parts\":[{\"text\":1}]}]}",
        "{\"contents\":[{\"parts\":[{\"text\":\"a\",\"inlineData\":{}}]}]}",
        "{\"generationConfig\":[]}",
        "{\"generationConfig\":{\"candidateCount\":0}}",
        "{\"generationConfig\":{\"temperature\":\"hot\"}}",
        "{\"tools\":\"all\"}"
      })
  void namesWhatHasTheWrongShape(String body) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            RequestFault.class, fault -> assertThat(fault.fault().message()).contains("\""));
  }

  @Test
  void readsSnakeCaseAndBareTexts() {
    Prompt prompt =
        read(
            "{\"system_instruction\":\"s\",\"contents\":{\"parts\":{\"text\":\"q\"}},"
                + "\"generation_config\":{\"max_output_tokens\":\"7\",\"top_p\":0.5}}");
    assertThat(prompt.turns())
        .containsExactly(
            Turn.of(Turn.Role.SYSTEM, Part.Text.of("s")),
            Turn.of(Turn.Role.USER, Part.Text.of("q")));
    assertThat(prompt.maxOutputTokens()).isEqualTo(7);
  }

  @Test
  void writesThePlainSubsetOfSchemas() {
    String schema =
        "{\"$schema\":\"x\",\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
            + "\"a\":{\"$ref\":\"#/$defs/A\"},\"b\":{\"type\":[\"string\",\"null\"],\"format\":\"uri\"},"
            + "\"c\":{\"const\":\"x\"},\"d\":{\"enum\":[1,2],\"type\":\"integer\"},"
            + "\"e\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]},\"f\":{\"type\":\"array\"},"
            + "\"g\":{\"allOf\":[{\"properties\":{\"x\":{\"type\":\"number\"}}},"
            + "{\"properties\":{\"y\":{}},\"required\":[\"y\",\"zz\"]}]}},\"required\":[\"a\"],"
            + "\"$defs\":{\"A\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/A\"}}}}}";
    Bytes plain = Objects.requireNonNull(PlainSchema.of(Bytes.utf8(schema)));
    String text = plain.utf8();
    assertThat(text)
        .doesNotContain("$", "additionalProperties", "const", "allOf", "uri", "zz")
        .contains(
            "\"b\":{\"type\":\"STRING\",\"nullable\":true}",
            "\"c\":{\"type\":\"STRING\",\"format\":\"enum\",\"enum\":[\"x\"]}",
            "\"d\":{\"type\":\"INTEGER\"}",
            "\"e\":{\"anyOf\":[{\"type\":\"STRING\"}],\"nullable\":true}",
            "\"f\":{\"type\":\"ARRAY\",\"items\":{\"type\":\"STRING\"}}",
            "\"g\":{\"type\":\"OBJECT\",\"properties\":{\"x\":{\"type\":\"NUMBER\"},"
                + "\"y\":{\"type\":\"STRING\"}},\"required\":[\"y\"]}");
    String bomb =
        "{\"properties\":{\"a\":{\"$ref\":\"#/d\"}},\"d\":{\"allOf\":[{\"$ref\":\"#/d\"},"
            + "{\"$ref\":\"#/d\"}],\"properties\":{\"b\":{\"$ref\":\"#/d\"},\"c\":{\"$ref\":\"#/d\"}},"
            + "\"description\":\""
            + "x".repeat(2000)
            + "\"}}";
    Bytes bounded = Objects.requireNonNull(PlainSchema.of(Bytes.utf8(bomb)));
    assertThat(bounded.length()).isLessThan(3_000_000);
  }
}
