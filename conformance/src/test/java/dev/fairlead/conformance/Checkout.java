package dev.fairlead.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files of this repository, as they stand in the working copy. */
public final class Checkout {
  private static final Set<String> NOT_OURS = Set.of("target", "dist", "node_modules");

  private Checkout() {}

  /** The directory of the root POM; tests run in a module's directory. */
  public static Path root() {
    Path here = Path.of("").toAbsolutePath();
    for (Path at = here; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("testkit")) && Files.isDirectory(at.resolve("core"))) {
        return at;
      }
    }
    throw new IllegalStateException("no Fairlead checkout above " + here);
  }

  /**
   * All files below the root with that ending, build output and hidden directories left out;
   * sorted.
   */
  public static List<Path> files(String ending) {
    return below(root()).filter(file -> file.toString().endsWith(ending)).sorted().toList();
  }

  /** The text of a file below the root. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static Stream<Path> below(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList().stream().filter(Checkout::ours).flatMap(Checkout::filesOf);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + directory, e);
    }
  }

  private static Stream<Path> filesOf(Path entry) {
    return Files.isDirectory(entry) ? below(entry) : Stream.of(entry);
  }

  private static boolean ours(Path entry) {
    String name = entry.getFileName().toString();
    return !NOT_OURS.contains(name) && (!name.startsWith(".") || name.equals(".ci"));
  }
}
