package dev.fairlead.codec.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintedCallsTest {
  private static final List<Tool> TOOLS =
      List.of(
          new Tool.Function(
              "search",
              "Searches",
              Bytes.utf8(
                  "{\"type\":\"object\",\"properties\":{\"q\":{\"type\":\"string\"},"
                      + "\"n\":{\"type\":\"integer\"}}}"),
              null,
              null),
          new Tool.Function("now", null, null, null, null),
          new Tool.Custom("patch", null, null));

  /** What comes of text that comes in {@code pieces}: text joined, calls in words. */
  private static List<String> events(Stop stop, List<String> pieces) {
    PrintedCalls filter = new PrintedCalls(TOOLS);
    List<ReplyEvent> events = new ArrayList<>();
    filter.accept(new ReplyEvent.Opened("r1", "m", 0), events::add);
    pieces.forEach(piece -> filter.accept(new ReplyEvent.Text(0, piece), events::add));
    filter.accept(new ReplyEvent.Finished(0, stop, null), events::add);
    filter.accept(new ReplyEvent.Done(), events::add);
    return words(events);
  }

  private static List<String> words(List<ReplyEvent> events) {
    List<String> words = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (ReplyEvent event : events) {
      if (event instanceof ReplyEvent.Text said) {
        assertThat(said.text()).isNotEmpty();
        text.append(said.text());
        continue;
      }
      if (!text.isEmpty()) {
        words.add("text " + text);
        text.setLength(0);
      }
      switch (event) {
        case ReplyEvent.CallBegun begun -> words.add(begun.call() + " " + begun.name());
        case ReplyEvent.CallInput input -> words.add(input.call() + " " + input.text());
        case ReplyEvent.CallEnded ended -> words.add(ended.call() + " end");
        case ReplyEvent.Finished finished -> words.add(finished.stop().toString());
        default -> {}
      }
    }
    return words;
  }

  private static List<String> whole(String text) {
    return events(Stop.END, List.of(text));
  }

  /** However the text is cut, the same comes of it. */
  private static void assertRead(String text, String... expected) {
    assertThat(whole(text)).as("whole").containsExactly(expected);
    List<String> single = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      single.add(text.substring(i, i + 1));
    }
    assertThat(events(Stop.END, single)).as("by characters").containsExactly(expected);
    Random random = new Random(text.length());
    for (int round = 0; round < 20; round++) {
      List<String> pieces = new ArrayList<>();
      for (int at = 0; at < text.length(); ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(9));
        pieces.add(text.substring(at, next));
        at = next;
      }
      assertThat(events(Stop.END, pieces)).as("in pieces").containsExactly(expected);
    }
  }

  private static final String SEARCH = "{\"q\":\"x\"}";

  @Test
  void readsOurOwnForm() {
    assertRead(
        "Let me see.\n"
            + "<tool_call>\n"
            + "{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}}\n"
            + "</tool_call>\n",
        "text Let me see.\n",
        "0 search",
        "0 {\"q\":\"x\"}",
        "0 end",
        "TOOLS");
  }

  @Test
  void readsSeveralCallsAndTextBetween() {
    assertRead(
        "<tool_call>{\"name\":\"search\",\"arguments\":{\"q\":\"</tool_call>\"}}</tool_call>\n"
            + "<tool_call>{\"arguments\":{},\"name\":\"now\"}</tool_call> and <b>so</b> on",
        "0 search",
        "0 {\"q\":\"</tool_call>\"}",
        "0 end",
        "1 now",
        "1 {}",
        "1 end",
        "text  and <b>so</b> on",
        "TOOLS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<function_call>{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}</function_call>",
        "<tool_call>[{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}]</tool_call>",
        "<tool_call>{\"name\":\"search\",\"arguments\":\"{\\\"q\\\":\\\"x\\\"}\"}</tool_call>",
        "<tool_call>{\"function\":{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}}</tool_call>",
        "<tool_call>{\"id\":\"1\",\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}</tool_call>",
        "```json\n{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}}\n```",
        "```\n{\"name\": \"search\", \"parameters\": {\"q\": \"x\"}}\n```\n",
        "```tool_call\n{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}}```",
        "<function=search>{\"q\": \"x\"}</function>",
        "<tool_call>\n<function=search>\n<parameter=q>\nx\n</parameter>\n</function>\n</tool_call>",
        "<function=\"search\"><parameter=q>x</function>",
        "[TOOL_CALLS][{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}]",
        "[TOOL_CALLS] [{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}]</s>",
        "[TOOL_CALLS]search[ARGS]{\"q\":\"x\"}",
        "[TOOL_CALLS]search[CALL_ID]ab12[ARGS]{\"q\":\"x\"}",
        "[TOOL_CALLS]search{\"q\":\"x\"}",
        "<|python_tag|>{\"type\":\"function\",\"name\":\"search\",\"parameters\":{\"q\":\"x\"}}<|eom_id|>",
        "{\"name\": \"search\", \"parameters\": {\"q\": \"x\"}}",
        "{\"type\":\"function\",\"function\":{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}}",
        // Slightly broken.
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\",},}</tool_call>",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}</tool_call>",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\"</tool_call>",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}}",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}}</tool",
        "<tool_call>{'name': 'search', 'arguments': {'q': 'x'}}</tool_call>",
        "<tool_call>{name: \"search\", arguments: {q: \"x\"}}</tool_call>",
        "```json\n{\"name\": \"search\", \"arguments\": {\"q\": \"x\"}\n```",
        "<function=search>{'q': 'x',}</function>",
        "<function=search>\n<parameter=q>\nx\n"
      })
  void readsWhatModelsPrint(String text) {
    List<String> read = whole(text);
    assertThat(read.stream().filter(word -> !word.isBlank()).toList())
        .containsExactly("0 search", "0 " + SEARCH, "0 end", "TOOLS");
    String[] expected = read.toArray(String[]::new);
    assertRead(text, expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a < b && c <tool> [1, 2] `x` ```java\nint a;\n``` done",
        "<tool_call>{\"name\":\"rm\",\"arguments\":{}}</tool_call>",
        "<tool_call>{\"name\":\"searching\",\"arguments\":{}}</tool_call>",
        "<tool_call>no json</tool_call>",
        "<tool_call>{\"name\":\"search\",\"arguments\":{\"q\":\"unfinished",
        "<tool_call>",
        "<tool_call>{\"name\":\"sea",
        "<function=rm>{}</function>",
        "<function=search>nothing",
        "[TOOL_CALLS]",
        "[TOOL_CALLS]rm{}",
        "[TOOL_CALLING]",
        "<|python_tag|>import os",
        "{\"name\":\"Bob\",\"age\":3}",
        "{\"name\":\"search\",\"age\":3}",
        "{\"name\":\"search\"}",
        "```json\n{\"name\":\"search\"}\n```",
        "```json\n{\"name\":\"package\",\"arguments\":1}\n```\nmore",
        "see: {\"name\":\"search\",\"arguments\":{\"q\":\"x\"}}",
        "```python\nprint({\"name\":\"search\"})\n```",
        "ends with a tag <",
        "ends with `",
        "\n\n"
      })
  void everythingElseStaysText(String text) {
    if (text.equals("<function=search>nothing")) {
      // A tag of ours without arguments is a call without arguments.
      assertRead(text, "0 search", "0 {}", "0 end", "TOOLS");
    } else {
      assertRead(text, "text " + text, "END");
    }
  }

  @Test
  void aCallBehindSomethingThatIsNone() {
    assertRead(
        "```json\n<tool_call>{\"name\":\"now\",\"arguments\":{}}</tool_call>",
        "text ```json\n",
        "0 now",
        "0 {}",
        "0 end",
        "TOOLS");
    assertRead(
        "<tool_call><tool_call>{\"name\":\"now\"}</tool_call>",
        "text <tool_call>",
        "0 now",
        "0 {}",
        "0 end",
        "TOOLS");
  }

  @Test
  void parametersHaveTheTypesOfTheirSchema() {
    assertRead(
        "<function=search><parameter=q>12</parameter><parameter=n>12</parameter>"
            + "<parameter=o>{\"a\": [1]}</parameter><parameter=p>\n a b\n\n</parameter></function>",
        "0 search",
        "0 {\"q\":\"12\",\"n\":12,\"o\":{\"a\":[1]},\"p\":\" a b\\n\"}",
        "0 end",
        "TOOLS");
  }

  @Test
  void aToolOfFreeTextGetsItsText() {
    PrintedCalls filter = new PrintedCalls(TOOLS);
    List<ReplyEvent> events = new ArrayList<>();
    filter.accept(
        new ReplyEvent.Text(
            0,
            "<tool_call>{\"name\":\"patch\",\"arguments\":{\"input\":\"*** a\\n\"}}</tool_call>"),
        events::add);
    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            ReplyEvent.CallBegun.class,
            begun -> assertThat(begun.kind()).isEqualTo(CallKind.CUSTOM));
    assertThat(events.get(1)).isEqualTo(new ReplyEvent.CallInput(0, 0, "*** a\n"));
  }

  @Test
  void textThatCannotBecomeACallLeavesAtOnce() {
    PrintedCalls filter = new PrintedCalls(TOOLS);
    List<ReplyEvent> events = new ArrayList<>();
    String[] pieces = {"Hello ", "wor<", "ld>", "<tool_", "box>", "```ja", "va\n", "{\"name\":"};
    String[] said = {"Hello ", "wor", "<ld>", "", "<tool_box>", "```ja", "va\n", "{\"name\":"};
    for (int i = 0; i < pieces.length; i++) {
      events.clear();
      filter.accept(new ReplyEvent.Text(0, pieces[i]), events::add);
      StringBuilder now = new StringBuilder();
      events.forEach(event -> now.append(((ReplyEvent.Text) event).text()));
      assertThat(now.toString()).as("piece " + i).isEqualTo(said[i]);
    }
  }

  @Test
  void aCallLeavesWhenItsObjectEnds() {
    PrintedCalls filter = new PrintedCalls(TOOLS);
    List<ReplyEvent> events = new ArrayList<>();
    filter.accept(
        new ReplyEvent.Text(0, "<tool_call>{\"name\":\"now\",\"arguments\":{}}"), events::add);
    assertThat(words(events)).containsExactly("0 now", "0 {}", "0 end");
  }

  @Test
  void whatTheTokenLimitCutIsNoCall() {
    String text = "<tool_call>{\"name\":\"search\",\"arguments\":{\"q\":\"x\"";
    assertThat(events(Stop.LENGTH, List.of(text))).containsExactly("text " + text, "LENGTH");
  }

  @Test
  void callsOfTheProviderAreNumberedAmongThePrinted() {
    PrintedCalls filter = new PrintedCalls(TOOLS);
    List<ReplyEvent> events = new ArrayList<>();
    filter.accept(new ReplyEvent.Text(0, "<function=now></function>"), events::add);
    filter.accept(new ReplyEvent.CallBegun(0, 0, "c", "search", CallKind.FUNCTION), events::add);
    filter.accept(new ReplyEvent.CallInput(0, 0, "{}"), events::add);
    filter.accept(new ReplyEvent.CallEnded(0, 0, null), events::add);
    assertThat(words(events))
        .containsExactly("0 now", "0 {}", "0 end", "1 search", "1 {}", "1 end");
  }

  @Test
  void choicesAreReadApart() {
    PrintedCalls filter = new PrintedCalls(TOOLS);
    List<ReplyEvent> events = new ArrayList<>();
    filter.accept(new ReplyEvent.Text(0, "<function=n"), events::add);
    filter.accept(new ReplyEvent.Text(1, "other"), events::add);
    filter.accept(new ReplyEvent.Text(0, "ow></function>"), events::add);
    filter.accept(new ReplyEvent.Finished(1, Stop.END, null), events::add);
    filter.accept(new ReplyEvent.Finished(0, Stop.END, null), events::add);
    assertThat(events)
        .contains(
            new ReplyEvent.Text(1, "other"),
            new ReplyEvent.Finished(1, Stop.END, null),
            new ReplyEvent.Finished(0, Stop.TOOLS, null));
  }

  @Test
  void withoutToolsNothingIsTouched() {
    PrintedCalls filter = new PrintedCalls(List.of());
    List<ReplyEvent> events = new ArrayList<>();
    ReplyEvent text = new ReplyEvent.Text(0, "<tool_call>{");
    filter.accept(text, events::add);
    assertThat(events).containsExactly(text);
  }

  /** Nothing is lost and nothing fails, whatever a model prints. */
  @Test
  void anyTextComesThrough() {
    String[] words = {
      "<tool_call>",
      "</tool_call>",
      "{",
      "}",
      "[",
      "]",
      "\"",
      "'",
      "name",
      ":",
      ",",
      "search",
      "\"name\":",
      "\"search\"",
      "\"arguments\":",
      "```",
      "json",
      "\n",
      " ",
      "<function=",
      "now>",
      "</function>",
      "[TOOL_CALLS]",
      "\\",
      "1",
      "<parameter=q>",
      "<|python_tag|>"
    };
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      List<String> pieces = new ArrayList<>();
      for (int i = random.nextInt(14); i >= 0; i--) {
        pieces.add(words[random.nextInt(words.length)]);
      }
      List<String> read = events(Stop.END, pieces);
      String all = String.join("", pieces);
      assertThat(read).as(all).isEqualTo(whole(all));
      if (read.getLast().equals("END")) {
        assertThat(read.size() > 1 ? read.getFirst() : "text ").isEqualTo("text " + all);
      }
    }
  }
}
