package dev.fairlead.codec.translate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LooseJsonTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"a\": 1.50, \"b\": [true, null]}|{\"a\":1.50,\"b\":[true,null]}",
        "{\"a\":1,}|{\"a\":1}",
        "[1,2,,3,]|[1,2,3]",
        "{\"a\":{\"b\":[1|{\"a\":{\"b\":[1]}}",
        "{\"a\":[1,2}|{\"a\":[1,2]}",
        "{\"a\":1}}}|{\"a\":1}",
        "{'a': 'it's', \"b\": 'say \"x\"'}|{\"a\":\"it's\",\"b\":\"say \\\"x\\\"\"}",
        "{a: 1, b_c: True, d: None, e: False}|{\"a\":1,\"b_c\":true,\"d\":null,\"e\":false}",
        "{\"a\": -0.5e+3 \"b\": 2}|{\"a\":-0.5e+3,\"b\":2}",
        "{\"a\":\"\\u00e9\\q\"}|{\"a\":\"é\\\\q\"}",
      })
  void repairs(String printed, String json) {
    assertThat(LooseJson.repair(printed)).isEqualTo(json);
  }

  @Test
  void lineBreaksInStringsBecomeEscapes() {
    assertThat(LooseJson.repair("{\"a\":\"x\n\ty\"}")).isEqualTo("{\"a\":\"x\\n\\ty\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "\"a\"",
        "{\"a\":\"b",
        "{\"a\":",
        "{\"a\":}",
        "{a b}",
        "{} {}",
        "{\"a\":01}"
      })
  void doesNotGuess(String printed) {
    assertThat(LooseJson.repair(printed)).isNull();
  }

  @Test
  void depthIsBounded() {
    assertThat(LooseJson.repair("[".repeat(100_000))).isNull();
  }
}
