package dev.fairlead.app.cli;

import dev.fairlead.app.config.ConfigSchema;
import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.Loaded;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** {@code fairlead config …}. */
final class ConfigCommand {
  private ConfigCommand() {}

  static int validate(
      Path directory, Map<String, String> environment, PrintStream out, PrintStream err) {
    ConfigSource source = ConfigSource.of(directory, environment, Clock.systemUTC());
    if (!Files.exists(source.file())) {
      err.println(
          source.file() + " does not exist. Name the directory it lies in with -app-dir DIR.");
      return 1;
    }
    return switch (source.load()) {
      case Loaded.Good good -> {
        out.println(source.file() + " is valid.");
        good.snapshot().notes().forEach(note -> out.println("Note: " + note));
        if (!good.snapshot().inert().isEmpty()) {
          out.println("Without effect: " + String.join(", ", good.snapshot().inert()));
        }
        yield 0;
      }
      case Loaded.Bad bad -> {
        bad.problems().forEach(err::println);
        yield 1;
      }
    };
  }

  static int schema(PrintStream out) {
    out.print(ConfigSchema.text());
    return 0;
  }
}
