package dev.fairlead.app.cli;

import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.Loaded;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.keys.StoredKey;
import dev.fairlead.app.serve.AppDirectory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/**
 * {@code fairlead keys …} without a store: changes the key file; a gateway that runs on it follows
 * within a second.
 */
final class KeyFileCommand {
  private KeyFileCommand() {}

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
        case "create" -> {
          String configured = good.snapshot().client().publicUrl();
          create(parsed, keys, configured == null ? "http://localhost:8080" : configured, out);
        }
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
        default -> {
          err.println(
              "keys "
                  + command
                  + " needs the store, which is off (config_store.enabled is false). Keys of "
                  + KeyFile.FILE
                  + " are made, listed, disabled, enabled and revoked.");
          return 1;
        }
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

  private static void create(
      ParseResult parsed, KeyFile keys, String address, PrintStream out)
      throws KeyFileException, IOException {
    String expires = parsed.matchedOptionValue("--expires", (String) null);
    KeyFile.Issued issued =
        keys.create(
            name(parsed),
            expires == null ? null : Instant.parse(expires),
            parsed.hasMatchedOption("--import") ? KeysCommand.imported() : null);
    out.println(issued.value());
    KeysCommand.setUp(address, out);
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
