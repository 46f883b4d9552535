package dev.fairlead.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class LoadLinesTest {

  @Test
  void specSurvivesItsLine() {
    LoadSpec spec =
        new LoadSpec(
            LoadSpec.Mode.OPEN,
            "127.0.0.1",
            8080,
            "/v1/chat completions",
            "sk-a=b c",
            "openai/x",
            2_048,
            true,
            512,
            1_000.5,
            400,
            2_500,
            77);

    assertThat(LoadSpec.parse(spec.toLine())).isEqualTo(spec);
  }

  @Test
  void resultSurvivesItsLine() {
    LoadResult result =
        new LoadResult(
            10,
            1,
            2.5,
            300,
            200,
            50,
            4,
            5,
            6,
            7.5,
            8,
            9,
            Double.NaN,
            10,
            11,
            12,
            "status 401: \"no\"\n=");

    String line = result.toLine();

    assertThat(line).doesNotContain("\n");
    assertThat(LoadResult.parse(line)).isEqualTo(result);
  }

  @Test
  void refusesMoreThanTheProcessCanHold() {
    assertThatThrownBy(() ->
            new LoadSpec(
                LoadSpec.Mode.CLOSED, "h", 1, "/", "k", "m", 2_048, false, 50_000, 0, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("50000");
  }
}
