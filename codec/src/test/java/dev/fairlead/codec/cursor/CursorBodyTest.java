package dev.fairlead.codec.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.cursor.CursorBody.Shape;
import dev.fairlead.codec.openai.chat.ChatCodec;
import dev.fairlead.codec.openai.chat.ChatSamples;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning.Effort;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CursorBodyTest {
  private static CursorBody look(String json) {
    return CursorBody.of(ChatSamples.json(json));
  }

  private static Prompt read(String name) {
    return ChatSamples.prompt(ChatSamples.resource("/cursor/" + name + ".json"));
  }

  @ParameterizedTest
  @CsvSource({
    "responses,RESPONSES",
    "anthropic-blocks,ANTHROPIC_BLOCKS",
    "gemini,CHAT",
    "chat,CHAT",
    "hybrid,CHAT",
    "mixed,MIXED"
  })
  void theShapeIsToldByTheBody(String name, Shape shape) {
    CursorBody body = look(ChatSamples.resource("/cursor/" + name + ".json"));
    assertThat(body.shape()).isEqualTo(shape);
    assertThat(body.shape().dialect())
        .isEqualTo(shape == Shape.RESPONSES ? Dialect.OPENAI_RESPONSES : Dialect.OPENAI_CHAT);
  }

  @Test
  void whatElseTheBodySays() {
    CursorBody body = look(ChatSamples.resource("/cursor/responses.json"));
    assertThat(body)
        .isEqualTo(new CursorBody(Shape.RESPONSES, true, "conv-1", java.util.Set.of("ApplyPatch")));
    assertThat(look("{\"messages\":[],\"stream_options\":null}").includeUsage()).isFalse();
  }

  @Test
  void emptyAndMissingListsAreNoEvidence() {
    assertThat(look("{\"input\":\"hi\",\"messages\":[]}").shape()).isEqualTo(Shape.RESPONSES);
    assertThat(look("{\"input\":\"hi\",\"messages\":null}").shape()).isEqualTo(Shape.RESPONSES);
    assertThat(look("{\"input\":null,\"messages\":[]}").shape()).isEqualTo(Shape.CHAT);
    assertThat(look("{}").shape()).isEqualTo(Shape.CHAT);
    assertThat(
            look("{\"input\":[{\"type\":\"function_call_output\"}],"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .shape())
        .isEqualTo(Shape.RESPONSES);
    assertThat(
            look("{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[],\"content\":"
                    + "[{\"type\":\"tool_use\"}]}]}")
                .shape())
        .isEqualTo(Shape.MIXED);
    assertThat(
            look("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                    + "\"cache_control\":{\"type\":\"ephemeral\"}}]}]}")
                .shape())
        .isEqualTo(Shape.CHAT);
  }

  @Test
  void anthropicsBlocksAreRead() {
    Prompt prompt = read("anthropic-blocks");
    assertThat(prompt.turns())
        .extracting(turn -> turn.role())
        .containsExactly(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.USER);
    assertThat(prompt.turns().getFirst().parts().getFirst().cache())
        .isEqualTo(CacheMark.FIVE_MINUTES);
    assertThat(prompt.turns().get(2).parts())
        .containsExactly(
            new Part.Thinking(
                "Read first.", new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "EqQB", false)),
            new Part.Thinking("", new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "b64", true)),
            Part.Text.of("I will read."),
            new Part.ToolCall(
                "toolu_1",
                "read_file",
                CallKind.FUNCTION,
                "{\"target_file\":\"a.java\"}",
                null,
                null),
            new Part.ToolCall(
                "toolu_2",
                "ApplyPatch",
                CallKind.CUSTOM,
                "*** Begin Patch\n*** End Patch",
                null,
                null));
    Part.Image image =
        new Part.Image(new Part.Source.Inline("image/png", Bytes.utf8("AAAA")), null, null);
    assertThat(prompt.turns().get(3).parts())
        .containsExactly(
            new Part.ToolResult(
                "toolu_1",
                "read_file",
                CallKind.FUNCTION,
                List.of(Part.Text.of("class A {}"), image),
                false,
                null),
            new Part.ToolResult(
                "toolu_2",
                "ApplyPatch",
                CallKind.CUSTOM,
                List.of(Part.Text.of("no")),
                true,
                CacheMark.FIVE_MINUTES),
            Part.Text.of("go on"));
    assertThat(prompt.tools()).hasExactlyElementsOfTypes(Tool.Function.class, Tool.Custom.class);
    assertThat(prompt.toolChoice()).isEqualTo(new ToolChoice.Auto());
    assertThat(prompt.parallelTools()).isFalse();
  }

  @Test
  void toolsInFourFormsInOneArray() {
    Prompt prompt = read("hybrid");
    assertThat(prompt.tools())
        .hasExactlyElementsOfTypes(
            Tool.Function.class,
            Tool.Function.class,
            Tool.Function.class,
            Tool.Custom.class,
            Tool.Other.class,
            Tool.WebSearch.class);
    assertThat(prompt.cacheKey()).isEqualTo("conv-2");
    Part.ToolCall call = (Part.ToolCall) prompt.turns().get(1).parts().getFirst();
    assertThat(call.kind()).isEqualTo(CallKind.CUSTOM);
    assertThat(call.arguments()).startsWith("*** Begin Patch\n");
    Part.ToolResult result = (Part.ToolResult) prompt.turns().get(2).parts().getFirst();
    assertThat(result.kind()).isEqualTo(CallKind.CUSTOM);
    Written openai = write(prompt, Quirks.OPENAI);
    assertThat(openai.dropped()).containsExactly("tools.image_generation", "tools.web_search");
    assertThat(openai.body().utf8())
        .contains("\"custom\":{\"name\":\"ApplyPatch\",\"input\":\"*** Begin Patch\\n")
        .contains("\"grammar\":{\"syntax\":\"lark\",\"definition\":\"start: /.+/\"}");
    assertThat(write(prompt, Quirks.COMPATIBLE).body().utf8())
        .contains("\"arguments\":\"{\\\"input\\\":\\\"*** Begin Patch\\\\n")
        .contains("follow this grammar")
        .doesNotContain("\"custom\"");
  }

  private static Written write(Prompt prompt, Quirks quirks) {
    return new ChatCodec().promptWriter().write(prompt, new Target("m", quirks));
  }

  @Test
  void plainChatWithNullTools() {
    Prompt prompt = read("chat");
    assertThat(prompt.tools()).isEmpty();
    assertThat(prompt.toolChoice()).isEqualTo(new ToolChoice.Auto());
    assertThat(prompt.reasoning()).isNotNull();
    Written written = write(prompt, Quirks.OPENAI);
    assertThat(written.dropped()).isEmpty();
    assertThat(written.body().utf8())
        .contains("\"reasoning_effort\":\"minimal\"")
        .contains("\"content\":null,\"tool_calls\"")
        .doesNotContain("tool_choice")
        .doesNotContain("\"tools\"");
  }

  @Test
  void geminisSignaturesAreKept() {
    Part.ToolCall call = (Part.ToolCall) read("gemini").turns().get(1).parts().getFirst();
    assertThat(call.sealed()).isEqualTo(new Part.Sealed(Dialect.GEMINI, null, "CiQB", false));
  }

  @Test
  void mixedBodiesAreReadByTheirMessages() {
    Prompt prompt = read("mixed");
    assertThat(prompt.turns()).hasSize(4);
    Part.ToolResult result = (Part.ToolResult) prompt.turns().get(3).parts().getFirst();
    assertThat(result.name()).isEqualTo("read_file");
    assertThat(prompt.foreign()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "claude-opus-5-thinking-high-fast,claude-opus-5,HIGH,true",
    "claude-opus-5-thinking,claude-opus-5,,false",
    "gpt-5.4-xhigh,gpt-5.4,XHIGH,false",
    "gpt-5.4-fast,gpt-5.4,,true",
    "house/model:thinking,house/model,,false",
    "house/model:high,house/model,HIGH,false",
    "MODEL-Thinking-None,MODEL,NONE,false",
    "plain-model,plain-model,,false",
    "thinking,thinking,,false",
    "a/fast,a/fast,,false",
    "-fast,-fast,,false"
  })
  void suffixesOfModels(String name, String base, Effort effort, boolean fast) {
    ModelSuffix suffix = ModelSuffix.of(name);
    assertThat(suffix.base()).isEqualTo(base);
    assertThat(suffix.fast()).isEqualTo(fast);
    assertThat(suffix.reasoning() == null ? null : suffix.reasoning().effort()).isEqualTo(effort);
    assertThat(ModelSuffix.readings(name).getFirst()).isEqualTo(new ModelSuffix(name, null, false));
  }

  @Test
  void aSuffixSaysWhatTheBodyDoesNot() {
    ModelSuffix suffix = ModelSuffix.of("m-thinking-high-fast");
    assertThat(ModelSuffix.readings("m-thinking-high-fast"))
        .extracting(ModelSuffix::base)
        .containsExactly("m-thinking-high-fast", "m-thinking-high", "m-thinking", "m");
    Prompt silent = suffix.applyTo(read("hybrid"));
    assertThat(silent.reasoning()).isEqualTo(suffix.reasoning());
    assertThat(silent.serviceTier()).isEqualTo("priority");
    Prompt told = suffix.applyTo(read("chat"));
    assertThat(told.reasoning()).isEqualTo(read("chat").reasoning());
  }
}
