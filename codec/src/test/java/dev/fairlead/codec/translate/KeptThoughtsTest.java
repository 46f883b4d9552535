package dev.fairlead.codec.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.cursor.ModelSuffix;
import dev.fairlead.codec.inspect.RequestInspector;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.KeptThoughts.Thought;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeptThoughtsTest {
  private static final Part.Sealed SEAL =
      new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "EqQBsig", false);

  private long now = 1_000;
  private final KeptThoughts kept = new KeptThoughts(() -> now);

  private static Thought thought(String text) {
    return Thought.of("read_file", List.of(new Part.Thinking(text, SEAL)));
  }

  @Test
  void belongsToWhoeverMadeTheCall() {
    kept.of("vk:a").keep("toolu_1", thought("Hm."));

    assertThat(kept.of("vk:a").find("toolu_1")).isEqualTo(thought("Hm."));
    assertThat(kept.of("vk:b").find("toolu_1")).isNull();
    assertThat(kept.of("vk:a").find("toolu_2")).isNull();
  }

  @Test
  void isForgottenHalfADayAfterItWasAskedForLast() {
    kept.of("vk:a").keep("toolu_1", thought("Hm."));
    now += KeptThoughts.KEPT.toMillis() - 1;
    assertThat(kept.of("vk:a").find("toolu_1")).isNotNull();
    now += KeptThoughts.KEPT.toMillis() - 1;
    assertThat(kept.of("vk:a").find("toolu_1")).isNotNull();
    now += KeptThoughts.KEPT.toMillis();
    assertThat(kept.of("vk:a").find("toolu_1")).isNull();

    kept.of("vk:a").keep("toolu_2", thought("Hm."));
    assertThat(kept.calls()).isEqualTo(1);
  }

  @Test
  void takesNoMoreBytesThanItsBoundAndForgetsTheOldestFirst() {
    String long100k = "x".repeat(100_000);
    for (int i = 0; i < 200; i++) {
      kept.of("vk:a").keep("toolu_" + i, thought(long100k));
      assertThat(kept.bytes()).isLessThanOrEqualTo(KeptThoughts.MOST_BYTES);
    }

    assertThat(kept.calls()).isEqualTo(83);
    assertThat(kept.of("vk:a").find("toolu_199")).isNotNull();
    assertThat(kept.of("vk:a").find("toolu_116")).isNull();
    assertThat(kept.of("vk:a").find("toolu_117")).isNotNull();
  }

  @Test
  void remembersNoMoreCallsThanItsBound() {
    for (int i = 0; i <= KeptThoughts.MOST_CALLS; i++) {
      kept.of("vk:a").keep("call_" + i, Thought.of("t", List.of()));
    }

    assertThat(kept.calls()).isEqualTo(KeptThoughts.MOST_CALLS);
    assertThat(kept.of("vk:a").find("call_0")).isNull();
  }

  @Test
  void keepsOfATooLongThoughtOnlyThatTheCallWasMade() {
    kept.of("vk:a").keep("toolu_1", thought("x".repeat(KeptThoughts.MOST_OF_A_CALL)));

    assertThat(kept.of("vk:a").find("toolu_1")).isEqualTo(Thought.of("read_file", List.of()));
    assertThat(kept.bytes()).isLessThan(1_000);
  }

  @Test
  void keepsWhatStandsBeforeEachCallOfAWholeReply() {
    ThoughtKeeping stage = new ThoughtKeeping(kept.of("vk:a"));
    Part.Sealed own = new Part.Sealed(Dialect.GEMINI, null, "CiQBg", false);
    List<ReplyEvent> reply =
        List.of(
            new ReplyEvent.Opened("msg_1", "m", 0),
            new ReplyEvent.Thinking(0, "Two "),
            new ReplyEvent.Thinking(0, "files."),
            new ReplyEvent.ThinkingSealed(0, SEAL),
            new ReplyEvent.Text(0, "I look."),
            new ReplyEvent.CallBegun(0, 0, "c1", "read_file", CallKind.FUNCTION),
            new ReplyEvent.CallEnded(0, 0, own),
            new ReplyEvent.CallBegun(0, 1, "c2", "read_file", CallKind.FUNCTION),
            new ReplyEvent.CallEnded(0, 1, null));
    reply.forEach(event -> stage.take(event, _ -> {}));
    assertThat(kept.calls()).as("before the reply is whole").isZero();

    stage.take(new ReplyEvent.Finished(0, Stop.TOOLS, null), _ -> {});

    assertThat(kept.of("vk:a").find("c1"))
        .isEqualTo(new Thought("read_file", List.of(new Part.Thinking("Two files.", SEAL)), own));
    assertThat(kept.of("vk:a").find("c2")).isEqualTo(Thought.of("read_file", List.of()));
  }

  /** A call nobody remembers may have had a signature, which is then said to be missing. */
  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      names = {"ANTHROPIC_MESSAGES", "OPENAI_RESPONSES", "GEMINI"})
  void aMissIsAReportedDrop(Dialect dialect) {
    assertThat(dropped(dialect)).contains("thinking.signature");

    kept.of("vk:a").keep("call_1", Thought.of("read_file", List.of()));
    assertThat(dropped(dialect)).doesNotContain("thinking.signature");
  }

  @Test
  void vendorsWithoutSealsMissNothing() {
    assertThat(dropped(Dialect.OLLAMA)).doesNotContain("thinking.signature");
  }

  @Test
  void whatIsFoundStandsWhereItsVendorWantsIt() {
    kept.of("vk:a").keep("call_1", thought("The file says it."));

    String sent = written(Dialect.ANTHROPIC_MESSAGES).body().utf8();

    assertThat(sent)
        .contains(
            "{\"type\":\"thinking\",\"thinking\":\"The file says it.\",\"signature\":\"EqQBsig\"},"
                + "{\"type\":\"text\",\"text\":\"I look.\"}");
  }

  private List<String> dropped(Dialect dialect) {
    return written(dialect).dropped();
  }

  private PromptWriter.Written written(Dialect dialect) {
    String body =
        """
        {"model":"m","reasoning_effort":"high","max_tokens":8000,"messages":[
         {"role":"user","content":"Read it."},
         {"role":"assistant","content":"I look.","tool_calls":[{"id":"call_1","type":"function",
          "function":{"name":"read_file","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"call_1","content":"42"}],
         "tools":[{"type":"function","function":{"name":"read_file","parameters":{"type":"object"}}}]}
        """;
    JsonValue request = RequestInspector.scan(Bytes.utf8(body), Interests.NONE).asValue();
    return new Translation(
            Dialect.OPENAI_CHAT,
            Dialect.OPENAI_CHAT,
            request,
            new ReplyContext("r1", "m", 0, false),
            new ClientWishes(null, false, ModelSuffix.plain("m"), kept.of("vk:a")))
        .into(new PromptWriter.Target("model-1", Quirks.VENDOR), null, Manner.of(dialect))
        .written();
  }
}
