package dev.fairlead.codec.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MessagesPromptTest {
  private static final MessagesCodec CODEC = new MessagesCodec();

  static Prompt read(String json) {
    return CODEC.promptReader().read(LegalMessages.json(Bytes.utf8(json)));
  }

  static PromptWriter.Written write(Prompt prompt, String model) {
    PromptWriter.Written written =
        CODEC.promptWriter().write(prompt, new PromptWriter.Target(model, Quirks.VENDOR));
    LegalMessages.request(written.body());
    return written;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(MessagesPromptTest.class.getResourceAsStream("/messages/" + name))) {
      return Bytes.of(in.readAllBytes()).utf8();
    }
  }

  /** Fields of no place have no order either. */
  static Prompt inOrder(Prompt prompt) {
    List<Foreign> foreign = new ArrayList<>(prompt.foreign());
    foreign.sort(Comparator.comparing(Foreign::type));
    return new Prompt(
        prompt.turns(),
        prompt.tools(),
        prompt.toolChoice(),
        prompt.parallelTools(),
        prompt.maxOutputTokens(),
        prompt.sampling(),
        prompt.reasoning(),
        prompt.format(),
        prompt.choices(),
        prompt.topLogprobs(),
        prompt.stream(),
        prompt.user(),
        prompt.metadata(),
        prompt.cacheKey(),
        prompt.serviceTier(),
        foreign);
  }

  @Test
  void fallbacksOfTheGatewayAreNoneOfTheVendors() {
    String head = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[],\"fallbacks\":";
    assertThat(read(head + "[\"openai/b\"]}").foreign()).isEmpty();
    assertThat(read(head + "[{\"provider\":\"openai\",\"model\":\"b\"}]}").foreign()).isEmpty();
    assertThat(read(head + "null}").foreign()).isEmpty();
    assertThat(read(head + "[{\"model\":\"claude-b\"}]}").foreign())
        .extracting(Foreign::type)
        .containsExactly("fallbacks");
  }

  /** Ours, where another vendor called a tool without having thought. */
  @Test
  void aMarkOfNoThinkingIsTakenOut() {
    Prompt prompt =
        read(
            """
            {"thinking":{"type":"enabled","budget_tokens":1024},"max_tokens":4096,"messages":[
              {"role":"user","content":"Hi"},
              {"role":"assistant","content":[
                {"type":"redacted_thinking","data":"fl1.anthropic-messages.r.."},
                {"type":"tool_use","id":"call_2","name":"f","input":{}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"call_2","content":"done"}]}]}
            """);

    assertThat(prompt.turns().get(1).parts()).singleElement().isInstanceOf(Part.ToolCall.class);
    assertThat(write(prompt, "claude-sonnet-4-5").body().utf8())
        .contains("\"thinking\":{\"type\":\"disabled\"}")
        .doesNotContain("fl1.");
  }

  @Test
  void readsAllOfARequest() throws IOException {
    Prompt prompt = read(resource("request.json"));
    assertThat(prompt.maxOutputTokens()).isEqualTo(32000);
    assertThat(prompt.stream()).isTrue();
    assertThat(prompt.parallelTools()).isFalse();
    assertThat(prompt.toolChoice()).isEqualTo(new ToolChoice.Auto());
    assertThat(prompt.user()).isEqualTo("user_1");
    assertThat(prompt.sampling().stop()).containsExactly("STOP", "\nHuman:");
    assertThat(prompt.reasoning())
        .isEqualTo(new Reasoning(Reasoning.Mode.ADAPTIVE, Reasoning.Effort.XHIGH, null, true));
    assertThat(prompt.turns().stream().map(Turn::role))
        .containsExactly(
            Turn.Role.SYSTEM,
            Turn.Role.USER,
            Turn.Role.ASSISTANT,
            Turn.Role.USER,
            Turn.Role.SYSTEM,
            Turn.Role.ASSISTANT,
            Turn.Role.USER);
    assertThat(prompt.turns().get(0).parts().get(2).cache()).isEqualTo(CacheMark.ONE_HOUR);
    List<Part> user = prompt.turns().get(1).parts();
    assertThat(user.get(0)).isEqualTo(Part.Text.of("What is in\nthese? é € 😀"));
    assertThat(user.get(1))
        .isEqualTo(
            new Part.Image(
                new Part.Source.Inline("image/png", Bytes.utf8("aGVs/bG8=")), null, null));
    assertThat(user.get(7))
        .isEqualTo(
            new Part.Document(new Part.Source.PlainText("One.\n\nTwo."), null, null, false, null));
    List<Part> assistant = prompt.turns().get(2).parts();
    assertThat(assistant.get(0))
        .isEqualTo(
            new Part.Thinking(
                "Let me see.",
                new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "EqQBsig==", false)));
    assertThat(assistant.get(5))
        .isEqualTo(
            new Part.ToolCall(
                "toolu_1",
                "Read",
                CallKind.FUNCTION,
                "{\"path\": \"a.txt\", \"n\": 1.50}",
                null,
                null));
    Part.ToolResult second = (Part.ToolResult) prompt.turns().get(3).parts().get(1);
    assertThat(second.name()).isEqualTo("Read");
    assertThat(second.error()).isTrue();
    assertThat(second.content()).hasSize(3);
    assertThat(prompt.tools().get(2)).isInstanceOf(Tool.WebSearch.class);
    assertThat(prompt.tools().get(3)).isInstanceOf(Tool.Other.class);
    assertThat(prompt.foreign().stream().map(field -> field.type()))
        .containsExactlyInAnyOrder(
            "tools.defer_loading",
            "tools.eager_input_streaming",
            "tools.type",
            "output_config.task_budget",
            "context_management",
            "mcp_servers",
            "container",
            "speed",
            "safeguards",
            "betas",
            "something_new");
  }

  @Test
  void aRequestSurvivesWritingAndReading() throws IOException {
    Prompt prompt = read(resource("request.json"));
    PromptWriter.Written written = write(prompt, "claude-opus-4-8");
    assertThat(written.dropped()).isEmpty();
    Prompt again = read(written.body().utf8());
    assertThat(inOrder(again)).isEqualTo(inOrder(prompt));
    assertThat(write(again, "claude-opus-4-8").body()).isEqualTo(written.body());
  }

  @Test
  void anotherVendorsPromptBecomesALegalOne() {
    Part.Sealed foreign = new Part.Sealed(Dialect.OPENAI_RESPONSES, "rs_1", "gAAA", false);
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Turn.Role.SYSTEM, Part.Text.of("Be brief.")))
            .turn(Turn.of(Turn.Role.DEVELOPER, Part.Text.of("Use tools.")))
            .turn(Turn.of(Turn.Role.ASSISTANT, Part.Text.of("Hello.")))
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("")))
            .turn(
                Turn.of(
                    Turn.Role.ASSISTANT,
                    new Part.Thinking("hm", foreign),
                    call("call|1", "shell.run", CallKind.FUNCTION, "{\"a\":1}"),
                    call("call|2", "patch", CallKind.CUSTOM, "*** Begin\n\"x\"")))
            .turn(Turn.of(Turn.Role.ASSISTANT, call("call_3", "broken", CallKind.FUNCTION, "{\"")))
            .turn(Turn.of(Turn.Role.USER, Part.Text.of("Wait."), result("call|2", "patched")))
            .turn(Turn.of(Turn.Role.DEVELOPER, Part.Text.of("Now be polite.")))
            .turn(Turn.of(Turn.Role.USER, result("call|1", "ran"), result("nobody", "orphan")))
            .turn(Turn.of(Turn.Role.ASSISTANT, Part.Text.of("Fine  \n")))
            .tool(new Tool.Function("shell.run", null, null, null, null))
            .tool(new Tool.Custom("patch", "Patches.", null))
            .choices(2)
            .build();
    PromptWriter.Written written = write(prompt, "claude-sonnet-4-5");
    assertThat(written.dropped()).containsExactly("thinking.signature", "n");
    String shell = WireNames.tool("shell.run");
    String one = WireNames.id("call|1");
    String two = WireNames.id("call|2");
    assertThat(written.body().utf8())
        .isEqualTo(
            ("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":8192,"
                    + "\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\"},"
                    + "{\"type\":\"text\",\"text\":\"Use tools.\"}],"
                    + "\"tools\":[{\"name\":\"SHELL\",\"input_schema\":{\"type\":\"object\","
                    + "\"properties\":{}}},{\"name\":\"patch\",\"description\":\"Patches.\","
                    + "\"input_schema\":{\"type\":\"object\",\"properties\":{\"input\":"
                    + "{\"type\":\"string\"}},\"required\":[\"input\"],"
                    + "\"additionalProperties\":false}}],"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"Begin.\"},"
                    + "{\"role\":\"assistant\",\"content\":["
                    + "{\"type\":\"text\",\"text\":\"Hello.\"},"
                    + "{\"type\":\"tool_use\",\"id\":\"ONE\",\"name\":\"SHELL\","
                    + "\"input\":{\"a\":1}},"
                    + "{\"type\":\"tool_use\",\"id\":\"TWO\",\"name\":\"patch\","
                    + "\"input\":{\"input\":\"*** Begin\\n\\\"x\\\"\"}},"
                    + "{\"type\":\"tool_use\",\"id\":\"call_3\",\"name\":\"broken\","
                    + "\"input\":{\"input\":\"{\\\"\"}}]},"
                    + "{\"role\":\"user\",\"content\":["
                    + "{\"type\":\"tool_result\",\"tool_use_id\":\"ONE\",\"content\":\"ran\"},"
                    + "{\"type\":\"tool_result\",\"tool_use_id\":\"TWO\",\"content\":\"patched\"},"
                    + "{\"type\":\"tool_result\",\"tool_use_id\":\"call_3\","
                    + "\"content\":\"no result\",\"is_error\":true},"
                    + "{\"type\":\"text\",\"text\":\"Wait.\"},"
                    + "{\"type\":\"text\",\"text\":\"<system-reminder>\\nNow be polite.\\n"
                    + "</system-reminder>\"},"
                    + "{\"type\":\"text\",\"text\":\"Result of a tool:\"},"
                    + "{\"type\":\"text\",\"text\":\"orphan\"}]},"
                    + "{\"role\":\"assistant\",\"content\":\"Fine\"}]}")
                .replace("SHELL", shell)
                .replace("ONE", one)
                .replace("TWO", two));
  }

  private static Part call(String id, String name, CallKind kind, String arguments) {
    return new Part.ToolCall(id, name, kind, arguments, null, null);
  }

  private static Part result(String id, String text) {
    return new Part.ToolResult(
        id, null, CallKind.FUNCTION, List.of(Part.Text.of(text)), false, null);
  }

  @Test
  void namesWhatHasTheWrongShape() {
    assertThatThrownBy(() -> read("{\"messages\":5}"))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("\"messages\" must be an array");
    assertThatThrownBy(() -> read("{\"messages\":[{\"role\":\"user\",\"content\":[{}]}]}"))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("messages[0].content[0].type");
    assertThatThrownBy(() -> read("{\"messages\":[{\"role\":\"robot\",\"content\":\"\"}]}"))
        .isInstanceOf(RequestFault.class)
        .hasMessageContaining("messages[0].role");
  }
}
