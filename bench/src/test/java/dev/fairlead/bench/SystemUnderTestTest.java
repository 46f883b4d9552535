package dev.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SystemUnderTestTest {

  @Test
  void readsAGatewayArgument() {
    SystemUnderTest system =
        SystemUnderTest.parse("other,http://127.0.0.1:9000/openai/v1/,sk-1,openai/,4711");

    assertThat(system.port()).isEqualTo(9000);
    assertThat(system.path()).isEqualTo("/openai/v1/chat/completions");
    assertThat(system.pid()).isEqualTo(4711);
    assertThat(SystemUnderTest.parse("o,http://localhost:1,k,").path())
        .isEqualTo("/v1/chat/completions");
  }

  @Test
  void measuresOnlyThisMachine() {
    assertThatThrownBy(() -> SystemUnderTest.parse("o,http://192.0.2.1:9000,k,"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void namesAnUnknownArgument() {
    assertThatThrownBy(() -> Options.parse(List.of("--slow"), Path.of(".")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--slow");
    assertThatThrownBy(() -> Options.parse(List.of("--only", "2k,3k"), Path.of(".")))
        .hasMessageContaining("3k");
  }
}
