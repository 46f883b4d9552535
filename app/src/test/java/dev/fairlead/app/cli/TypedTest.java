package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Plain options are read as the library reads them, and nothing else is. */
class TypedTest {
  private static Typed byLibrary(String line) {
    CommandSpec spec = CommandSpec.create().name("fairlead");
    ServeArguments.declare(spec);
    return Typed.of(new CommandLine(spec).parseArgs(words(line)));
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ", -1);
  }

  private static @Nullable Typed plain(String line) {
    return Typed.plain(words(line));
  }

  static Stream<String> lines() {
    return Stream.of(
        "",
        "-app-dir /srv/fairlead -port 9000",
        "--app-dir=/srv/fairlead --port=0 --host 0.0.0.0",
        "-app-dir=/srv/a=b",
        "-port ",
        "-migrate-only",
        "--no-migrate -log-style json --log-level=debug",
        "-admin-port 9001 -host ::1");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void plainOptionsAreReadAsTheLibraryReadsThem(String line) {
    assertThat(plain(line)).isEqualTo(byLibrary(line));
  }

  static Stream<String> others() {
    return Stream.of(
        "--help",
        "-h",
        "-V",
        "keys list",
        "-port 9000 keys list",
        "-port",
        "-port -app-dir",
        "-port 1 -port 2",
        "--no-migrate=true",
        "-prot 9000",
        "app-dir /srv",
        "--",
        "@file");
  }

  @ParameterizedTest
  @MethodSource("others")
  void everythingElseIsLeftToTheLibrary(String line) {
    assertThat(plain(line)).isNull();
  }

  @Test
  void aSwitchAndAValueAreTold() {
    assertThat(plain("--no-migrate -port 1"))
        .isEqualTo(new Typed(Map.of("no-migrate", "true", "port", "1")));
  }
}
