package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatReplyReadingTest {
  private static final String FOLD =
      """
      opened chatcmpl-7 deepseek-chat 1760000000
      0: thinking=Let me look.
      0: text=Two files.
      0: cited https://example.com
      0: call 0 call_1 read FUNCTION
      0: call 1 call_2 patch CUSTOM
      0: ended 0 {"path":"a"}
      0: ended 1 *** Begin Patch
      0: finished TOOLS null
      other system_fingerprint "fp_1"
      Usage[inputUncached=36, cacheRead=64, cacheWrite5m=0, cacheWrite1h=0, output=20, reasoning=5, estimated=false]
      done\
      """;

  private static String withoutLogprobs(String fold) {
    List<String> lines = new ArrayList<>(fold.lines().toList());
    lines.removeIf(line -> line.contains("logprobs="));
    String joined = String.join("\n", lines);
    // Where log probabilities stood in the stream the text is in two pieces.
    return joined.replace("text=Two \n0: text=", "text=Two ");
  }

  @Test
  void streamAndBodyOfOneReplyAreTheSame() {
    String stream = Folded.of(Folded.stream(ChatSamples.resource("/chat/stream.sse")));
    String body = Folded.of(Folded.body(ChatSamples.resource("/chat/body.json")));
    assertThat(withoutLogprobs(stream)).isEqualTo(FOLD);
    assertThat(withoutLogprobs(body)).isEqualTo(FOLD);
    assertThat(stream).contains("logprobs={\"content\":[{\"token\":\"Two \"");
    assertThat(body).contains("logprobs={\"content\":[{\"token\":\"Two \"");
  }

  private static String chunks(String... deltas) {
    StringBuilder all = new StringBuilder();
    for (String delta : deltas) {
      all.append("data: ").append(delta.replace('\'', '"')).append("\n\n");
    }
    return all.toString();
  }

  private static String delta(String delta) {
    return "{'id':'r','choices':[{'delta':" + delta + "}]}";
  }

  private static final String STOP = "{'id':'r','choices':[{'delta':{},'finish_reason':'stop'}]}";

  @Test
  void toldApartWhateverTheirIndexesAndIds() {
    String noIndex =
        chunks(
            delta("{'tool_calls':[{'id':'a','function':{'name':'f','arguments':'{'}}]}"),
            delta("{'tool_calls':[{'function':{'arguments':'}'}}]}"),
            delta("{'tool_calls':[{'id':'b','function':{'name':'g','arguments':{'x':1}}}]}"),
            STOP);
    assertThat(Folded.of(Folded.stream(noIndex)))
        .contains("call 0 a f", "call 1 b g", "ended 0 {}", "ended 1 {\"x\":1}", "TOOLS");
    String sameIndex =
        chunks(
            delta("{'tool_calls':[{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}]}"),
            delta("{'tool_calls':[{'index':0,'id':'b','function':{'name':'g','arguments':'[]'}}]}"),
            STOP);
    assertThat(Folded.of(Folded.stream(sameIndex)))
        .contains("call 0 a f", "call 1 b g", "ended 0 {}", "ended 1 []");
    String repeated =
        chunks(
            delta("{'tool_calls':[{'index':3,'id':'a','function':{'name':'f','arguments':'{'}}]}"),
            delta("{'tool_calls':[{'index':3,'id':'a','function':{'name':'f','arguments':'}'}}]}"),
            delta("{'tool_calls':[{'index':7,'id':'a','function':{'name':'f','arguments':'{}'}}]}"),
            STOP);
    assertThat(Folded.of(Folded.stream(repeated)))
        .contains("call 0 a f", "call 1 a_2 f", "ended 0 {}", "ended 1 {}");
  }

  @Test
  void idsAreMadeWhereThereAreNone() {
    List<ReplyEvent> events =
        Folded.stream(
            chunks(
                delta("{'tool_calls':[{'index':0,'function':{'name':'f','arguments':''}}]}"),
                delta("{'tool_calls':[{'index':1,'id':'','function':{'name':'g'}}]}"),
                STOP));
    List<String> ids = new ArrayList<>();
    for (ReplyEvent event : events) {
      if (event instanceof ReplyEvent.CallBegun begun) {
        ids.add(begun.id());
      }
    }
    assertThat(ids).hasSize(2).doesNotHaveDuplicates().allMatch(id -> id.length() <= 40);
  }

  @Test
  void argumentsBeforeTheNameWait() {
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        delta("{'tool_calls':[{'index':0,'id':'a','function':{'arguments':'{'}}]}"),
                        delta("{'tool_calls':[{'index':0,'function':{'name':'f'}}]}"),
                        delta("{'tool_calls':[{'index':0,'function':{'arguments':'}'}}]}"),
                        "[DONE]"))))
        .contains("call 0 a f", "ended 0 {}", "finished TOOLS", "done");
  }

  @Test
  void legacyFunctionCalls() {
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        delta("{'function_call':{'name':'f','arguments':'{'}}"),
                        delta("{'function_call':{'arguments':'}'}}"),
                        "{'choices':[{'delta':{},'finish_reason':'function_call'}]}"))))
        .contains(" f FUNCTION", "ended 0 {}", "finished TOOLS", "done");
  }

  @Test
  void thinkingUnderBothNamesIsToldOnce() {
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        delta("{'reasoning':'a','reasoning_content':'a'}"),
                        delta("{'reasoning':'b','content':''}"),
                        delta(
                            "{'content':[{'type':'thinking','thinking':[{'type':'text','text':'c'}]},{'type':'text','text':'d'}]}"),
                        STOP))))
        .contains("thinking=abc\n", "text=d\n");
  }

  @Test
  void reasoningDetailsAreSealedWhenThinkingEnds() {
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        delta(
                            "{'reasoning':'a','reasoning_details':[{'type':'reasoning.text','text':'a','index':0,'format':'x'}]}"),
                        delta(
                            "{'reasoning':'b','reasoning_details':[{'type':'reasoning.text','text':'b','index':0}]}"),
                        delta(
                            "{'reasoning_details':[{'type':'reasoning.text','signature':'s=','index':0}]}"),
                        delta("{'content':'ok'}"),
                        STOP))))
        .contains(
            "0: thinking=ab\n0: sealed Sealed[origin=OPENAI_CHAT, id=null, payload="
                + "[{\"type\":\"reasoning.text\",\"text\":\"ab\",\"signature\":\"s=\","
                + "\"format\":\"x\",\"index\":0}], redacted=false]\n0: text=ok");
  }

  @Test
  void usageIsFoundWhereverItIs() {
    String groq =
        chunks(
            delta("{'content':'x'}"),
            "{'choices':[{'delta':{},'finish_reason':'stop'}],'x_groq':{'usage':{'prompt_tokens':3,'completion_tokens':1}}}",
            "[DONE]");
    assertThat(Folded.of(Folded.stream(groq))).contains("inputUncached=3", "output=1");
    String moonshot =
        chunks(
            "{'choices':[{'delta':{'content':'x'},'usage':{'prompt_tokens':3,'completion_tokens':1}}]}",
            "[DONE]");
    assertThat(Folded.of(Folded.stream(moonshot))).contains("inputUncached=3", "output=1");
  }

  @Test
  void errorsEndTheReply() {
    assertThat(Folded.of(Folded.stream(chunks("{'error':{'message':'no','code':429}}", STOP))))
        .isEqualTo("opened null null 0\n\nfailed error 429 no");
    assertThat(Folded.of(Folded.body("{\"object\":\"error\",\"message\":\"no\",\"code\":400}")))
        .contains("failed error 400 no");
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        delta("{'content':'x'}"),
                        "{'choices':[{'delta':{},'finish_reason':'error'}]}",
                        "[DONE]"))))
        .contains("text=x", "failed error 500");
    List<ReplyEvent> events = new ArrayList<>();
    ChatSamples.CODEC
        .streamEvents()
        .frame(
            Bytes.utf8("error"),
            Bytes.utf8("{\"message\":\"no\",\"type\":\"overloaded_error\"}"),
            events::add);
    assertThat(Folded.of(events)).contains("failed overloaded_error 529 no");
  }

  @Test
  void aStreamThatBreaksOffHasNoEnd() {
    assertThat(Folded.of(Folded.stream(chunks(delta("{'content':'x'}")))))
        .doesNotContain("done")
        .doesNotContain("finished");
    assertThat(Folded.of(Folded.stream(chunks(delta("{'content':'x'}"), STOP))))
        .contains("finished END", "done");
    assertThat(Folded.stream("")).isEmpty();
  }

  @Test
  void emptyRepliesAreReplies() {
    assertThat(Folded.of(Folded.stream(chunks("[DONE]"))))
        .isEqualTo("opened null null 0\n0: finished END null\n\ndone");
    assertThat(Folded.of(Folded.body("{\"choices\":[]}")))
        .isEqualTo("opened null null 0\n0: finished END null\n\ndone");
    assertThat(Folded.of(Folded.body("{\"choices\":null,\"usage\":null}"))).endsWith("done");
    assertThat(Folded.of(Folded.body("{\"choices\":[null,{\"message\":null}]}"))).endsWith("done");
  }

  @Test
  void severalChoicesAreKeptApart() {
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        "{'choices':[{'index':1,'delta':{'content':'b'}}]}",
                        "{'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':'length'}]}",
                        "{'choices':[{'index':1,'delta':{'content':'b'},'finish_reason':'stop','stop_reason':'END'}]}",
                        "[DONE]"))))
        .contains("0: text=a\n0: finished LENGTH null\n1: text=bb\n1: finished SEQUENCE END\n");
  }

  @ParameterizedTest
  @CsvSource({
    "stop,false,false,END",
    "stop,true,false,TOOLS",
    "stop,false,true,REFUSED",
    "eos,false,false,END",
    "tool_calls,true,false,TOOLS",
    "tool_calls,false,false,END",
    "length,true,false,LENGTH",
    "model_length,false,false,CONTEXT_FULL",
    "content_filter,false,false,FILTERED",
    "sensitive,false,false,FILTERED"
  })
  void readsReasons(String reason, boolean calls, boolean refused, Stop stop) {
    assertThat(ChatStops.read(reason, calls, refused)).isEqualTo(stop);
  }

  @Test
  void onlyWhatIsNoJsonFails() {
    assertThatThrownBy(() -> Folded.stream(chunks("{'choices':")))
        .isInstanceOf(MalformedBody.class);
    assertThat(Folded.of(Folded.stream(chunks("{'choices':{},'id':7,'usage':[]}", "[DONE]"))))
        .endsWith("done");
  }

  @Test
  void unknownFieldsAreKept() {
    assertThat(
            Folded.of(
                Folded.stream(
                    chunks(
                        "{'provider':'p','choices':[{'delta':{'audio':{'id':'x'}},'native_finish_reason':'STOP'}]}",
                        "{'provider':'p','choices':[{'delta':{'audio':{'data':'y'}}}]}",
                        STOP))))
        .contains(
            "other provider \"p\"\n",
            "other choices.native_finish_reason \"STOP\"\n",
            "other delta.audio {\"id\":\"x\"}\n",
            "other delta.audio {\"data\":\"y\"}\n");
  }
}
