package dev.fairlead.codec.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.routing.Reject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be left out of a request, and that the rest stays byte for byte. */
final class DispensableTest {
  @Test
  void fieldsAreCutOutAndTheRestStays() {
    Dispensable.Spared spared =
        without(
            "{ \"seed\":1,\"model\":\"m\" , \"metadata\":{\"a\":[1]},\"messages\":["
                + " ],\"user\":\"u\"}",
            Dialect.OPENAI_CHAT,
            "seed",
            "metadata",
            "user");

    assertThat(text(spared)).isEqualTo("{ \"model\":\"m\" ,\"messages\":[ ]}");
    assertThat(spared.dropped()).containsExactlyInAnyOrder("seed", "metadata", "user");
    assertThat(spared.applied()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model",
        "messages",
        "input",
        "instructions",
        "system",
        "tools",
        "tool_choice",
        "stream",
        "n",
        "stop",
        "stop_sequences",
        "response_format",
        "max_output_tokens",
        "logprobs",
        "logit_bias",
        "thread",
        "previous_response_id",
        "mcp_servers"
      })
  void whatCarriesTheMeaningStays(String field) {
    Dispensable.Spared spared = without("{\"" + field + "\":null}", Dialect.OPENAI_CHAT, field);

    assertThat(spared.applied()).isEmpty();
    assertThat(text(spared)).isEqualTo("{\"" + field + "\":null}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '^',
      delimiter = '|',
      value = {
        "thinking | {\"type\":\"adaptive\"} | true",
        "thinking | {\"type\":\"disabled\"} | true",
        "thinking | {\"type\":\"enabled\",\"budget_tokens\":4000} | false",
        "reasoning | {\"effort\":\"high\"} | true",
        "reasoning | {\"max_tokens\":2000} | false",
        "output_config | {\"effort\":\"high\"} | true",
        "output_config | {\"format\":{\"type\":\"json_schema\"}} | false",
        "text | {\"verbosity\":\"low\"} | true",
        "text | {\"format\":{\"type\":\"text\"},\"verbosity\":\"low\"} | true",
        "text | {\"format\":{\"type\":\"json_schema\"}} | false",
        "parallel_tool_calls | true | true",
        "parallel_tool_calls | false | false",
        "include | [\"reasoning.encrypted_content\"] | true",
        "include | [\"message.output_text.logprobs\"] | false"
      })
  void someDependOnTheirValue(String field, String value, boolean may) {
    String body = "{\"model\":\"m\",\"" + field + "\":" + value + "}";

    Dispensable.Spared spared = without(body, Dialect.OPENAI_RESPONSES, field);

    assertThat(text(spared)).isEqualTo(may ? "{\"model\":\"m\"}" : body);
  }

  @Test
  void tokenLimitKeepsItsValueUnderItsOtherName() {
    Reject swap = new Reject.Renamed("max_tokens", "max_completion_tokens");
    List<Bytes> body = List.of(Bytes.utf8("{\"max_tokens\": 77,\"model\":\"m\"}"));

    assertThat(text(Dispensable.without(body, Dialect.OPENAI_CHAT, List.of(swap))))
        .isEqualTo("{\"max_completion_tokens\": 77,\"model\":\"m\"}");
    assertThat(Dispensable.without(body, Dialect.ANTHROPIC_MESSAGES, List.of(swap)).applied())
        .isEmpty();
    assertThat(
            text(
                Dispensable.without(
                    List.of(Bytes.utf8("{\"max_tokens\":7,\"max_completion_tokens\":7}")),
                    Dialect.OPENAI_CHAT,
                    List.of(swap))))
        .isEqualTo("{\"max_completion_tokens\":7}");
  }

  @Test
  void doubtfulBodiesStay() {
    String twice = "{\"user\":\"a\",\"user\":\"b\"}";

    assertThat(text(without(twice, Dialect.OPENAI_CHAT, "user"))).isEqualTo(twice);
  }

  private static Dispensable.Spared without(String body, Dialect dialect, String... fields) {
    return Dispensable.without(
        List.of(Bytes.utf8(body)),
        dialect,
        Stream.of(fields).<Reject>map(Reject.Field::new).toList());
  }

  private static String text(Dispensable.Spared spared) {
    return Bytes.concat(spared.segments()).utf8();
  }
}
