package dev.fairlead.codec.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Reasoning.Effort;
import dev.fairlead.core.prompt.Reasoning.Mode;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What depends on the model's name, and the functions from prompt to prompt. */
class MessagesRulesTest {
  private static PromptBuilder hello() {
    return Prompt.builder().turn(Turn.of(Turn.Role.USER, Part.Text.of("Hi")));
  }

  private static String written(Prompt prompt, String model, String... dropped) {
    PromptWriter.Written written = MessagesPromptTest.write(prompt, model);
    assertThat(written.dropped()).containsExactly(dropped);
    return written.body().utf8();
  }

  private static Prompt thinking(Mode mode, @Nullable Effort effort, @Nullable Long budget) {
    return hello().reasoning(new Reasoning(mode, effort, budget, null)).build();
  }

  @Test
  void asksForThinkingAsTheModelTakesIt() {
    Prompt high = thinking(Mode.ON, Effort.HIGH, null);
    assertThat(written(high, "us.anthropic.claude-sonnet-4-5-20250929-v1:0"))
        .contains("\"max_tokens\":24576")
        .endsWith("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":16384}}");
    assertThat(written(high, "claude-3-7-sonnet@20250219")).contains("\"budget_tokens\":16384");
    for (String adaptive :
        List.of("claude-opus-4-6", "anthropic/claude-sonnet-4.6", "claude-opus-5", "claude-new")) {
      assertThat(written(high, adaptive))
          .endsWith(
              "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}}");
    }
    Prompt budget = thinking(Mode.ON, null, 9000L);
    assertThat(written(budget, "claude-opus-5-20260601", "thinking.budget_tokens"))
        .contains("\"effort\":\"medium\"");
    Prompt most = thinking(Mode.ON, Effort.XHIGH, null);
    assertThat(written(most, "claude-opus-4-6")).contains("\"effort\":\"high\"");
    assertThat(written(most, "claude-sonnet-5")).contains("\"effort\":\"xhigh\"");
    assertThat(written(high, "claude-3-5-haiku-latest", "thinking")).doesNotContain("thinking");
  }

  @Test
  void turnsThinkingOffAsTheModelTakesIt() {
    Prompt off = thinking(Mode.OFF, null, null);
    assertThat(written(off, "claude-sonnet-4-5")).endsWith("\"thinking\":{\"type\":\"disabled\"}}");
    assertThat(written(off, "claude-opus-5")).endsWith("\"thinking\":{\"type\":\"disabled\"}}");
    assertThat(written(off, "claude-opus-4-7")).doesNotContain("thinking");
    assertThat(written(off, "claude-fable-5", "thinking"))
        .endsWith("\"output_config\":{\"effort\":\"low\"}}");
    assertThat(written(off, "claude-opus-5-5", "thinking")).contains("\"effort\":\"low\"");
  }

  @Test
  void thinkingGivesWayToAForcedToolAndToSmallLimits() {
    PromptBuilder high = thinking(Mode.ON, Effort.HIGH, null).toBuilder();
    high.tool(new Tool.Function("f", null, null, null, null));
    high.toolChoice(new ToolChoice.Named("f", CallKind.FUNCTION));
    assertThat(written(high.build(), "claude-sonnet-4-5", "thinking"))
        .contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\"}")
        .contains("\"thinking\":{\"type\":\"disabled\"}");
    high.toolChoice(null).maxOutputTokens(1000L);
    assertThat(written(high.build(), "claude-sonnet-4-5", "thinking"))
        .contains("\"max_tokens\":1000,");
    high.maxOutputTokens(6000L);
    assertThat(written(high.build(), "claude-sonnet-4-5")).contains("\"budget_tokens\":3000");
  }

  @Test
  void samplingIsWhatTheModelTakes() {
    Sampling all =
        new Sampling(new BigDecimal("0.2"), new BigDecimal("0.9"), 5L, null, null, null, List.of());
    Prompt prompt = hello().sampling(all).build();
    assertThat(written(prompt, "claude-3-haiku-20240307"))
        .endsWith("\"temperature\":0.2,\"top_p\":0.9,\"top_k\":5}");
    assertThat(written(prompt, "claude-sonnet-4-5", "top_p"))
        .endsWith("\"temperature\":0.2,\"top_k\":5}");
    written(prompt, "claude-opus-4-7", "temperature", "top_p", "top_k");
    Prompt thinks = prompt.toBuilder().reasoning(new Reasoning(Mode.ON, null, 2000L, null)).build();
    written(thinks, "claude-sonnet-4-5", "temperature", "top_p", "top_k");
  }

  @Test
  void formsAreSchemasOrInstructions() {
    Bytes schema =
        Bytes.utf8(
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1,"
                + "\"description\":\"Count.\"},\"l\":{\"type\":\"array\",\"items\":"
                + "{\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"string\"}}}}}}");
    Prompt prompt = hello().format(new OutputFormat.JsonSchema("x", null, schema, true)).build();
    assertThat(written(prompt, "claude-sonnet-4-5"))
        .endsWith(
            "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":"
                + "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\","
                + "\"description\":\"Count. (minimum: 1)\"},\"l\":{\"type\":\"array\",\"items\":"
                + "{\"type\":\"object\",\"properties\":{\"minimum\":{\"type\":\"string\"}},"
                + "\"additionalProperties\":false}}},\"additionalProperties\":false}}}}");
    assertThat(written(prompt, "claude-sonnet-4-20250514", "response_format"))
        .contains("It must fit this JSON Schema");
    Prompt any = hello().format(new OutputFormat.JsonObject()).build();
    assertThat(written(any, "claude-opus-5", "response_format"))
        .contains("\"system\":\"Answer with one JSON object");
  }

  @Test
  void refusesWhatCannotBeSaid() {
    Prompt audio =
        Prompt.builder()
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.Audio(new Part.Source.Inline("audio/wav", Bytes.EMPTY), "wav")))
            .build();
    assertThatThrownBy(() -> MessagesPromptTest.write(audio, "claude-opus-5"))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("audio");
    Prompt file =
        Prompt.builder()
            .turn(
                Turn.of(
                    Turn.Role.USER,
                    new Part.Image(
                        new Part.Source.FileId(Dialect.OPENAI_RESPONSES, "file-1"), null, null)))
            .build();
    assertThatThrownBy(() -> MessagesPromptTest.write(file, "claude-opus-5"))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("another provider");
  }

  @Test
  void marksCachePointsWhereTheClientSetNone() {
    Part.Text big = Part.Text.of("x".repeat(8000));
    Part result = new Part.ToolResult("1", null, CallKind.FUNCTION, List.of(big), false, null);
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Turn.Role.SYSTEM, big))
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("a")))
            .turn(Turn.of(Turn.Role.ASSISTANT, Part.Text.of("b")))
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("c")))
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT,
                    new Part.ToolCall("1", "f", CallKind.FUNCTION, "{}", null, null)))
            .turn(Turn.of(Turn.Role.USER, result))
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("d")))
            .tool(new Tool.Function("f", null, null, null, null))
            .tool(new Tool.WebSearch("web_search", List.of(), List.of(), null, null))
            .build();
    Prompt marked = CachePoints.mark(prompt);
    assertThat(marked.turns().stream().map(turn -> turn.parts().get(0).cache()))
        .containsExactly(
            CacheMark.FIVE_MINUTES,
            null,
            null,
            CacheMark.FIVE_MINUTES,
            null,
            null,
            CacheMark.FIVE_MINUTES);
    assertThat(((Tool.Function) marked.tools().get(0)).cache()).isEqualTo(CacheMark.FIVE_MINUTES);
    assertThat(MessagesPromptTest.write(marked, "claude-opus-5").dropped()).isEmpty();
    assertThat(CachePoints.mark(marked)).isSameAs(marked);
    Prompt small = hello().build();
    assertThat(CachePoints.mark(small)).isSameAs(small);
  }

  @Test
  void estimatesWithoutBase64() {
    assertThat(Estimate.tokens(Prompt.builder().build())).isEqualTo(1);
    Part text = Part.Text.of("é€😀" + "x".repeat(3491));
    assertThat(Estimate.tokens(Prompt.builder().turn(Turn.of(Turn.Role.USER, text)).build()))
        .isEqualTo(1004);
    Part image =
        new Part.Image(
            new Part.Source.Inline("image/png", Bytes.of(new byte[4_000_000])), null, null);
    assertThat(Estimate.tokens(Prompt.builder().turn(Turn.of(Turn.Role.USER, image)).build()))
        .isEqualTo(1604);
  }

  @Test
  void otherVendorsGetWhatTheyCanRead() {
    Prompt prompt =
        MessagesPromptTest.read(
            "{\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc;\"},"
                + "{\"type\":\"text\",\"text\":\"Be.\"}],\"messages\":[{\"role\":\"user\","
                + "\"content\":[{\"type\":\"search_result\",\"source\":\"s\",\"title\":\"T\","
                + "\"content\":[{\"type\":\"text\",\"text\":\"Found.\"}]},{\"type\":"
                + "\"tool_result\",\"tool_use_id\":\"1\",\"content\":[{\"type\":"
                + "\"tool_reference\",\"tool_name\":\"Grep\"}]}]}]}");
    Prompt ready = ForOtherVendors.prepare(prompt);
    assertThat(ready.turns().get(0).parts()).containsExactly(Part.Text.of("Be."));
    assertThat(ready.turns().get(1).parts().get(0)).isEqualTo(Part.Text.of("T (s)\nFound."));
    assertThat(((Part.ToolResult) ready.turns().get(1).parts().get(1)).content())
        .containsExactly(Part.Text.of("The tool Grep is available."));
    assertThat(ForOtherVendors.prepare(ready)).isSameAs(ready);
    Prompt thread = MessagesPromptTest.read("{\"messages\":[],\"thread\":{\"type\":\"continue\"}}");
    assertThatThrownBy(() -> ForOtherVendors.prepare(thread))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("resend with full history");
  }
}
