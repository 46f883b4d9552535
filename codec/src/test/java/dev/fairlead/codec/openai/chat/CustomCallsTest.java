package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.prompt.Turn.Role;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomCallsTest {
  private static final String PATCH =
      "*** Begin Patch\n"
          + "*** Update File: a\n"
          + "-\t\"x\\y\"\n"
          + "+ {\"é\ud83d\ude00\"}\u2028\n"
          + "*** End Patch";

  /** The call as it is told when its input comes in pieces cut at random. */
  private static List<ReplyEvent> told(String input, CallKind sent, CallKind told, Random random) {
    List<ReplyEvent> out = new ArrayList<>();
    CustomCalls calls = new CustomCalls(Set.of("ApplyPatch"), told, out::add);
    calls.accept(new ReplyEvent.CallBegun(0, 0, "c", "ApplyPatch", sent));
    int at = 0;
    while (at < input.length()) {
      int end = Math.min(input.length(), at + 1 + random.nextInt(9));
      calls.accept(new ReplyEvent.CallInput(0, 0, input.substring(at, end)));
      at = end;
    }
    calls.accept(new ReplyEvent.CallEnded(0, 0, null));
    return out;
  }

  private static String text(List<ReplyEvent> events) {
    StringBuilder all = new StringBuilder();
    for (ReplyEvent event : events) {
      if (event instanceof ReplyEvent.CallInput input) {
        all.append(input.text());
      }
    }
    return all.toString();
  }

  @Test
  void aWrappedPatchIsToldRawHoweverItIsCut() {
    Random random = new Random(1);
    String escaped = PATCH.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    String units = escaped.replace("é", "\\u00E9").replace("\ud83d\ude00", "\\ud83d\\ude00");
    String wire = units.replace("\t", "\\t").replace("/", "\\/");
    for (int round = 0; round < 200; round++) {
      for (String input :
          new String[] {
            "{\"input\":\"" + wire + "\"}",
            " {\n \"patch\" : \"" + wire + "\" , \"more\":1}",
            "{\"input\":" + JsonText.quote(PATCH).utf8() + "}",
            PATCH
          }) {
        List<ReplyEvent> events = told(input, CallKind.FUNCTION, CallKind.FUNCTION, random);
        assertThat(text(events)).isEqualTo(PATCH);
        assertThat(events.getFirst())
            .isEqualTo(new ReplyEvent.CallBegun(0, 0, "c", "ApplyPatch", CallKind.FUNCTION));
        assertThat(events.getLast()).isEqualTo(new ReplyEvent.CallEnded(0, 0, null));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{\"a\":7}|{\"a\":7}", "[1]|[1]", "{}|``", "{|``", "{\"a|{\"a", "{\"a\":\"b|b"})
  void whatIsNoWrappedTextStaysAsItIs(String input, String told) {
    assertThat(text(told(input, CallKind.FUNCTION, CallKind.CUSTOM, new Random(3))))
        .isEqualTo(told);
  }

  @Test
  void nativeCustomCallsAndOthersPass() {
    assertThat(told("{\"x\":\"y\"}", CallKind.CUSTOM, CallKind.FUNCTION, new Random(4)))
        .contains(new ReplyEvent.CallBegun(0, 0, "c", "ApplyPatch", CallKind.FUNCTION));
    List<ReplyEvent> out = new ArrayList<>();
    CustomCalls calls = new CustomCalls(Set.of("ApplyPatch"), CallKind.CUSTOM, out::add);
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.CallBegun(0, 0, "c", "read", CallKind.FUNCTION),
            new ReplyEvent.CallInput(0, 0, "{\"input\":\"x\"}"),
            new ReplyEvent.CallEnded(0, 0, null),
            new ReplyEvent.Done());
    events.forEach(calls);
    assertThat(out).isEqualTo(events);
  }

  @Test
  void callsOfCustomToolsAreCustomCalls() {
    Prompt prompt =
        Prompt.builder()
            .tool(new Tool.Custom("ApplyPatch", null, null))
            .turn(
                Turn.of(
                    Role.ASSISTANT,
                    new Part.ToolCall("c", "ApplyPatch", CallKind.FUNCTION, PATCH, null, null)))
            .turn(
                Turn.of(
                    Role.USER,
                    new Part.ToolResult("c", null, CallKind.FUNCTION, List.of(), false, null)))
            .build();
    Prompt restored = CustomCalls.restored(prompt);
    assertThat(restored.turns().getFirst().parts().getFirst())
        .isEqualTo(new Part.ToolCall("c", "ApplyPatch", CallKind.CUSTOM, PATCH, null, null));
    assertThat(((Part.ToolResult) restored.turns().get(1).parts().getFirst()).kind())
        .isEqualTo(CallKind.CUSTOM);
  }
}
