package dev.fairlead.codec.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.Dialects;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.exchange.ReplyReader.Progress;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams in the documented shapes, read whole and cut in every way. */
class StreamsTest {
  private static final Dialect CHAT = Dialect.OPENAI_CHAT;
  private static final Dialect RESPONSES = Dialect.OPENAI_RESPONSES;
  private static final Dialect MESSAGES = Dialect.ANTHROPIC_MESSAGES;

  private static Bytes golden(String name) {
    try (InputStream in = StreamsTest.class.getResourceAsStream("/streams/" + name + ".sse")) {
      return Bytes.of(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReplyReader reader(Dialect dialect) {
    return Dialects.of(dialect).streamReader();
  }

  private static ReplyReader read(Dialect dialect, Bytes stream) {
    ReplyReader reader = reader(dialect);
    reader.feed(stream, part -> {});
    reader.end(part -> {});
    return reader;
  }

  private static ReplyReader read(Dialect dialect, String stream) {
    return read(dialect, Bytes.utf8(stream));
  }

  /** Everything a reader tells. */
  private record Told(
      Progress progress,
      @Nullable Usage usage,
      long generated,
      @Nullable String id,
      @Nullable String model,
      @Nullable String finish,
      @Nullable ProviderError error) {
    static Told by(ReplyReader reader) {
      return new Told(
          reader.progress(),
          reader.usage(),
          reader.generatedBytes(),
          reader.replyId(),
          reader.replyModel(),
          reader.finishReason(),
          reader.error());
    }
  }

  @Test
  void readsAChatStream() {
    Told told = Told.by(read(CHAT, golden("chat-text")));
    assertThat(told)
        .isEqualTo(
            new Told(
                Progress.FINISHED,
                new Usage(20, 100, 0, 0, 30, 12, false),
                30,
                "chatcmpl-1",
                "gpt-5-2025-08-07",
                "stop",
                null));
  }

  @Test
  void readsAChatStreamOfToolCalls() {
    Told told = Told.by(read(CHAT, golden("chat-tools")));
    assertThat(told.progress()).isEqualTo(Progress.FINISHED);
    assertThat(told.finish()).isEqualTo("tool_calls");
    assertThat(told.usage()).isNull();
    assertThat(told.generated()).isGreaterThan(25);
  }

  @Test
  void readsAResponsesStream() {
    assertThat(Told.by(read(RESPONSES, golden("responses-text"))))
        .isEqualTo(
            new Told(
                Progress.FINISHED,
                new Usage(44, 256, 0, 0, 40, 8, false),
                14,
                "resp_1",
                "gpt-5-codex",
                "completed",
                null));
    Told tool = Told.by(read(RESPONSES, golden("responses-tool")));
    assertThat(tool.progress()).isEqualTo(Progress.FINISHED);
    assertThat(tool.finish()).isEqualTo("max_output_tokens");
  }

  @Test
  void readsAMessagesStream() {
    assertThat(Told.by(read(MESSAGES, golden("messages-full"))))
        .isEqualTo(
            new Told(
                Progress.FINISHED,
                new Usage(9, 2000, 100, 400, 77, 0, false),
                45,
                "msg_1",
                "claude-opus-4-6",
                "tool_use",
                null));
  }

  @Test
  void readsErrorsInsideStreams() {
    assertThat(Told.by(read(CHAT, golden("chat-error"))).error())
        .isEqualTo(new ProviderError("overloaded", "The server is overloaded.", 503));
    assertThat(Told.by(read(RESPONSES, golden("responses-failed"))).error())
        .isEqualTo(new ProviderError("rate_limit_exceeded", "Please try again in 11s.", 429));
    assertThat(Told.by(read(MESSAGES, golden("messages-error"))).error())
        .isEqualTo(new ProviderError("overloaded_error", "Overloaded", 529));
    assertThat(
            read(
                    RESPONSES,
                    "event: error\n"
                        + "data:"
                        + " {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"m\"}\n\n")
                .error())
        .isEqualTo(new ProviderError("server_error", "m", 500));
    assertThat(read(CHAT, "data: {\"error\":{\"code\":429,\"message\":\"slow\"}}\n\n").error())
        .isEqualTo(new ProviderError("error", "slow", 429));
    assertThat(
            read(CHAT, "data: {\"object\":\"error\",\"message\":\"no\",\"code\":400}\n\n").error())
        .isEqualTo(new ProviderError("error", "no", 400));
    assertThat(read(CHAT, "data: {\"error\":\"plain\"}\n\n").error())
        .isEqualTo(new ProviderError("error", "plain", 500));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI_CHAT, chat-text",
    "OPENAI_CHAT, chat-tools",
    "OPENAI_CHAT, chat-error",
    "OPENAI_RESPONSES, responses-text",
    "OPENAI_RESPONSES, responses-tool",
    "OPENAI_RESPONSES, responses-failed",
    "ANTHROPIC_MESSAGES, messages-full",
    "ANTHROPIC_MESSAGES, messages-error"
  })
  void tellsTheSameHoweverTheStreamIsCut(Dialect dialect, String name) {
    Bytes lf = golden(name);
    Told whole = Told.by(read(dialect, lf));
    Bytes crlf = Bytes.utf8(lf.utf8().replace("\n", "\r\n"));
    for (Bytes stream : List.of(lf, crlf)) {
      for (int cut = 0; cut <= stream.length(); cut++) {
        assertSame(dialect, stream, whole, cut, stream.length());
      }
      Random random = new Random(11);
      for (int round = 0; round < 300; round++) {
        int[] cuts = random.ints(1 + round % 60, 0, stream.length()).sorted().toArray();
        assertSame(dialect, stream, whole, cuts);
      }
      int[] every = java.util.stream.IntStream.range(1, stream.length()).toArray();
      assertSame(dialect, stream, whole, every);
    }
  }

  private static void assertSame(Dialect dialect, Bytes stream, Told whole, int... cuts) {
    ReplyReader reader = reader(dialect);
    List<Bytes> forwarded = new ArrayList<>();
    Progress before = Progress.NOTHING;
    int at = 0;
    for (int i = 0; i <= cuts.length; i++) {
      int next = i == cuts.length ? stream.length() : cuts[i];
      Progress after = reader.feed(stream.slice(at, next), forwarded::add);
      assertThat(after).isGreaterThanOrEqualTo(before);
      assertThat(reader.midFrame()).isFalse();
      before = after;
      at = next;
    }
    reader.end(forwarded::add);
    assertThat(Told.by(reader)).isEqualTo(whole);
    assertThat(Bytes.concat(forwarded)).isEqualTo(stream);
  }

  /** The progress after each frame. */
  private static String steps(Dialect dialect, Bytes stream) {
    ReplyReader reader = reader(dialect);
    StringBuilder steps = new StringBuilder();
    for (String frame : stream.utf8().strip().split("\n\n", -1)) {
      steps.append(reader.feed(Bytes.utf8(frame + "\n\n"), part -> {}).name().charAt(0));
    }
    return steps.toString();
  }

  @Test
  void knowsFromWhichFrameOnNothingCanTakeOver() {
    assertThat(steps(CHAT, golden("chat-text"))).isEqualTo("OCCCCCCCF");
    assertThat(steps(CHAT, golden("chat-tools"))).isEqualTo("NCCCCCCF");
    assertThat(steps(CHAT, golden("chat-error"))).isEqualTo("OCF");
    assertThat(steps(RESPONSES, golden("responses-text"))).isEqualTo("OOOOOOCCCCF");
    assertThat(steps(RESPONSES, golden("responses-tool"))).isEqualTo("OCCCF");
    assertThat(steps(RESPONSES, golden("responses-failed"))).isEqualTo("OF");
    assertThat(steps(MESSAGES, golden("messages-full"))).isEqualTo("OOOCCCCCCCCCCCCCCCF");
    assertThat(steps(MESSAGES, golden("messages-error"))).isEqualTo("OF");
  }

  @Test
  void takesAStreamWithoutDoneForFinishedOnlyAfterAFinishReason() {
    String text = golden("chat-text").utf8();
    assertThat(read(CHAT, text.replace("data: [DONE]\n\n", "")).progress())
        .isEqualTo(Progress.FINISHED);
    String cut = text.substring(0, text.indexOf("\"finish_reason\":\"stop\""));
    assertThat(read(CHAT, cut).progress()).isEqualTo(Progress.CONTENT);
    assertThat(
            read(MESSAGES, golden("messages-full").utf8().replace("message_stop", "message_sto"))
                .progress())
        .isEqualTo(Progress.CONTENT);
  }

  @Test
  void keepsHalfAFrameBackWhenTheStreamWasCut() {
    Bytes stream = golden("chat-text");
    String text = stream.utf8();
    for (String from : List.of("data: {", "data: [DONE]")) {
      int frame = text.lastIndexOf(from, text.indexOf("\"finish_reason\":\"stop\"") - 400);
      int start = frame < 0 ? text.indexOf(from) : frame;
      List<Bytes> forwarded = new ArrayList<>();
      ReplyReader reader = reader(CHAT);
      reader.feed(Bytes.utf8(text.substring(0, start + from.length())), forwarded::add);
      reader.end(forwarded::add);
      boolean whole = from.contains("DONE");
      assertThat(reader.progress()).isEqualTo(whole ? Progress.FINISHED : Progress.CONTENT);
      assertThat(reader.midFrame()).isEqualTo(whole);
      assertThat(Bytes.concat(forwarded).utf8())
          .isEqualTo(text.substring(0, whole ? start + from.length() : start));
    }
    ReplyReader early = read(CHAT, "data: {\"id\":");
    assertThat(early.progress()).isEqualTo(Progress.NOTHING);
  }

  @Test
  void failsOnGarbageOnlyWhileAnotherTargetCanTakeOver() {
    for (Dialect dialect : List.of(CHAT, RESPONSES, MESSAGES)) {
      ReplyReader early = read(dialect, "data: {\"choices\":[}\n\n");
      assertThat(early.progress()).isEqualTo(Progress.FAILED);
      assertThat(Objects.requireNonNull(early.error()).type()).isEqualTo("malformed_reply");
      assertThat(early.error().status()).isEqualTo(502);
    }
    String text = golden("chat-text").utf8();
    int middle = text.indexOf("data: {", text.indexOf("Hello"));
    StreamReplyReader late = (StreamReplyReader) reader(CHAT);
    late.feed(
        Bytes.utf8(text.substring(0, middle) + "data: garbage\n\n" + text.substring(middle)),
        part -> {});
    assertThat(late.progress()).isEqualTo(Progress.FINISHED);
    assertThat(late.malformedFrames()).isEqualTo(1);
  }

  @Test
  void tellsAnEmptySuccessFromOneWithContent() {
    String opened = golden("chat-text").utf8();
    String empty = opened.substring(0, opened.indexOf("data: {", 10)) + "data: [DONE]\n\n";
    ReplyReader reader = read(CHAT, empty);
    assertThat(reader.progress()).isEqualTo(Progress.FINISHED);
    assertThat(reader.generatedBytes()).isZero();
  }

  @Test
  void seesNewsInAFrameThatLooksLikeTheOnesBefore() {
    String delta =
        "data:"
            + " {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n";
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      stream.append(delta.formatted("\\\"finish_reason\\\":\\\"stop\\\",\\\"usage\\\":{}" + i));
    }
    assertThat(read(CHAT, stream.toString()).progress()).isEqualTo(Progress.CONTENT);
    assertThat(read(CHAT, stream.toString()).finishReason()).isNull();
    ReplyReader finished = read(CHAT, stream + delta.formatted("x").replace("null", "\"length\""));
    assertThat(finished.finishReason()).isEqualTo("length");
    assertThat(finished.progress()).isEqualTo(Progress.FINISHED);
    ReplyReader withUsage =
        read(
            CHAT,
            stream
                + delta
                    .formatted("x")
                    .replace(
                        "\"choices\"",
                        "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4},\"choices\""));
    assertThat(withUsage.usage()).isEqualTo(new Usage(3, 0, 0, 0, 4, 0, false));
  }

  @Test
  void seesNewsAmongFramesThatAllDiffer() {
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      String reason = i == 50 ? "\"stop\"" : i > 50 ? "null" : "\"\"";
      stream.append(
          ("data:"
               + " {\"id\":\"c%d\",\"ts\":\"%d\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"abc\"},\"finish_reason\":%s}]}\n\n")
              .formatted(i, i * 7919L, reason));
    }
    ReplyReader reader = read(CHAT, stream.toString());
    assertThat(reader.finishReason()).isEqualTo("stop");
    assertThat(reader.generatedBytes()).isEqualTo(180);
    assertThat(reader.replyId()).isEqualTo("c0");
    String cut = stream.substring(0, stream.indexOf("\"stop\""));
    ReplyReader failed =
        read(
            CHAT,
            cut.replace("\"ts\":\"0\"", "\"ts\":\"\"") + "x\n\n" + "data: {\"error\":\"no\"}\n\n");
    assertThat(failed.error()).isEqualTo(new ProviderError("error", "no", 500));
  }

  @Test
  void updatesUsageToldWithEveryFrame() {
    StringBuilder stream = new StringBuilder();
    for (int i = 1; i <= 30; i++) {
      stream.append(
          "data:"
              + " {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":"
              + i
              + "}}\n\n");
    }
    ReplyReader reader = read(CHAT, stream.toString());
    assertThat(Objects.requireNonNull(reader.usage()).output()).isEqualTo(30);
    assertThat(reader.generatedBytes()).isEqualTo(30);
  }

  @Test
  void findsUsageInATerminalEventTooLargeToKeep() {
    String created = golden("responses-text").utf8();
    String completed =
        created.replace("\"text\":\"Hello there\"", "\"text\":\"" + "x\\n".repeat(300_000) + "\"");
    ReplyReader reader = read(RESPONSES, completed);
    assertThat(reader.progress()).isEqualTo(Progress.FINISHED);
    assertThat(reader.usage()).isEqualTo(new Usage(44, 256, 0, 0, 40, 8, false));
  }

  @Test
  void normalisesUsageOfLookAlikes() {
    assertThat(
            read(
                    CHAT,
                    "data:"
                        + " {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"prompt_cache_hit_tokens\":4,\"completion_tokens\":5}}\n\n")
                .usage())
        .isEqualTo(new Usage(6, 4, 0, 0, 5, 0, false));
    assertThat(
            read(
                    CHAT,
                    "data:"
                        + " {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":22,\"completion_tokens_details\":{\"reasoning_tokens\":7}}}\n\n")
                .usage())
        .isEqualTo(new Usage(10, 0, 0, 0, 12, 7, false));
    assertThat(
            read(
                    CHAT,
                    "data:"
                        + " {\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}}\n\n")
                .usage())
        .isEqualTo(new Usage(1, 0, 0, 0, 2, 0, false));
    assertThat(
            read(
                    CHAT,
                    "data:"
                        + " {\"choices\":[],\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1e99}}\n\n")
                .usage())
        .isEqualTo(new Usage(0, 0, 0, 0, 0, 0, false));
  }
}
