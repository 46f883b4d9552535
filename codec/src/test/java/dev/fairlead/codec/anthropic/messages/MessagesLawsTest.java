package dev.fairlead.codec.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The laws of translation on generated prompts and events, with fixed seeds. */
class MessagesLawsTest {
  private static final MessagesCodec CODEC = new MessagesCodec();
  private static final int ROUNDS = 600;
  private static final List<String> MODELS =
      List.of(
          "claude-3-haiku-20240307",
          "claude-3-7-sonnet-latest",
          "claude-sonnet-4-5",
          "anthropic/claude-opus-4.6",
          "claude-opus-4-7",
          "claude-fable-5",
          "kimi-k2");

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String word(Random random) {
    return pick(
        random,
        List.of("", " ", "a", "b\"c", "é\n€", "😀", "two words", "trailing  \n", "\u0007\u2028"));
  }

  private static @Nullable CacheMark mark(Random random) {
    return random.nextInt(12) == 0
        ? pick(random, List.of(CacheMark.FIVE_MINUTES, CacheMark.ONE_HOUR))
        : null;
  }

  private static Part anyPart(Random random, int depth) {
    Dialect dialect = pick(random, List.of(Dialect.ANTHROPIC_MESSAGES, Dialect.GEMINI));
    String id = pick(random, List.of("1", "2", "3|x", "4", "", "5.5"));
    return switch (random.nextInt(depth > 0 ? 12 : 9)) {
      case 0, 1, 2 ->
          new Part.Text(
              word(random),
              random.nextInt(9) == 0
                  ? List.of(new Citation("u", null, "t", 0, 1, dialect, Bytes.utf8("{\"a\":1}")))
                  : List.of(),
              mark(random));
      case 3 -> new Part.Refusal(word(random));
      case 4 -> new Part.Image(new Part.Source.Url("data:image/png;base64,AA=="), "low", null);
      case 5 ->
          new Part.Document(
              new Part.Source.Inline("application/pdf", Bytes.utf8("AA\"=")),
              word(random),
              null,
              random.nextBoolean(),
              mark(random));
      case 6 ->
          new Part.Thinking(
              word(random),
              random.nextInt(3) == 0
                  ? null
                  : new Part.Sealed(dialect, null, "sig", random.nextBoolean()));
      case 7 ->
          new Part.Other(
              new Foreign(dialect, "odd", Bytes.utf8("{\"type\":\"odd\",\"n\":[1,{}]}")), null);
      case 8 -> new Part.Document(new Part.Source.PlainText("plain"), null, "c", false, null);
      case 9, 10 ->
          new Part.ToolCall(
              id,
              pick(random, List.of("f", "g.h", "")),
              pick(random, List.of(CallKind.FUNCTION, CallKind.CUSTOM)),
              pick(random, List.of("", "{}", "{\"a\":[1,2]}", "[1]", "{\"", "null", "x")),
              null,
              mark(random));
      default -> {
        List<Part> content = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
          content.add(anyPart(random, 0));
        }
        yield new Part.ToolResult(
            id, null, CallKind.FUNCTION, content, random.nextBoolean(), mark(random));
      }
    };
  }

  private static Prompt anyPrompt(Random random) {
    PromptBuilder prompt = Prompt.builder();
    for (int i = random.nextInt(9); i > 0; i--) {
      List<Part> parts = new ArrayList<>();
      for (int j = random.nextInt(5); j > 0; j--) {
        parts.add(anyPart(random, 1));
      }
      prompt.turn(
          new Turn(pick(random, List.of(Turn.Role.values())), parts, i == 7 ? "Ann" : null));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      Bytes schema = pick(random, List.of(Bytes.utf8("{}"), Bytes.utf8("{\"a\":1}")));
      prompt.tool(
          switch (random.nextInt(4)) {
            case 0 -> new Tool.Function("f", word(random), schema, true, mark(random));
            case 1 -> new Tool.Custom("g.h", null, Bytes.utf8("{\"type\":\"text\"}"));
            case 2 -> new Tool.WebSearch("ws", List.of("a"), List.of("b"), 2L, null);
            default ->
                new Tool.Other("x", new Foreign(Dialect.OPENAI_RESPONSES, "local_shell", schema));
          });
    }
    prompt.toolChoice(
        switch (random.nextInt(8)) {
          case 0 -> new ToolChoice.Auto();
          case 1 -> new ToolChoice.None();
          case 2 -> new ToolChoice.Required();
          case 3 -> new ToolChoice.Named("f", CallKind.FUNCTION);
          case 4 -> new ToolChoice.Among(List.of("f"), random.nextBoolean());
          default -> null;
        });
    prompt.parallelTools(pick(random, List.of(true, false)));
    if (random.nextBoolean()) {
      prompt.maxOutputTokens(pick(random, List.of(1L, 500L, 1500L, 30_000L)));
    }
    if (random.nextBoolean()) {
      prompt.reasoning(
          new Reasoning(
              pick(random, List.of(Reasoning.Mode.values())),
              random.nextBoolean() ? pick(random, List.of(Reasoning.Effort.values())) : null,
              random.nextBoolean() ? pick(random, List.of(0L, 2000L, 90_000L)) : null,
              random.nextBoolean()));
    }
    if (random.nextBoolean()) {
      prompt.sampling(
          new Sampling(
              new BigDecimal("1.7"),
              new BigDecimal("0.5"),
              4L,
              BigDecimal.ONE,
              null,
              3L,
              List.of(" ", "stop")));
    }
    if (random.nextInt(4) == 0) {
      prompt.format(new OutputFormat.JsonObject());
    }
    return prompt.build();
  }

  @Test
  void whateverIsAskedForBecomesALegalRequest() {
    Random random = new Random(20261121);
    for (int i = 0; i < ROUNDS; i++) {
      Prompt prompt = anyPrompt(random);
      for (String model : MODELS) {
        PromptWriter.Target target = new PromptWriter.Target(model, Quirks.VENDOR);
        PromptWriter.Written written = CODEC.promptWriter().write(prompt, target);
        LegalMessages.request(written.body());
        assertThat(written.dropped()).doesNotHaveDuplicates();
        assertThat(CODEC.promptWriter().write(prompt, target)).isEqualTo(written);
        // What was made legal stays as it is.
        Prompt read = CODEC.promptReader().read(LegalMessages.json(written.body()));
        Prompt again =
            CODEC
                .promptReader()
                .read(LegalMessages.json(CODEC.promptWriter().write(read, target).body()));
        assertThat(MessagesPromptTest.inOrder(again)).isEqualTo(MessagesPromptTest.inOrder(read));
      }
    }
  }

  private static ReplyEvent anyEvent(Random random) {
    int choice = random.nextInt(12) == 0 ? 1 : 0;
    int call = random.nextInt(4);
    Dialect dialect =
        pick(random, List.of(Dialect.ANTHROPIC_MESSAGES, Dialect.OPENAI_CHAT, Dialect.GEMINI));
    Bytes page = Bytes.utf8("{\"web\":{\"uri\":\"https://x\",\n\"title\":\"X\"}}");
    return switch (random.nextInt(24)) {
      case 0 -> new ReplyEvent.Opened("x", null, 0);
      case 1, 2, 3 -> new ReplyEvent.Text(choice, word(random));
      case 4 -> new ReplyEvent.Refusal(choice, word(random));
      case 5, 6 -> new ReplyEvent.Thinking(choice, word(random));
      case 7 ->
          new ReplyEvent.ThinkingSealed(
              choice, new Part.Sealed(dialect, "id", "p", random.nextBoolean()));
      case 8, 9, 10 ->
          new ReplyEvent.CallBegun(
              choice,
              call,
              pick(random, List.of("", "a|b", "c")),
              "f",
              pick(random, List.of(CallKind.values())));
      case 11, 12, 13 ->
          new ReplyEvent.CallInput(
              choice, call, pick(random, List.of("{", "}", "{\"a\":1}", "[", " ", "x\"\n")));
      case 14, 15 -> new ReplyEvent.CallEnded(choice, call, null);
      case 16 ->
          new ReplyEvent.ServerCall(
              choice,
              pick(random, List.of("s", "srvtoolu_1")),
              pick(random, List.of("web_search", "google_search", "code_interpreter")),
              Bytes.utf8("{\n}"));
      case 17 ->
          new ReplyEvent.ServerResult(choice, "s", "web_search", new Foreign(dialect, "r", page));
      case 18 -> new ReplyEvent.Cited(choice, new Citation("u", null, null, 0, 1, dialect, page));
      case 19 -> new ReplyEvent.PartEnded(choice);
      case 20 ->
          new ReplyEvent.Other(
              new Foreign(
                  dialect,
                  pick(random, List.of("mcp_tool_use", "message_delta.container", "event.x")),
                  Bytes.utf8("{\"type\":\"mcp_tool_use\",\"id\":\"m\",\n\"input\":{\"a\":\n1}}")));
      case 21 -> new ReplyEvent.UsageTold(new Usage(1, 2, 3, 4, 5, 0, false));
      case 22 -> new ReplyEvent.Image(choice, "image/png", Bytes.utf8("AA"));
      default ->
          random.nextInt(4) == 0
              ? new ReplyEvent.Finished(choice, pick(random, List.of(Stop.values())), "s")
              : new ReplyEvent.Logprobs(choice, dialect, page);
    };
  }

  @Test
  void whateverHappensIsToldAsALegalStreamAndBody() {
    Random random = new Random(7);
    for (int i = 0; i < ROUNDS * 5; i++) {
      List<ReplyEvent> events = new ArrayList<>();
      for (int j = random.nextInt(25); j > 0; j--) {
        events.add(anyEvent(random));
      }
      boolean ended = random.nextInt(5) > 0;
      if (ended) {
        events.add(
            random.nextInt(5) > 0
                ? new ReplyEvent.Done()
                : new ReplyEvent.Failed("x", "Broken.", 500));
        events.add(anyEvent(random));
      }
      List<Bytes> frames = MessagesReplyTest.writeStream(events);
      LegalMessages.stream(frames, ended);
      if (ended) {
        JsonValue body = LegalMessages.json(MessagesReplyTest.writeBody(events));
        if (LegalMessages.at(body, "type").is("message")) {
          assertThat(LegalMessages.text(body, "stop_reason")).isNotEmpty();
          for (JsonValue block : LegalMessages.at(body, "content").elements()) {
            JsonValue input = block.get("input");
            assertThat(input == null || input.type() == JsonType.OBJECT).isTrue();
          }
        }
      }
    }
  }

  private static String anyFrame(Random random) {
    int index = random.nextInt(3);
    String block =
        pick(
            random,
            List.of(
                "{\"type\":\"text\",\"text\":\"x\",\"citations\":[{},3]}",
                "{\"type\":\"thinking\",\"thinking\":null}",
                "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":\"{}\"}",
                "{\"type\":\"tool_use\"}",
                "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\"}",
                "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[]}",
                "{\"type\":\"redacted_thinking\",\"data\":\"d\"}",
                "{\"type\":\"novel\",\"input\":{}}",
                "{}",
                "7"));
    String delta =
        pick(
            random,
            List.of(
                "{\"type\":\"text_delta\",\"text\":\"t\"}",
                "{\"type\":\"thinking_delta\",\"thinking\":\"h\"}",
                "{\"type\":\"signature_delta\",\"signature\":\"s\"}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}",
                "{\"type\":\"citations_delta\",\"citation\":{\"url\":\"u\"}}",
                "{\"type\":\"odd_delta\"}",
                "null"));
    return switch (random.nextInt(12)) {
      case 0 -> "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"usage\":{}}}";
      case 1, 2, 3 ->
          "{\"type\":\"content_block_start\",\"index\":"
              + index
              + ",\"content_block\":"
              + block
              + "}";
      case 4, 5, 6, 7 ->
          "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}";
      case 8, 9 -> "{\"type\":\"content_block_stop\",\"index\":" + index + "}";
      case 10 ->
          random.nextInt(3) > 0
              ? "{\"type\":\"novel\",\"x\":" + JsonText.quote(word(random)).utf8() + "}"
              : "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                  + "\"usage\":{\"output_tokens\":-4}}";
      default ->
          random.nextInt(6) > 0
              ? "{}"
              : pick(
                  random,
                  List.of("{\"type\":\"message_stop\"}", "{\"type\":\"error\",\"error\":\"x\"}"));
    };
  }

  @Test
  void whateverTheProviderSendsKeepsTheGrammar() {
    Random random = new Random(99);
    for (int i = 0; i < ROUNDS * 5; i++) {
      List<ReplyEvent> events = new ArrayList<>();
      StreamEvents reader = CODEC.streamEvents();
      for (int j = random.nextInt(30); j > 0; j--) {
        reader.frame(Bytes.EMPTY, Bytes.utf8(anyFrame(random)), events::add);
      }
      reader.end(events::add);
      grammar(events);
      LegalMessages.stream(
          MessagesReplyTest.writeStream(events),
          !events.isEmpty()
              && (events.get(events.size() - 1) instanceof ReplyEvent.Done
                  || events.get(events.size() - 1) instanceof ReplyEvent.Failed));
    }
  }

  private static void grammar(List<ReplyEvent> events) {
    boolean finished = false;
    int calls = 0;
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      ReplyEvent event = events.get(i);
      assertThat(event instanceof ReplyEvent.Opened).isEqualTo(i == 0);
      boolean last = i == events.size() - 1;
      switch (event) {
        case ReplyEvent.Text text -> assertThat(text.text()).isNotEmpty();
        case ReplyEvent.CallBegun begun -> {
          assertThat(begun.call()).isEqualTo(calls++);
          assertThat(begun.id()).isNotEmpty();
          open.add(begun.call());
        }
        case ReplyEvent.CallInput input -> assertThat(open).contains(input.call());
        case ReplyEvent.CallEnded ended ->
            assertThat(open.remove(Integer.valueOf(ended.call()))).isTrue();
        case ReplyEvent.Finished _ -> {
          assertThat(finished).isFalse();
          assertThat(open).isEmpty();
          finished = true;
        }
        case ReplyEvent.Done _ -> {
          assertThat(finished).isTrue();
          assertThat(last).isTrue();
        }
        case ReplyEvent.Failed _ -> assertThat(last).isTrue();
        default -> {}
      }
    }
  }
}
