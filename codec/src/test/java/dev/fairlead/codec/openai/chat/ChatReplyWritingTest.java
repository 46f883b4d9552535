package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChatReplyWritingTest {
  private static final ReplyContext CONTEXT =
      new ReplyContext("0199", "deepseek-chat", 1_760_000_000, true);

  private static List<Bytes> frames(List<ReplyEvent> events, ReplyContext context) {
    ReplyWriter writer = ChatSamples.CODEC.streamWriter(context);
    List<Bytes> frames = new ArrayList<>();
    events.forEach(event -> writer.write(event, frames::add));
    return frames;
  }

  private static String text(List<Bytes> frames) {
    return Bytes.concat(frames).utf8();
  }

  private static String body(List<ReplyEvent> events) {
    ReplyWriter writer = ChatSamples.CODEC.bodyWriter(CONTEXT);
    List<Bytes> out = new ArrayList<>();
    events.forEach(event -> writer.write(event, out::add));
    assertThat(out).hasSize(1);
    return out.getFirst().utf8();
  }

  @Test
  void whatWasReadIsWrittenAsItWas() {
    List<ReplyEvent> events = Folded.stream(ChatSamples.resource("/chat/stream.sse"));
    String fold = Folded.of(events);
    List<Bytes> frames = frames(events, CONTEXT);
    ChunkRules.check(frames, true, true);
    assertThat(Folded.of(Folded.stream(text(frames)))).isEqualTo(fold);
    List<ReplyEvent> whole = Folded.body(ChatSamples.resource("/chat/body.json"));
    assertThat(Folded.of(Folded.body(body(whole)))).isEqualTo(Folded.of(whole));
    assertThat(Folded.of(Folded.body(body(events)))).isEqualTo(Folded.of(whole));
  }

  @Test
  void anotherVendorsReply() {
    Part.Sealed seal = new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "sig", false);
    Part.Sealed signature = new Part.Sealed(Dialect.GEMINI, null, "gs", false);
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.Opened("msg_1", "claude", 0),
            new ReplyEvent.Thinking(0, "Hm"),
            new ReplyEvent.Thinking(0, "m."),
            new ReplyEvent.ThinkingSealed(0, seal),
            new ReplyEvent.Text(0, "Hi"),
            new ReplyEvent.PartEnded(0),
            new ReplyEvent.CallBegun(0, 0, "toolu_1", "f", CallKind.FUNCTION),
            new ReplyEvent.CallEnded(0, 0, signature),
            new ReplyEvent.Finished(0, Stop.TOOLS, null),
            new ReplyEvent.UsageTold(new Usage(5, 3, 2, 0, 7, 0, false)),
            new ReplyEvent.Done());
    List<Bytes> frames = frames(events, CONTEXT);
    ChunkRules.check(frames, true, true);
    assertThat(text(frames))
        .isEqualTo(
            ChatSamples.resource("/chat/written.sse")
                .replace("{SEAL}", Carried.mark(seal))
                .replace("{SIGNATURE}", Carried.mark(signature)));
    // What the client sends back is what the vendor made.
    JsonValue choices = ChatSamples.at(ChatSamples.json(body(events)), "choices");
    JsonValue message = ChatSamples.at(choices.elements().iterator().next(), "message");
    Prompt back = ChatSamples.prompt("{\"messages\":[" + message.raw().utf8() + "]}");
    assertThat(back.turns().getFirst().parts())
        .containsExactly(
            new Part.Thinking("Hmm.", seal),
            Part.Text.of("Hi"),
            new Part.ToolCall("toolu_1", "f", CallKind.FUNCTION, "{}", signature, null));
  }

  @Test
  void failuresAreErrorsWithoutAnEnd() {
    ReplyEvent.Failed failed = new ReplyEvent.Failed("overloaded_error", "Busy.", 529);
    List<Bytes> frames = frames(List.of(new ReplyEvent.Text(0, "a"), failed), CONTEXT);
    ChunkRules.check(frames, true, true);
    assertThat(frames.getLast().utf8())
        .isEqualTo(
            "data: {\"error\":{\"message\":\"Busy.\",\"type\":\"server_error\",\"param\":null,"
                + "\"code\":\"overloaded_error\"}}\n\n");
    assertThat(body(List.of(new ReplyEvent.Text(0, "a"), failed))).startsWith("{\"error\":{");
  }

  @Test
  void whatChatCannotSayIsNamed() {
    ReplyWriter writer = ChatSamples.CODEC.streamWriter(CONTEXT);
    List<ReplyEvent> events =
        List.of(
            new ReplyEvent.ServerCall(0, "x", "web_search", Bytes.utf8("{}")),
            new ReplyEvent.ServerResult(
                0,
                "x",
                "web_search",
                new Foreign(
                    Dialect.ANTHROPIC_MESSAGES, "web_search_tool_result", Bytes.utf8("[]"))),
            new ReplyEvent.Cited(
                0,
                new Citation(
                    null, null, "w", -1, -1, Dialect.ANTHROPIC_MESSAGES, Bytes.utf8("{}"))),
            new ReplyEvent.Logprobs(0, Dialect.GEMINI, Bytes.utf8("{}")));
    List<Bytes> frames = new ArrayList<>();
    events.forEach(event -> writer.write(event, frames::add));
    assertThat(writer.dropped())
        .containsExactly("web_search", "web_search_tool_result", "citations", "logprobs");
    assertThat(frames).hasSize(1);
  }

  @Test
  void whateverEventsComeTheStreamIsLegalAndTheBodyIsJson() {
    Random random = new Random(42);
    for (int round = 0; round < 3000; round++) {
      boolean usage = random.nextBoolean();
      ReplyContext context = new ReplyContext("r", "m", 1, usage);
      List<ReplyEvent> events = new ArrayList<>();
      int length = random.nextInt(30);
      boolean ends = false;
      for (int i = 0; i < length; i++) {
        ReplyEvent event = event(random);
        events.add(event);
        ends |= event instanceof ReplyEvent.Done || event instanceof ReplyEvent.Failed;
      }
      List<Bytes> frames = frames(events, context);
      ChunkRules.check(frames, usage, ends);
      if (ends) {
        String whole = body(events);
        assertThat(Folded.body(whole)).isNotEmpty();
        List<ReplyEvent> again = Folded.stream(text(frames));
        assertThat(Folded.of(again)).doesNotContain("unopened", "and more", "no call", "behind");
      }
    }
  }

  private static <T> T any(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static ReplyEvent event(Random random) {
    int choice = random.nextInt(20) == 0 ? random.nextInt(-2, 200) : random.nextInt(3);
    int call = random.nextInt(4);
    CallKind kind = random.nextBoolean() ? CallKind.FUNCTION : CallKind.CUSTOM;
    Dialect dialect = any(List.of(Dialect.values()), random);
    Bytes raw = Bytes.utf8("{\"a\":\n[1]}");
    String text = random.nextInt(5) == 0 ? "" : "t\n\"\\\u2028" + random.nextInt(100);
    Part.Sealed seal =
        dialect == Dialect.OPENAI_CHAT
            ? new Part.Sealed(dialect, null, "[{\"type\":\"reasoning.text\"}]", false)
            : new Part.Sealed(dialect, "i", "p", random.nextBoolean());
    return switch (random.nextInt(22)) {
      case 0 -> new ReplyEvent.Opened(random.nextBoolean() ? "id" : null, null, 0);
      case 1, 2, 3 -> new ReplyEvent.Text(choice, text);
      case 4 -> new ReplyEvent.Refusal(choice, text);
      case 5, 6 -> new ReplyEvent.Thinking(choice, text);
      case 7 -> new ReplyEvent.ThinkingSealed(choice, seal);
      case 8, 9, 10 -> new ReplyEvent.CallBegun(choice, call, "id" + call, "f", kind);
      case 11, 12 -> new ReplyEvent.CallInput(choice, call, text);
      case 13 -> new ReplyEvent.CallEnded(choice, call, random.nextBoolean() ? seal : null);
      case 14 -> new ReplyEvent.Image(choice, "image/png", Bytes.utf8("AAAA"));
      case 15 -> new ReplyEvent.Cited(choice, new Citation("u", null, null, 0, 1, dialect, raw));
      case 16 -> new ReplyEvent.Logprobs(choice, dialect, raw);
      case 17 -> new ReplyEvent.UsageTold(Usage.NONE);
      case 18 -> new ReplyEvent.Finished(choice, any(List.of(Stop.values()), random), null);
      case 19 ->
          new ReplyEvent.Other(
              new Foreign(
                  dialect,
                  any(
                      List.of(
                          "model", "x", "delta.content", "delta.y", "choices.index", "choices.z"),
                      random),
                  raw));
      case 20 -> new ReplyEvent.PartEnded(choice);
      default ->
          random.nextBoolean() ? new ReplyEvent.Done() : new ReplyEvent.Failed("t", "m", 500);
    };
  }
}
