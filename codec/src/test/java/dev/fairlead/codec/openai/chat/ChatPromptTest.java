package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.Quirks.SchemaSubset;
import dev.fairlead.codec.translate.Quirks.ToolIds;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Reasoning.Effort;
import dev.fairlead.core.prompt.Reasoning.Mode;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.prompt.Turn.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatPromptTest {
  private static final String HI = "'messages':[{'role':'user','content':'hi'}]";

  @Test
  void readingWhatWasWrittenGivesTheSamePromptForTheSameDialect() {
    Prompt prompt = ChatSamples.prompt(ChatSamples.resource("/chat/request.json"));
    Written written = ChatSamples.write(prompt, ChatSamples.EVERYTHING);
    assertThat(written.dropped()).isEmpty();
    assertThat(ChatSamples.again(written)).isEqualTo(prompt);
    assertThat(ChatSamples.write(prompt, ChatSamples.EVERYTHING).body()).isEqualTo(written.body());
  }

  @Test
  void readsEveryField() {
    Prompt prompt = ChatSamples.prompt(ChatSamples.resource("/chat/request.json"));
    assertThat(prompt.turns()).hasSize(9);
    assertThat(prompt.turns().getFirst().parts().getFirst().cache()).isEqualTo(CacheMark.ONE_HOUR);
    assertThat(prompt.turns().get(1).name()).isEqualTo("ops");
    assertThat(prompt.turns().get(2).parts())
        .hasExactlyElementsOfTypes(
            Part.Text.class,
            Part.Image.class,
            Part.Image.class,
            Part.Audio.class,
            Part.Document.class,
            Part.Document.class,
            Part.Other.class);
    assertThat(prompt.turns().get(3).parts())
        .hasExactlyElementsOfTypes(
            Part.Thinking.class,
            Part.Text.class,
            Part.ToolCall.class,
            Part.ToolCall.class,
            Part.ToolCall.class);
    assertThat(((Part.ToolResult) prompt.turns().get(4).parts().getFirst()).kind())
        .isEqualTo(CallKind.CUSTOM);
    assertThat(prompt.maxOutputTokens()).isEqualTo(4000);
    assertThat(prompt.sampling().temperature()).isEqualTo("0.20");
    assertThat(prompt.sampling().stop()).containsExactly("END", "STOP");
    assertThat(prompt.reasoning())
        .isEqualTo(new Reasoning(Mode.ON, Effort.HIGH, null, Boolean.TRUE));
    assertThat(prompt.toolChoice())
        .isEqualTo(new ToolChoice.Among(List.of("look", "ApplyPatch"), true));
    assertThat(prompt.choices()).isEqualTo(2);
    assertThat(prompt.topLogprobs()).isEqualTo(3);
    assertThat(prompt.foreign())
        .extracting(field -> field.type())
        .containsExactly(
            "stream_options",
            "prediction",
            "store",
            "logit_bias",
            "web_search_options",
            "modalities",
            "verbosity",
            "nobody_knows_this");
  }

  @Test
  void everyDropIsNamed() {
    Prompt prompt = ChatSamples.prompt(ChatSamples.resource("/chat/request.json"));
    Written openai = ChatSamples.write(prompt, Quirks.OPENAI);
    assertThat(openai.dropped())
        .containsExactlyInAnyOrder("cache_control", "top_k", "thinking", "reasoning_details");
    assertThat(openai.body().utf8())
        .contains("\"reasoning_effort\":\"high\"")
        .contains("\"max_completion_tokens\":4000")
        .contains("\"role\":\"developer\"")
        .contains("\"type\":\"custom\"");
    Written compatible = ChatSamples.write(prompt, Quirks.COMPATIBLE);
    assertThat(compatible.dropped())
        .containsExactlyInAnyOrder(
            "cache_control", "top_k", "metadata", "prompt_cache_key", "reasoning_details");
    assertThat(compatible.body().utf8())
        .contains("\"max_tokens\":4000")
        .contains("\"reasoning_content\":\"Two tools.\"")
        .contains("{\"role\":\"system\",\"content\":\"Be brief.\\n\\nBe kind.\"}")
        .contains("\"arguments\":\"{\\\"input\\\":\\\"*** Begin Patch\\\\n*** End Patch\\\"}\"")
        .doesNotContain("\"developer\"")
        .doesNotContain("\"custom\"")
        .doesNotContain("$web_search\",\"");
  }

  @Test
  void nothingButTheMessagesIsNeeded() {
    Prompt prompt = ChatSamples.quotedPrompt("{'model':'m'," + HI + ",'tools':null,'n':null}");
    assertThat(ChatSamples.write(prompt, Quirks.OPENAI).body().utf8())
        .isEqualTo(
            "{\"model\":\"some-model\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'m'}",
        "{'messages':'hi'}",
        "{'messages':[1]}",
        "{'messages':[{'content':'x'}]}",
        "{'messages':[{'role':'wizard','content':'x'}]}",
        "{'messages':[{'role':'tool','content':'x'}]}",
        "{'messages':[{'role':'user','content':7}]}",
        "{'messages':[],'n':0}",
        "{'messages':[],'temperature':'warm'}",
        "{'messages':[],'tools':[{'type':'function','function':{}}]}",
        "{'messages':[],'response_format':'json'}"
      })
  void namesTheFieldThatIsWrong(String body) {
    assertThatThrownBy(() -> ChatSamples.quotedPrompt(body))
        .isInstanceOfSatisfying(
            RequestFault.class,
            fault -> {
              assertThat(fault.fault().param()).isNotBlank();
              assertThat(fault.fault().message()).contains(fault.fault().param());
            });
  }

  @Test
  void legacyFunctionsAreTools() {
    Prompt prompt =
        ChatSamples.quotedPrompt(
            """
            {'messages':[
              {'role':'user','content':'hi'},
              {'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{}'}},
              {'role':'function','name':'f','content':'1'}],
             'functions':[{'name':'f','parameters':{'type':'object','properties':{}}}],
             'function_call':{'name':'f'}}\
            """);
    assertThat(prompt.tools()).hasSize(1);
    assertThat(prompt.toolChoice()).isEqualTo(new ToolChoice.Named("f", CallKind.FUNCTION));
    Part.ToolCall call = (Part.ToolCall) prompt.turns().get(1).parts().getFirst();
    Part.ToolResult result = (Part.ToolResult) prompt.turns().get(2).parts().getFirst();
    assertThat(result.callId()).isEqualTo(call.id());
    assertThat(result.name()).isEqualTo("f");
  }

  @Test
  void repeatedCallIdsBecomeUnique() {
    Prompt prompt =
        ChatSamples.quotedPrompt(
            """
            {'messages':[
              {'role':'assistant','tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':{'a':1}}}]},
              {'role':'tool','tool_call_id':'c','content':'1'},
              {'role':'assistant','tool_calls':[{'id':'c','type':'function','function':{'name':'g','arguments':''}}]},
              {'role':'tool','tool_call_id':'c','content':'2'}]}\
            """);
    Part.ToolCall first = (Part.ToolCall) prompt.turns().getFirst().parts().getFirst();
    Part.ToolCall second = (Part.ToolCall) prompt.turns().get(2).parts().getFirst();
    Part.ToolResult result = (Part.ToolResult) prompt.turns().get(3).parts().getFirst();
    assertThat(first.arguments()).isEqualTo("{\"a\":1}");
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(result.callId()).isEqualTo(second.id());
    assertThat(result.name()).isEqualTo("g");
    assertThat(second.arguments()).isEqualTo("{}");
  }

  @Test
  void everyCallGetsItsResultAndEveryResultItsCall() {
    Part.ToolCall a = call("a");
    Part.ToolCall b = call("b");
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Role.USER, result("zero")))
            .turn(Turn.of(Role.ASSISTANT, a))
            .turn(Turn.of(Role.ASSISTANT, b))
            .turn(Turn.of(Role.USER, Part.Text.of("wait"), result("b")))
            .turn(Turn.of(Role.ASSISTANT, Part.Text.of("so")))
            .turn(Turn.of(Role.USER, result("a"), Part.Text.of("")))
            .build();
    assertThat(ChatSamples.write(prompt, Quirks.OPENAI).body().utf8())
        .isEqualTo(
            ("{'model':'some-model','messages':["
                    + "{'role':'user','content':[{'type':'text','text':'Result of an earlier tool"
                    + " call:'},{'type':'text','text':'out'}]},"
                    + "{'role':'assistant','content':null,'tool_calls':["
                    + "{'id':'a','type':'function','function':{'name':'f','arguments':'{}'}},"
                    + "{'id':'b','type':'function','function':{'name':'f','arguments':'{}'}}]},"
                    + "{'role':'tool','tool_call_id':'b','content':'out'},"
                    + "{'role':'tool','tool_call_id':'a','content':'Error: the tool gave no"
                    + " result.'},"
                    + "{'role':'user','content':'wait'},"
                    + "{'role':'assistant','content':'so'},"
                    + "{'role':'user','content':[{'type':'text','text':'Result of an earlier tool"
                    + " call:'},{'type':'text','text':'out'}]}]}")
                .replace('\'', '"'));
  }

  private static Part.ToolCall call(String id) {
    return new Part.ToolCall(id, "f", CallKind.FUNCTION, "", null, null);
  }

  private static Part.ToolResult result(String id) {
    return new Part.ToolResult(
        id, null, CallKind.FUNCTION, List.of(Part.Text.of("out")), false, null);
  }

  @Test
  void picturesInResultsMoveBehindAllResults() {
    Part.Image image =
        new Part.Image(new Part.Source.Inline("image/png", Bytes.utf8("AAAA")), null, null);
    Part.ToolResult seen =
        new Part.ToolResult("a", "f", CallKind.FUNCTION, List.of(image), false, null);
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Role.ASSISTANT, call("a"), call("b")))
            .turn(Turn.of(Role.USER, seen, result("b"), Part.Text.of("go on")))
            .build();
    String body = ChatSamples.write(prompt, Quirks.OPENAI).body().utf8();
    assertThat(body)
        .contains(
            ("{'role':'tool','tool_call_id':'a','content':'The output is in the next message.'},"
                    + "{'role':'tool','tool_call_id':'b','content':'out'},{'role':'user','content':"
                    + "[{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}},"
                    + "{'type':'text','text':'go on'}]}")
                .replace('\'', '"'));
  }

  @Test
  void idsFitMistral() {
    Quirks mistral =
        new Quirks(
            Set.of("tools.custom"),
            "max_tokens",
            false,
            "",
            false,
            SchemaSubset.FULL,
            ToolIds.NINE_ALPHANUMERIC);
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Role.ASSISTANT, call("toolu_01"), call("abcDEF123")))
            .turn(Turn.of(Role.USER, result("toolu_01"), result("abcDEF123")))
            .turn(Turn.of(Role.USER, Part.Text.of("and now")))
            .build();
    Prompt again = ChatSamples.again(ChatSamples.write(prompt, mistral));
    Part.ToolCall first = (Part.ToolCall) again.turns().getFirst().parts().getFirst();
    Part.ToolCall second = (Part.ToolCall) again.turns().getFirst().parts().getLast();
    assertThat(first.id()).matches("[A-Za-z0-9]{9}");
    assertThat(second.id()).isEqualTo("abcDEF123");
    assertThat(((Part.ToolResult) again.turns().get(1).parts().getFirst()).callId())
        .isEqualTo(first.id());
    assertThat(again.turns().get(3)).isEqualTo(Turn.of(Role.ASSISTANT, Part.Text.of("OK.")));
  }

  @Test
  void namesAndIdsFitTheirAlphabetReversibly() {
    String name = "mcp.server/tool with spaces and a name that is much longer than sixty-four";
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Role.USER, Part.Text.of("hi")))
            .tool(new Tool.Function(name, null, null, null, null))
            .build();
    String wire = WireNames.tool(name);
    assertThat(wire).matches("[A-Za-z0-9_-]{1,64}").isEqualTo(WireNames.tool(name));
    assertThat(ChatSamples.write(prompt, Quirks.OPENAI).body().utf8()).contains(wire);
    assertThat(WireNames.callId("x".repeat(100), ToolIds.ANY)).hasSizeLessThan(41);
    assertThat(WireNames.atMost64("y".repeat(500))).hasSizeLessThan(65);
  }

  @Test
  void thinkingOfAnotherVendorGoesWithoutItsSeal() {
    Part thought =
        new Part.Thinking("Hm.", new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "sig", false));
    Prompt prompt =
        Prompt.builder()
            .turn(Turn.of(Role.ASSISTANT, thought, Part.Text.of("Yes.")))
            .turn(Turn.of(Role.USER, Part.Text.of("Why?")))
            .build();
    Written compatible = ChatSamples.write(prompt, Quirks.COMPATIBLE);
    assertThat(compatible.dropped()).containsExactly("thinking.signature");
    assertThat(compatible.body().utf8())
        .contains("\"content\":\"Yes.\",\"reasoning_content\":\"Hm.\"")
        .doesNotContain("sig");
    Written openai = ChatSamples.write(prompt, Quirks.OPENAI);
    assertThat(openai.dropped()).containsExactly("thinking", "thinking.signature");
    assertThat(openai.body().utf8()).doesNotContain("Hm.");
  }

  @Test
  void sealsOfOtherVendorsComeBackInReasoningDetails() {
    Part.Sealed sealed = new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "a+b/=", false);
    String mark = dev.fairlead.codec.translate.Carried.mark(sealed);
    Prompt prompt =
        ChatSamples.quotedPrompt(
            "{'messages':[{'role':'assistant','content':'Yes.','reasoning_content':'Hm.',"
                + "'reasoning_details':[{'type':'reasoning.text','text':'Hm.','signature':'"
                + mark
                + "','index':0}]}]}");
    assertThat(prompt.turns().getFirst().parts().getFirst())
        .isEqualTo(new Part.Thinking("Hm.", sealed));
  }

  @Test
  void effortFitsTheModel() {
    assertThat(effort("gpt-4.1", "high")).doesNotContain("reasoning_effort");
    assertThat(effort("o4-mini", "minimal")).contains("\"reasoning_effort\":\"low\"");
    assertThat(effort("gpt-5-mini", "none")).contains("\"reasoning_effort\":\"minimal\"");
    assertThat(effort("gpt-5.1", "none")).contains("\"reasoning_effort\":\"none\"");
    assertThat(effort("gpt-5.4", "max")).contains("\"reasoning_effort\":\"xhigh\"");
    assertThat(effort("house-model", "max")).contains("\"reasoning_effort\":\"max\"");
    assertThat(effort("gpt-5", "high")).doesNotContain("temperature");
    assertThat(effort("gpt-4.1", "high")).contains("\"temperature\":0");
  }

  private static String effort(String model, String word) {
    Prompt prompt =
        ChatSamples.quotedPrompt("{" + HI + ",'reasoning_effort':'" + word + "','temperature':0}");
    return ChatSamples.CODEC
        .promptWriter()
        .write(prompt, new Target(model, Quirks.OPENAI))
        .body()
        .utf8();
  }

  @Test
  void budgetsBecomeEffortsAndSwitches() {
    Prompt budget =
        ChatSamples.quotedPrompt("{" + HI + ",'thinking':{'type':'enabled','budget_tokens':6000}}");
    Written written = ChatSamples.write(budget, Quirks.OPENAI);
    assertThat(written.body().utf8()).contains("\"reasoning_effort\":\"medium\"");
    assertThat(written.dropped()).containsExactly("thinking.budget_tokens");
    Quirks switched =
        new Quirks(
            Set.of(),
            "max_tokens",
            false,
            "reasoning_content",
            false,
            SchemaSubset.FULL,
            ToolIds.ANY);
    Prompt off = ChatSamples.quotedPrompt("{" + HI + ",'reasoning':{'enabled':false}}");
    assertThat(ChatSamples.write(off, switched).body().utf8())
        .contains("\"thinking\":{\"type\":\"disabled\"}");
  }

  @Test
  void schemasFitTheSubset() {
    Quirks plain =
        new Quirks(
            Set.of("tools.custom"),
            "max_tokens",
            false,
            "",
            false,
            SchemaSubset.PLAIN,
            ToolIds.ANY);
    Prompt prompt =
        ChatSamples.quotedPrompt(
            "{"
                + HI
                + ",'tools':[{'name':'f','input_schema':{'$schema':'x','type':'object',"
                + "'$defs':{'n':{'type':'object','properties':{'next':{'$ref':'#/$defs/n'}}}},"
                + "'properties':{'const':{'const':'a'},'n':{'$ref':'#/$defs/n'}},"
                + "'additionalProperties':false}}]}");
    String body = ChatSamples.write(prompt, plain).body().utf8();
    assertThat(body)
        .contains("\"const\":{\"enum\":[\"a\"]}")
        .doesNotContain("$ref")
        .doesNotContain("$schema")
        .doesNotContain("additionalProperties")
        .hasSizeLessThan(2000);
  }

  @Test
  void hostedToolsOfOthersAreDroppedUnlessTheyMustBeCalled() {
    String tools =
        HI
            + ",'tools':[{'type':'web_search_20250305','name':'web_search','max_uses':5},"
            + "{'type':'image_generation'},{'name':'f','input_schema':{'type':'object',"
            + "'properties':{}}}]";
    Prompt free = ChatSamples.quotedPrompt("{" + tools + "}");
    Written written = ChatSamples.write(free, Quirks.OPENAI);
    assertThat(written.dropped()).containsExactly("tools.web_search", "tools.image_generation");
    Prompt forced =
        ChatSamples.quotedPrompt(
            "{" + tools + ",'tool_choice':{'type':'tool','name':'web_search'}}");
    assertThatThrownBy(() -> ChatSamples.write(forced, Quirks.OPENAI))
        .isInstanceOf(RequestFault.class);
  }
}
