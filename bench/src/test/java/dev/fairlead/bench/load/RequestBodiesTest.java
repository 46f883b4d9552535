package dev.fairlead.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RequestBodiesTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @ValueSource(ints = {1_300, 1_301, 2_048, 2_049, 2_050, 10_007, 77_824})
  void isValidJsonOfTheWantedLength(int bytes) {
    byte[] body = RequestBodies.chat(bytes, "openai/m", true);

    JsonNode root = JSON.readTree(body);

    assertThat(body).hasSize(bytes);
    assertThat(root.path("model").asString()).isEqualTo("openai/m");
    assertThat(root.path("metadata").path("model").asString()).isEqualTo("decoy-nested");
    assertThat(root.path("stream_options").path("include_usage").asBoolean()).isTrue();
    assertThat(root.path("tools")).hasSize(2);
  }

  @Test
  void hasTheModelLastAndTheDecoyBefore() {
    String body = new String(RequestBodies.chat(2_048, "m", false), StandardCharsets.UTF_8);

    assertThat(body).endsWith("\"model\":\"m\"}").doesNotContain("\"stream\"");
    assertThat(body.indexOf("decoy")).isBetween(0, body.lastIndexOf("\"model\""));
  }

  @Test
  void givesTheSameBytesEachTime() {
    assertThat(RequestBodies.chat(77_824, "m", true))
        .isEqualTo(RequestBodies.chat(77_824, "m", true));
  }

  @Test
  void escapesAsOftenAsSourceCodeDoes() {
    byte[] body = RequestBodies.chat(77_824, "m", true);
    int backslashes = 0;
    for (byte b : body) {
      backslashes += b == '\\' ? 1 : 0;
    }

    assertThat((double) body.length / backslashes).isBetween(15.0, 45.0);
  }

  @Test
  void refusesALengthThatHoldsNoRequest() {
    assertThatThrownBy(() -> RequestBodies.chat(100, "m", false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100 bytes");
  }
}
