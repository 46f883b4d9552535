package dev.fairlead.codec.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.model.Bytes;
import org.junit.jupiter.api.Test;

class OllamaShowTest {
  private static OllamaShow read(String json) {
    return OllamaShow.read(Bytes.utf8(json));
  }

  @Test
  void windowCapabilitiesAndParametersAreRead() {
    OllamaShow show =
        read(
            """
            {"license":"MIT","parameters":"stop \\"<a>\\"\\nnum_ctx      32768\\ntemperature 0.6",
             "model_info":{"clip.context_length":77,"general.architecture":"gemma3",
             "gemma3.context_length":131072},"capabilities":["completion","vision"]}
            """);

    assertThat(show).isEqualTo(new OllamaShow(131_072L, false, true, false, 32_768L));
    assertThat(show.withoutThinking().thinking()).isFalse();
  }

  @Test
  void whatIsNotSaidIsUnknown() {
    assertThat(read("{}")).isEqualTo(OllamaShow.UNKNOWN);
    assertThat(
            read(
                """
                {"model_info":[1],"capabilities":"tools","parameters":"num_ctx many"}
                """))
        .isEqualTo(OllamaShow.UNKNOWN);
    assertThat(read("{\"model_info\":{\"llama.context_length\":8192}}").window()).isEqualTo(8_192L);
    assertThat(read("{\"model_info\":{\"llama.context_length\":-1}}").window()).isNull();
    assertThatThrownBy(() -> read("<html>")).isInstanceOf(MalformedBody.class);
  }

  @Test
  void errorsSayWhatToDo() {
    assertThat(OllamaErrors.read(404, Bytes.utf8("{\"error\":\"model 'a/b:7b' not found\"}")))
        .satisfies(error -> {
          assertThat(error.type()).isEqualTo("model_not_found");
          assertThat(error.message()).endsWith("ollama pull a/b:7b");
        });
    assertThat(
            OllamaErrors.read(
                    404,
                    Bytes.utf8("{\"error\":\"model \\\"x\\\" not found, try pulling it first\"}"))
                .message())
        .endsWith("ollama pull x");
    assertThat(OllamaErrors.read(404, Bytes.utf8("404 page not found")).type())
        .isEqualTo("http_404");
    assertThat(
            OllamaErrors.read(404, Bytes.utf8("{\"error\":\"model '$(x)' not found\"}")).message())
        .doesNotContain("pull");
  }
}
