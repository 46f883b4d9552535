package dev.fairlead.conformance.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import dev.fairlead.conformance.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java file is as google-java-format writes it. {@code scripts/format} runs this test with
 * {@code format.apply}, which rewrites files instead of complaining, and with {@code format.paths}
 * where only some are meant.
 */
class FormatTest {
  private static final boolean APPLY = Boolean.getBoolean("format.apply");

  @Test
  void everyJavaFileIsFormatted() {
    List<Path> files = Checkout.files(".java").stream().filter(FormatTest::asked).toList();

    List<Path> unformatted =
        files.parallelStream().filter(file -> !isFormatted(file)).map(FormatTest::shown).toList();

    assertThat(files).as("Java files looked at").isNotEmpty();
    assertThat(unformatted).as("not formatted; run scripts/format").isEmpty();
  }

  private static boolean isFormatted(Path file) {
    String text = Checkout.text(file);
    String formatted = format(file, text);
    if (!text.equals(formatted) && APPLY) {
      write(file, formatted);
      return true;
    }
    return text.equals(formatted);
  }

  private static String format(Path file, String text) {
    try {
      return new Formatter().formatSourceAndFixImports(text);
    } catch (FormatterException e) {
      throw new AssertionError(shown(file) + " cannot be formatted: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static boolean asked(Path file) {
    String paths = System.getProperty("format.paths", "");
    return paths.isEmpty()
        || Stream.of(paths.split(","))
            .anyMatch(path -> file.startsWith(Checkout.root().resolve(path)));
  }

  private static Path shown(Path file) {
    return Checkout.root().relativize(file);
  }
}
