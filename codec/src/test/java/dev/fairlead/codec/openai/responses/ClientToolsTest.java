package dev.fairlead.codec.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientToolsTest {
  private static final Prompt CODEX =
      new ResponsesCodec()
          .promptReader()
          .read(
              Json.value(
                  "{\"input\":[{\"type\":\"additional_tools\",\"role\":\"developer\",\"tools\":["
                      + "{\"type\":\"namespace\",\"name\":\"functions\",\"tools\":[{\"type\":\"custom\",\"name\":\"exec\"},"
                      + "{\"type\":\"function\",\"name\":\"wait\",\"parameters\":{}}]},"
                      + "{\"type\":\"namespace\",\"name\":\"mcp__fs__\",\"tools\":[{\"type\":\"function\",\"name\":\"read\"}]},"
                      + "{\"type\":\"namespace\",\"name\":\"web\",\"tools\":[{\"type\":\"function\",\"name\":\"run\"}]}]},"
                      + "{\"role\":\"user\",\"content\":\"Go\"},"
                      + "{\"type\":\"custom_tool_call\",\"call_id\":\"c\",\"namespace\":\"functions\",\"name\":\"exec\",\"input\":\"x\"},"
                      + "{\"type\":\"custom_tool_call_output\",\"call_id\":\"c\",\"output\":\"y\"}]}"));

  private static String call(ClientTools tools, String name, String arguments, int piece) {
    List<ReplyEvent> events = new ArrayList<>();
    Consumer<ReplyEvent> back = tools.back(events::add);
    back.accept(new ReplyEvent.CallBegun(0, 0, "id", name, CallKind.FUNCTION));
    for (int at = 0; at < arguments.length(); at += piece) {
      back.accept(
          new ReplyEvent.CallInput(
              0, 0, arguments.substring(at, Math.min(arguments.length(), at + piece))));
    }
    back.accept(new ReplyEvent.CallEnded(0, 0, null));
    StringBuilder told = new StringBuilder();
    for (ReplyEvent event : events) {
      switch (event) {
        case ReplyEvent.CallBegun begun ->
            told.append(begun.kind()).append(' ').append(begun.name()).append(' ');
        case ReplyEvent.CallInput input -> told.append(input.text());
        default -> {}
      }
    }
    return told.toString();
  }

  @Test
  void namesAreFlatOnTheWayUp() {
    Prompt plain = ClientTools.of(CODEX, name -> name).plainPrompt();
    assertThat(
            plain.tools().stream()
                .map(tool ->
                    switch (tool) {
                      case Tool.Function function -> function.name();
                      case Tool.Custom custom -> custom.name();
                      case Tool.WebSearch search -> search.name();
                      case Tool.Other other -> other.name();
                    }))
        .containsExactly("exec", "wait", "mcp__fs__read", "web__run");
    assertThat(plain.turns().get(1).parts())
        .containsExactly(new Part.ToolCall("c", "exec", CallKind.CUSTOM, "x", null, null));
    assertThat(((Part.ToolResult) plain.turns().get(2).parts().getFirst()).name())
        .isEqualTo("exec");
    Prompt own = Prompt.builder().turn(Turn.of(Turn.Role.USER, Part.Text.of("Hi"))).build();
    assertThat(ClientTools.of(own, name -> name).plainPrompt()).isSameAs(own);
  }

  @Test
  void callsComeBackAsTheClientKnowsThem() {
    ClientTools tools = ClientTools.of(CODEX, name -> "p_" + name);
    String patch = "*** Begin \"P\u00e4tch\"\n\t\ud83d\ude00\\";
    String wrapped =
        " { \"input\" : \"*** Begin \\\"P\\u00e4tch\\\"\\n\\t\\ud83d\\ude00\\\\\", \"why\":\"no\"}";
    for (int piece = 1; piece <= wrapped.length(); piece++) {
      assertThat(call(tools, "p_exec", wrapped, piece)).isEqualTo("CUSTOM functions/exec " + patch);
    }
    for (String other : List.of("*** Begin Patch", "{\"a\":1}", "[\"x\"]", "{\"a", "\"x\"")) {
      assertThat(call(tools, "p_exec", other, 3)).isEqualTo("CUSTOM functions/exec " + other);
    }
    assertThat(call(tools, "p_exec", "{}", 1)).isEqualTo("CUSTOM functions/exec ");
    assertThat(call(tools, "p_mcp__fs__read", "{\"a\":\"b\"}", 2))
        .isEqualTo("FUNCTION mcp__fs__/read {\"a\":\"b\"}");
    ClientTools responses = ClientTools.forResponses(CODEX);
    assertThat(responses.plainPrompt()).isSameAs(CODEX);
    assertThat(call(responses, "mcp__fs__/read", "{}", 2)).isEqualTo("FUNCTION mcp__fs__/read {}");
    assertThat(call(tools, "unknown", "{}", 2)).isEqualTo("FUNCTION unknown {}");
  }

  private static final String PATCH =
      "*** Begin Patch\n"
          + "*** Update File: a\n"
          + "-\t\"x\\y\"\n"
          + "+ {\"é\ud83d\ude00\"}\u2028\n"
          + "*** End Patch";

  private static ClientTools patching() {
    return ClientTools.of(
        Prompt.builder().tool(new Tool.Custom("ApplyPatch", null, null)).build(), name -> name);
  }

  @Test
  void aWrappedPatchIsToldRawHoweverItIsCut() {
    String escaped = PATCH.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    String units = escaped.replace("é", "\\u00E9").replace("\ud83d\ude00", "\\ud83d\\ude00");
    String wire = units.replace("\t", "\\t").replace("/", "\\/");
    for (String input :
        List.of(
            "{\"input\":\"" + wire + "\"}",
            "{\"input\":" + JsonText.quote(PATCH).utf8() + "}",
            PATCH)) {
      for (int piece = 1; piece <= input.length(); piece++) {
        assertThat(call(patching(), "ApplyPatch", input, piece))
            .isEqualTo("CUSTOM ApplyPatch " + PATCH);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{\"a\":7}|{\"a\":7}", "[1]|[1]", "{\"a|{\"a"})
  void whatIsNoWrappedTextStaysAsItIs(String input, String told) {
    assertThat(call(patching(), "ApplyPatch", input, 2)).isEqualTo("CUSTOM ApplyPatch " + told);
  }

  @Test
  void callsOfOtherToolsPass() {
    List<ReplyEvent> out = new ArrayList<>();
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.CallBegun(0, 0, "c", "read", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 0, "{\"input\":\"x\"}"),
            new ReplyEvent.CallEnded(0, 0, null),
            new ReplyEvent.Done());
    events.forEach(patching().back(out::add));
    assertThat(out).isEqualTo(events);
  }

  @Test
  void namesAVendorCannotSpellComeBackAsTheClientSpeltThem() {
    Prompt prompt =
        Prompt.builder()
            .tool(new Tool.Function("mcp.server a tool", null, null, null, null))
            .build();
    UnaryOperator<String> wire = dev.fairlead.codec.openai.chat.WireNames::tool;

    assertThat(call(ClientTools.of(prompt, wire), wire.apply("mcp.server a tool"), "{}", 1))
        .isEqualTo("FUNCTION mcp.server a tool {}");
  }
}
