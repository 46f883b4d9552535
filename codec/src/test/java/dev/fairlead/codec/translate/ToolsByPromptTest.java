package dev.fairlead.codec.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolsByPromptTest {
  private static final Tool SEARCH =
      new Tool.Function("search", "Finds", Bytes.utf8("{\n\"type\": \"object\"}"), null, null);
  private static final Tool PATCH = new Tool.Custom("patch", "Patches", null);

  private static final Prompt PROMPT =
      Prompt.builder()
          .turn(Turn.of(Turn.Role.SYSTEM, Part.Text.of("Be brief.")))
          .turn(Turn.of(Turn.Role.USER, Part.Text.of("q")))
          .turn(
              Turn.of(
                  Turn.Role.ASSISTANT,
                  Part.Text.of("ok"),
                  new Part.ToolCall("1", "search", CallKind.FUNCTION, "{ \"q\": 1 }", null, null),
                  new Part.ToolCall("2", "patch", CallKind.CUSTOM, "a\"b", null, null)))
          .turn(
              Turn.of(
                  Turn.Role.USER,
                  new Part.ToolResult(
                      "1", "search", CallKind.FUNCTION, List.of(Part.Text.of("r")), true, null)))
          .tool(SEARCH)
          .tool(PATCH)
          .build();

  private static String text(Turn turn, int part) {
    return ((Part.Text) turn.parts().get(part)).text();
  }

  @Test
  void describesToolsAndPrintsCallsAndResults() {
    Prompt plain = ToolsByPrompt.rewrite(PROMPT);
    assertThat(plain.tools()).isEmpty();
    Turn system = plain.turns().getFirst();
    assertThat(text(system, 0)).isEqualTo("Be brief.");
    assertThat(text(system, 1))
        .contains(
            "{\"name\":\"search\",\"description\":\"Finds\",\"parameters\":{\"type\":\"object\"}}\n",
            "{\"name\":\"patch\",\"description\":\"Patches\",\"parameters\":{\"type\":\"object\","
                + "\"properties\":{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"]}}\n");
    assertThat(text(plain.turns().get(2), 1))
        .isEqualTo("<tool_call>\n{\"name\":\"search\",\"arguments\":{\"q\":1}}\n</tool_call>");
    assertThat(text(plain.turns().get(2), 2))
        .isEqualTo(
            "<tool_call>\n{\"name\":\"patch\",\"arguments\":{\"input\":\"a\\\"b\"}}\n</tool_call>");
    assertThat(text(plain.turns().get(3), 0))
        .isEqualTo("<tool_result name=\"search\" error=\"true\">\nr\n</tool_result>");
    assertThat(text(plain.turns().get(3), 1)).contains("no result");
    assertThat(ToolsByPrompt.rewrite(PROMPT)).isEqualTo(plain);
  }

  @Test
  void whatIsPrintedIsReadBack() {
    Prompt plain = ToolsByPrompt.rewrite(PROMPT);
    PrintedCalls filter = new PrintedCalls(PROMPT.tools());
    List<ReplyEvent> events = new ArrayList<>();
    for (Part part : plain.turns().get(2).parts()) {
      filter.accept(new ReplyEvent.Text(0, ((Part.Text) part).text()), events::add);
    }
    assertThat(events)
        .filteredOn(ReplyEvent.CallInput.class::isInstance)
        .containsExactly(
            new ReplyEvent.CallInput(0, 0, "{\"q\":1}"), new ReplyEvent.CallInput(0, 1, "a\"b"));
  }

  @Test
  void theChoiceOfToolsIsSaid() {
    assertThat(described(new ToolChoice.Required())).contains("must call at least one tool");
    assertThat(described(new ToolChoice.Named("search", CallKind.FUNCTION)))
        .contains("must call the tool search now");
    assertThat(described(new ToolChoice.Among(List.of("patch"), false)))
        .contains("Patches")
        .doesNotContain("Finds");
    assertThat(
            ToolsByPrompt.rewrite(PROMPT.toBuilder().toolChoice(new ToolChoice.None()).build())
                .turns()
                .getFirst()
                .parts())
        .hasSize(1);
  }

  private static String described(ToolChoice choice) {
    return text(
        ToolsByPrompt.rewrite(PROMPT.toBuilder().toolChoice(choice).build()).turns().getFirst(), 1);
  }

  @Test
  void aPromptWithoutToolsStaysAsItIs() {
    Prompt prompt =
        Prompt.builder().turn(Turn.of(Turn.Role.USER, Part.Text.of("q"))).user("u").build();
    assertThat(ToolsByPrompt.rewrite(prompt)).isEqualTo(prompt);
  }
}
