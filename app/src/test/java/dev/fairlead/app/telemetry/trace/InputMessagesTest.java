package dev.fairlead.app.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests as attributes have them: always JSON, never larger than allowed. */
class InputMessagesTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static InputMessages read(String body, Dialect dialect) {
    return InputMessages.of(
        Envelope.scan(Bytes.utf8(body), Interests.NONE, ScanRules.REPLY).asValue(), dialect);
  }

  private static Allowance room(int bytes) {
    return new Allowance(bytes, UnaryOperator.identity());
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  @Test
  void theEndOfALongConversationIsKept() {
    String turns =
        IntStream.range(0, 2_000)
            .mapToObj(i ->
                "{\"role\":\""
                    + (i % 2 == 0 ? "user" : "assistant")
                    + "\",\"content\":\""
                    + i
                    + "\"}")
            .collect(Collectors.joining(","));
    for (int most : List.of(300, 433, 4_000, 20_000)) {
      Allowance room = room(most);

      String told =
          Objects.requireNonNull(
              read("{\"messages\":[" + turns + "]}", Dialect.OPENAI_CHAT).messages(room));

      assertThat(told.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(most);
      assertThat(room.cut()).isTrue();
      JsonNode messages = json(told);
      assertThat(messages.get(messages.size() - 1).get("parts").get(0).get("content").stringValue())
          .isEqualTo("1999");
      assertThat(messages.size()).isGreaterThanOrEqualTo(most / 150 - 1);
    }
  }

  @Test
  void argumentsThatAreNoJsonOrTooLongAreText() {
    String call =
        "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
            + "\"function\":{\"name\":\"f\",\"arguments\":\"%s\"}}]}]}";

    JsonNode broken =
        json(
            Objects.requireNonNull(
                read(call.formatted("{\\\"a\\\":"), Dialect.OPENAI_CHAT).messages(room(1_000))));
    String cut =
        Objects.requireNonNull(
            read(
                    call.formatted("{\\\"a\\\":\\\"" + "x".repeat(2_000) + "\\\"}"),
                    Dialect.OPENAI_CHAT)
                .messages(room(1_000)));

    assertThat(broken.get(0).get("parts").get(0).get("arguments").stringValue())
        .isEqualTo("{\"a\":");
    assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(1_000);
    assertThat(json(cut).get(0).get("parts").get(0).get("arguments").stringValue())
        .startsWith("{\"a\":\"xxx")
        .endsWith("x…");
  }

  @Test
  void picturesAndFilesAreNamedWithoutTheirBytes() {
    InputMessages read =
        read(
            """
            {"messages": [{"role": "user", "content": [
              {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
              {"type": "document", "source":
                {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}},
              {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "words"}},
              {"type": "image", "source": {"type": "file", "file_id": "file_1"}}]}]}
            """,
            Dialect.ANTHROPIC_MESSAGES);

    assertThat(json(Objects.requireNonNull(read.messages(room(2_000)))))
        .isEqualTo(
            json(
                """
                [{"role": "user", "parts": [
                  {"type": "uri", "modality": "image", "uri": "https://example.com/a.png"},
                  {"type": "blob", "modality": "document", "mime_type": "application/pdf"},
                  {"type": "text", "content": "words"},
                  {"type": "file", "modality": "image", "file_id": "file_1"}]}]
                """));
  }

  @Test
  void oldCompletionsAndEmbeddings() {
    assertThat(
            json(
                Objects.requireNonNull(
                    read("{\"prompt\":[\"a\",\"b\"]}", Dialect.OPENAI_COMPLETIONS)
                        .messages(room(1_000)))))
        .isEqualTo(
            json(
                """
                [{"role": "user", "parts": [{"type": "text", "content": "a"}]},
                 {"role": "user", "parts": [{"type": "text", "content": "b"}]}]
                """));
    assertThat(read("{\"input\":\"a\"}", Dialect.OPENAI_EMBEDDINGS).messages(room(1_000))).isNull();
  }
}
