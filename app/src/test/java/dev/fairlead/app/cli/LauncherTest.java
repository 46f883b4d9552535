package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher with a java that tells what it was asked. */
final class LauncherTest {
  @TempDir Path directory;

  @BeforeEach
  void install() throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path launcher = Path.of("..", "scripts", "launcher");
    script(bin.resolve("fairlead"), Files.readString(launcher));
    script(bin.resolve("find-java"), "#!/bin/sh\necho " + directory + "\n");
    script(bin.resolve("java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
  }

  @ParameterizedTest
  @CsvSource({"512m", "1g", "1024M", "80m"})
  void clearsASmallHeapWithTheSerialCollector(String heap) throws Exception {
    Ran ran = launch(Map.of("FAIRLEAD_HEAP", heap));

    assertThat(ran.lines())
        .contains("-Xmx" + heap, "-XX:+UseSerialGC", "-Dfairlead.heap-keeper=true", "serve")
        .doesNotContain("-XX:+UseG1GC");
  }

  @ParameterizedTest
  @CsvSource({"2g", "1025m"})
  void clearsALargeHeapWithG1(String heap) throws Exception {
    assertThat(launch(Map.of("FAIRLEAD_HEAP", heap)).lines())
        .contains("-Xmx" + heap, "-XX:+UseG1GC")
        .doesNotContain("-XX:+UseSerialGC", "-Dfairlead.heap-keeper=true");
  }

  @Test
  void leavesTheCollectorToWhomNamesOne() throws Exception {
    assertThat(launch(Map.of("FAIRLEAD_JAVA_OPTS", "-Dx=1 -XX:+UseZGC")).lines())
        .contains("-Xmx512m", "-XX:+UseZGC", "-Dx=1")
        .doesNotContain("-XX:+UseSerialGC", "-XX:+UseG1GC");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0m", "x", "1.5g", "2G5m", "m", "-1g", "512"})
  void saysWhatAHeapHasToBe(String heap) throws Exception {
    Ran ran = launch(Map.of("FAIRLEAD_HEAP", heap));

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.lines())
        .containsExactly(
            "FAIRLEAD_HEAP is \"" + heap + "\" and has to be a size such as 512m or 2g.");
  }

  private record Ran(int status, List<String> lines) {}

  private Ran launch(Map<String, String> environment) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(directory.resolve("bin/fairlead").toString(), "serve")
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), said.lines().toList());
  }

  private static void script(Path path, String text) throws IOException {
    Files.writeString(path, text);
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }
}
