package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Values that may stand elsewhere: {@code env.NAME}, {@code file.PATH} (relative to the app
 * directory), or the object form other gateways write. Remembers the files, so that a change of
 * theirs can be noticed.
 */
final class References {
  /** Largest file a value is read from, in bytes. */
  static final int MOST_BYTES = 64 << 10;

  /** What a reference led to. */
  sealed interface Value {
    /** A value, not blank. */
    record Given(String text) implements Value {}

    /** None, and why, in words that end a sentence. */
    record Absent(String why) implements Value {}
  }

  private final Path directory;
  private final Map<String, String> environment;
  private final Findings findings;
  private final Set<Path> files = new LinkedHashSet<>();

  References(Path directory, Map<String, String> environment, Findings findings) {
    this.directory = directory;
    this.environment = environment;
    this.findings = findings;
  }

  /** Files that were read or should have been. */
  Set<Path> files() {
    return files;
  }

  /**
   * The value at {@code at}; absent when {@code at} is null. A required value that is absent is a
   * problem.
   */
  Value resolve(@Nullable Json at, String path) {
    return switch (at) {
      case null -> new Value.Absent("it is not given");
      case Json.Text(String text, int _, int _) -> text(text, at, path);
      case Json.Obj object -> {
        Value value = object(object, path);
        if (value instanceof Value.Absent(String why) && Tree.flag(object, "required", false)) {
          findings.problem(at, path, "is required, but " + why);
        }
        yield value;
      }
      case Json.Arr _, Json.Num _, Json.Bool _, Json.Null _ ->
          new Value.Absent("it is not a string");
    };
  }

  /**
   * The text at {@code at}, or null; a reference that leads nowhere is noted under {@code path}.
   */
  @Nullable String textOrNote(@Nullable Json at, String path) {
    if (at == null) {
      return null;
    }
    return switch (resolve(at, path)) {
      case Value.Given(String text) -> text;
      case Value.Absent(String why) -> {
        findings.note(path + " has no effect: " + why);
        yield null;
      }
    };
  }

  private Value object(Json.Obj object, String path) {
    String type = Tree.text(object, "type");
    String variable = Tree.text(object, "env_var");
    if (variable != null && (Tree.flag(object, "from_env", true) || "env".equals(type))) {
      return environment(variable);
    }
    String ref = Tree.text(object, "ref");
    String written = ref != null ? ref : Tree.text(object, "value");
    if (written == null) {
      return new Value.Absent("it is not given");
    }
    return switch (type) {
      case "env" -> environment(written);
      case "file" -> file(written.startsWith("file.") ? written.substring(5) : written, path);
      case "vault" -> vault(object, path);
      case "plain_text" -> given(written);
      case null, default -> text(written, object, path);
    };
  }

  private Value text(String text, Json at, String path) {
    if (text.startsWith("env.")) {
      return environment(text);
    }
    if (text.startsWith("file.")) {
      return file(text.substring("file.".length()), path);
    }
    if (text.startsWith("vault.")) {
      return vault(at, path);
    }
    return given(text);
  }

  private Value vault(Json at, String path) {
    findings.problem(
        at,
        path,
        "vaults cannot be read by this version; let a file or variable hold it: file.PATH or"
            + " env.NAME");
    return new Value.Absent("vaults cannot be read by this version");
  }

  private static Value given(String text) {
    return text.isBlank() ? new Value.Absent("it is empty") : new Value.Given(text.strip());
  }

  private Value environment(String written) {
    String name = written.startsWith("env.") ? written.substring("env.".length()) : written;
    String value = environment.get(name);
    if (value == null) {
      return new Value.Absent("environment variable " + name + " is not set");
    }
    return value.isBlank()
        ? new Value.Absent("environment variable " + name + " is empty")
        : new Value.Given(value.strip());
  }

  private Value file(String written, String path) {
    Path file;
    try {
      file = directory.resolve(written).normalize();
    } catch (InvalidPathException e) {
      return new Value.Absent("\"" + written + "\" is not the name of a file");
    }
    files.add(file);
    if (!Files.exists(file)) {
      return new Value.Absent("file " + file + " does not exist");
    }
    // A pipe or device would make the start wait for whoever writes into it.
    if (!Files.isRegularFile(file)) {
      return new Value.Absent(file + " is not a regular file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        return new Value.Absent("file " + file + " is larger than " + (MOST_BYTES >> 10) + " KiB");
      }
      warnWhenOpen(file, path);
      String text = new String(bytes, StandardCharsets.UTF_8);
      int end = text.length();
      while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
        end--;
      }
      return end == 0
          ? new Value.Absent("file " + file + " is empty")
          : new Value.Given(text.substring(0, end));
    } catch (IOException e) {
      return new Value.Absent("file " + file + " cannot be read");
    }
  }

  /** Mounted secrets of containers are readable by everyone in the container by design. */
  private void warnWhenOpen(Path file, String path) throws IOException {
    if (file.startsWith("/run/secrets") || file.startsWith("/var/run/secrets")) {
      return;
    }
    try {
      if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
        findings.note(
            "every user of this machine can read the secret file "
                + file
                + " of "
                + path
                + "; run: chmod 600 "
                + file);
      }
    } catch (UnsupportedOperationException e) {
      // Windows keeps permissions in another form, and its default is the owner's profile.
    }
  }
}
