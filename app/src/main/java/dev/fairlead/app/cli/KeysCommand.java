package dev.fairlead.app.cli;

import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.Loaded;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.keys.StoredKey;
import dev.fairlead.app.serve.AppDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;

/**
 * {@code fairlead keys …}: changes the key file; a gateway that runs on it follows within a second.
 */
final class KeysCommand {
  private static final int MOST_VALUE = 512;

  private KeysCommand() {}

  static int run(
      String command,
      ParseResult parsed,
      Path directory,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    try {
      AppDirectory.open(directory);
      ConfigSource source = ConfigSource.of(directory, environment, Clock.systemUTC());
      Loaded loaded = source.load();
      if (!(loaded instanceof Loaded.Good good)) {
        ((Loaded.Bad) loaded).problems().forEach(err::println);
        return 1;
      }
      KeyFile keys = source.keyFile(good.hasher());
      switch (command) {
        case "create" -> create(parsed, keys, out);
        case "list" -> list(keys, out);
        case "revoke" -> {
          keys.revoke(name(parsed));
          out.println("Deleted " + name(parsed) + ".");
        }
        case "disable" -> {
          keys.setActive(name(parsed), false);
          out.println("Disabled " + name(parsed) + ".");
        }
        case "enable" -> {
          keys.setActive(name(parsed), true);
          out.println("Enabled " + name(parsed) + ".");
        }
        default -> throw new IllegalArgumentException(command);
      }
      return 0;
    } catch (KeyFileException | IOException failed) {
      err.println(failed.getMessage());
      return 1;
    } catch (DateTimeParseException unreadable) {
      err.println(
          "--expires " + unreadable.getParsedString() + ": write it like 2027-01-31T00:00:00Z.");
      return 2;
    }
  }

  private static void create(ParseResult parsed, KeyFile keys, PrintStream out)
      throws KeyFileException, IOException {
    String expires = parsed.matchedOptionValue("--expires", (String) null);
    KeyFile.Issued issued =
        keys.create(
            name(parsed),
            expires == null ? null : Instant.parse(expires),
            parsed.hasMatchedOption("--import") ? imported() : null);
    out.println(issued.value());
    out.println(
        "This key is shown only now. Use it as the API key of Cursor, Claude Code, Codex or an"
            + " SDK.");
  }

  private static @Nullable String imported() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line = in.readLine();
    if (line == null || line.isBlank() || line.length() > MOST_VALUE) {
      throw new IOException(
          "--import reads the key's value from standard input: one line of at most "
              + MOST_VALUE
              + " characters.");
    }
    return line.strip();
  }

  private static void list(KeyFile keys, PrintStream out) throws KeyFileException {
    for (StoredKey key : keys.list()) {
      out.println(
          key.name()
              + "\t"
              + key.hint()
              + "\t"
              + (key.active() ? "active" : "disabled")
              + "\tcreated "
              + key.createdAt()
              + (key.expiresAt() == null ? "" : "\texpires " + key.expiresAt()));
    }
  }

  private static String name(ParseResult parsed) {
    return String.valueOf(parsed.matchedPositional(0).<Object>getValue());
  }
}
