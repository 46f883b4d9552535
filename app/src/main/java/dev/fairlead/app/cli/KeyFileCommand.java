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
import java.time.format.DateTimeParseException;
import java.util.Map;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fairlead keys …} without a store: changes the key file; a gateway that runs on it follows
 * within a second.
 */
final class KeyFileCommand {
  private static final JsonMapper JSON = new JsonMapper();

  private KeyFileCommand() {}

  static int run(
      String command,
      ParseResult parsed,
      Path directory,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    if (parsed.hasMatchedOption("--fields")) {
      err.println(
          "--fields needs the store, which is off (config_store.enabled is false). A key of "
              + KeyFile.FILE
              + " has a name and --expires; give the others in config.json.");
      return 1;
    }
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
          create(
              parsed,
              keys,
              ControlDoor.bare(configured == null ? ControlDoor.USUAL : configured),
              out);
        }
        case "list" -> list(parsed, keys, out);
        case "revoke" -> {
          keys.revoke(name(parsed));
          done("Deleted", parsed, out);
        }
        case "disable" -> {
          keys.setActive(name(parsed), false);
          done("Disabled", parsed, out);
        }
        case "enable" -> {
          keys.setActive(name(parsed), true);
          done("Enabled", parsed, out);
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

  private static void create(ParseResult parsed, KeyFile keys, String address, PrintStream out)
      throws KeyFileException, IOException {
    KeyFile.Issued issued =
        keys.create(
            name(parsed),
            KeysCommand.expires(parsed),
            parsed.hasMatchedOption("--import") ? KeysCommand.imported() : null);
    ObjectNode key = json(issued.key());
    key.put("value", issued.value());
    ObjectNode answer = JSON.createObjectNode();
    answer.set("virtual_key", key);
    if (!KeysCommand.asJson(parsed, answer, out)) {
      out.println(issued.value());
      KeysCommand.setUp(address, out);
    }
  }

  private static void list(ParseResult parsed, KeyFile keys, PrintStream out)
      throws KeyFileException {
    ObjectNode whole = JSON.createObjectNode();
    ArrayNode all = whole.putArray("virtual_keys");
    for (StoredKey key : keys.list()) {
      all.add(json(key));
    }
    whole.put("count", all.size());
    if (!KeysCommand.asJson(parsed, whole, out)) {
      for (JsonNode key : all) {
        out.println(KeysCommand.line(key));
      }
    }
  }

  private static void done(String what, ParseResult parsed, PrintStream out) {
    String message = what + " " + name(parsed) + ".";
    if (!KeysCommand.asJson(parsed, JSON.createObjectNode().put("message", message), out)) {
      out.println(message);
    }
  }

  private static ObjectNode json(StoredKey key) {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", key.id());
    json.put("name", key.name());
    json.put("hint", key.hint());
    json.put("is_active", key.active());
    json.put("created_at", key.createdAt().toString());
    if (key.expiresAt() != null) {
      json.put("expires_at", key.expiresAt().toString());
    }
    return json;
  }

  private static String name(ParseResult parsed) {
    return String.valueOf(parsed.matchedPositional(0).<Object>getValue());
  }
}
