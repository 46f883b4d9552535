package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.app.telemetry.trace.TracingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether traces carry contents is said, never guessed. */
class TelemetryReaderTest {
  @TempDir private Path directory;

  private TracingSettings read(String field, Map<String, String> environment) throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        "{\"plugins\": [{\"name\": \"otel\", \"config\": {\"collector_url\":"
            + " \"http://localhost:4318\""
            + field
            + "}}]}");
    return Objects.requireNonNull(TelemetryReader.read(directory, environment).tracing());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|false",
        ", \"content\": true|true",
        ", \"content\": false|false",
        ", \"content\": null|false",
        ", \"disable_content_logging\": false|false",
        ", \"content\": true, \"disable_content_logging\": false|true",
        ", \"content\": true, \"disable_content_logging\": true|false"
      })
  void theFileSays(String field, boolean content) throws IOException {
    Map<String, String> environment =
        Map.of("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true");

    assertThat(read(field, environment).content()).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true",
    "SPAN_ONLY, true",
    "span_and_event, true",
    "EVENT_ONLY, false",
    "NO_CONTENT, false",
    "false, false",
    "'', false"
  })
  void orTheVariables(String value, boolean content) throws IOException {
    TracingSettings read =
        TelemetryReader.read(
                directory,
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "http://localhost:4318",
                    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
                    value))
            .tracing();

    assertThat(Objects.requireNonNull(read).content()).isEqualTo(content);
  }

  @Test
  void anythingButTrueAndFalseIsAMistake() {
    assertThatThrownBy(() -> read(", \"content\": \"true\"", Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("plugins[0].config.content")
        .hasMessageContaining("true or false");
  }
}
