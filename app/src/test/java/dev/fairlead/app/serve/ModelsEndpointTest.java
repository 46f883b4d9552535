package dev.fairlead.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which model a path asks for, however it is escaped. */
class ModelsEndpointTest {
  @ParameterizedTest
  @CsvSource({
    "/v1/models/gpt-4o,gpt-4o",
    "/v1/models/openai/gpt-4o,openai/gpt-4o",
    "/anthropic/v1/models/anthropic%2Fclaude-x,anthropic/claude-x",
    "/v1/models/a+b,a+b",
    "/v1/models/%zz,%zz",
    "/anthropic/v1/models/a%,a%",
    "/v1/models/a%2,a%2"
  })
  void aModelIsNamed(String path, String model) {
    assertThat(ModelsEndpoint.single(path)).isEqualTo(model);
  }

  @Test
  void theListNamesNone() {
    assertThat(ModelsEndpoint.single("/v1/models")).isNull();
  }
}
