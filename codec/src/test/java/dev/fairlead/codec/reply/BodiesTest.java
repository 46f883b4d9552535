package dev.fairlead.codec.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.Dialects;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.exchange.ReplyReader.Progress;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
  private static final String CHAT =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"model\":\"gpt-5\",\"choices\":[{\"index\":0,\"message\":"
          + "{\"role\":\"assistant\",\"content\":\"Hello\",\"refusal\":null},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}";

  private static ReplyReader read(Dialect dialect, String body) {
    ReplyReader reader = Dialects.of(dialect).bodyReader();
    reader.feed(Bytes.utf8(body), part -> {});
    reader.end(part -> {});
    return reader;
  }

  @Test
  void readsAChatReplyHoweverItIsCut() {
    Bytes body = Bytes.utf8(CHAT);
    for (int cut = 0; cut <= body.length(); cut++) {
      for (int size : new int[] {1, 7, 1000}) {
        ReplyReader reader = Dialects.of(Dialect.OPENAI_CHAT).bodyReader();
        List<Bytes> forwarded = new ArrayList<>();
        reader.feed(body.slice(0, cut), forwarded::add);
        for (int at = cut; at < body.length(); at += size) {
          reader.feed(body.slice(at, Math.min(body.length(), at + size)), forwarded::add);
        }
        assertThat(reader.progress()).isEqualTo(Progress.OPENED);
        assertThat(reader.midFrame()).isTrue();
        assertThat(Bytes.concat(forwarded)).isEqualTo(body);
        assertThat(reader.end(forwarded::add)).isEqualTo(Progress.FINISHED);
        assertThat(reader.usage()).isEqualTo(new Usage(9, 0, 0, 0, 2, 0, false));
        assertThat(reader.generatedBytes()).isEqualTo(5);
        assertThat(reader.replyId()).isEqualTo("chatcmpl-1");
        assertThat(reader.replyModel()).isEqualTo("gpt-5");
        assertThat(reader.finishReason()).isEqualTo("stop");
      }
    }
  }

  @Test
  void readsResponsesMessagesAndEmbeddings() {
    ReplyReader responses =
        read(
            Dialect.OPENAI_RESPONSES,
            "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"incomplete\",\"error\":null,\"incomplete_details\":{\"reason\":"
                + "\"max_output_tokens\"},\"model\":\"gpt-5\",\"output\":[{\"type\":\"reasoning\",\"summary\":[]},{\"type\":\"message\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}],\"usage\":{\"input_tokens\":5,\"output_tokens\":3}}");
    assertThat(responses.progress()).isEqualTo(Progress.FINISHED);
    assertThat(responses.finishReason()).isEqualTo("max_output_tokens");
    assertThat(responses.generatedBytes()).isEqualTo(2);
    assertThat(responses.usage()).isEqualTo(new Usage(5, 0, 0, 0, 3, 0, false));

    ReplyReader message =
        read(
            Dialect.ANTHROPIC_MESSAGES,
            "{\"id\":\"msg_1\",\"type\":\"message\",\"model\":\"claude\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},{\"type\":"
                + "\"tool_use\",\"id\":\"t\",\"name\":\"Read\",\"input\":{\"a\":1}}],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":"
                + "3,\"cache_creation_input_tokens\":10,\"output_tokens\":4,\"iterations\":[{\"type\":\"compaction\",\"input_tokens\":"
                + "100,\"output_tokens\":50},{\"type\":\"message\",\"input_tokens\":3,\"output_tokens\":4}]}}");
    assertThat(message.usage()).isEqualTo(new Usage(103, 0, 10, 0, 54, 0, false));
    assertThat(message.finishReason()).isEqualTo("tool_use");
    assertThat(message.generatedBytes()).isEqualTo(2 + 4 + 7);

    ReplyReader embeddings =
        read(
            Dialect.OPENAI_EMBEDDINGS,
            "{\"object\":\"list\",\"data\":[{\"embedding\":[0.1]}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
    assertThat(embeddings.progress()).isEqualTo(Progress.FINISHED);
    assertThat(embeddings.usage()).isEqualTo(new Usage(7, 0, 0, 0, 0, 0, false));

    ReplyReader count = read(Dialect.ANTHROPIC_MESSAGES, "{\"input_tokens\":14}");
    assertThat(count.progress()).isEqualTo(Progress.FINISHED);
    assertThat(count.usage()).isNull();

    ReplyReader background =
        read(Dialect.OPENAI_RESPONSES, "{\"id\":\"r\",\"status\":\"queued\",\"output\":[]}");
    assertThat(background.generatedBytes()).isPositive();
  }

  @Test
  void showsAnEmptySuccessByItsMissingContent() {
    ReplyReader empty = read(Dialect.OPENAI_CHAT, CHAT.replace("\"Hello\"", "\"\""));
    assertThat(empty.progress()).isEqualTo(Progress.FINISHED);
    assertThat(empty.generatedBytes()).isZero();
    ReplyReader none =
        read(
            Dialect.ANTHROPIC_MESSAGES,
            "{\"type\":\"message\",\"content\":[],\"stop_reason\":\"end_turn\"}");
    assertThat(none.progress()).isEqualTo(Progress.FINISHED);
    assertThat(none.generatedBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "<html>oops</html>",
        "null",
        "[1]",
        "{\"id\":",
        "{\"a\":1}x",
        "\u0000",
        "Bad gateway"
      })
  void failsWhatIsNoReply(String body) {
    for (Dialect dialect : Dialects.clients()) {
      ReplyReader reader = read(dialect, body);
      assertThat(reader.progress()).isEqualTo(Progress.FAILED);
      ProviderError error = Objects.requireNonNull(reader.error());
      assertThat(error.type()).isEqualTo("malformed_reply");
      assertThat(error.status()).isEqualTo(502);
    }
  }

  @Test
  void failsAtTheFirstByteThatShowsIt() {
    ReplyReader reader = Dialects.of(Dialect.OPENAI_CHAT).bodyReader();
    assertThat(reader.feed(Bytes.utf8(" \n"), part -> {})).isEqualTo(Progress.NOTHING);
    assertThat(reader.feed(Bytes.utf8("<!DOCTYPE"), part -> {})).isEqualTo(Progress.FAILED);
  }

  @Test
  void readsErrorsDressedAsSuccess() {
    assertThat(
            read(
                    Dialect.OPENAI_CHAT,
                    "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":\"model_not_found\"}}")
                .error())
        .isEqualTo(new ProviderError("model_not_found", "m", 404));
    assertThat(
            read(
                    Dialect.OPENAI_RESPONSES,
                    "{\"id\":\"r\",\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"m\"}}")
                .error())
        .isEqualTo(new ProviderError("server_error", "m", 500));
    assertThat(
            read(
                    Dialect.ANTHROPIC_MESSAGES,
                    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\"}}")
                .error())
        .isEqualTo(new ProviderError("rate_limit_error", "m", 429));
  }

  @Test
  void keepsOnlyTheEndsOfALargeReply() {
    String vector = "0.123,".repeat(700_000);
    String body =
        "{\"object\":\"list\",\"id\":\"emb-1\",\"model\":\"e-large\",\"data\":[{\"embedding\":["
            + vector
            + "1]}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}\n";
    for (int size : new int[] {4_096, 100_000, 10_000_000}) {
      Bytes bytes = Bytes.utf8(body);
      ReplyReader reader = Dialects.of(Dialect.OPENAI_EMBEDDINGS).bodyReader();
      long[] forwarded = {0};
      for (int at = 0; at < bytes.length(); at += size) {
        reader.feed(
            bytes.slice(at, Math.min(bytes.length(), at + size)),
            part -> forwarded[0] += part.length());
      }
      assertThat(reader.progress()).isEqualTo(Progress.CONTENT);
      assertThat(reader.end(part -> {})).isEqualTo(Progress.FINISHED);
      assertThat(forwarded[0]).isEqualTo(bytes.length());
      assertThat(reader.replyModel()).isEqualTo("e-large");
      assertThat(reader.usage()).isEqualTo(new Usage(7, 0, 0, 0, 0, 0, false));
    }
  }

  @Test
  void doesNotTakeALargeReplyThatWasCutForFinished() {
    ReplyReader reader =
        read(Dialect.OPENAI_EMBEDDINGS, "{\"data\":[{\"embedding\":[" + "0.123,".repeat(300_000));
    assertThat(reader.progress()).isEqualTo(Progress.CONTENT);
  }
}
