package dev.fairlead.app.cli;

import dev.fairlead.app.config.StorePlace;
import dev.fairlead.app.config.StoreSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fairlead keys …}: virtual keys of the store, through the gateway that runs or without one.
 * Without a store they stand in the key file.
 */
final class KeysCommand {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PATH = "/api/governance/virtual-keys";
  private static final int MOST_VALUE = 512;
  private static final int PAGE = 1000;

  /** What says where a key may go; without any of them one made here may go everywhere. */
  private static final List<String> REACH =
      List.of("allow_all_providers", "provider_configs", "providers");

  private KeysCommand() {}

  static CommandSpec spec() {
    CommandSpec keys = leaf("keys", "Virtual keys: what clients use instead of providers' own.");
    keys.addSubcommand(
        "create",
        named("create", "Makes a key and shows it, once.")
            .addOption(
                text("--expires", "INSTANT", "when it stops working, e.g. 2027-01-31T00:00:00Z"))
            .addOption(
                flag("--import", "take the key's value from standard input instead of making one"))
            .addOption(fields())
            .addOption(json()));
    keys.addSubcommand("list", leaf("list", "Lists keys without their values.").addOption(json()));
    keys.addSubcommand(
        "update",
        named("update", "Changes the fields given as JSON; null takes one out.")
            .addOption(fields())
            .addOption(json()));
    keys.addSubcommand(
        "rotate",
        named("rotate", "Gives a key a new value and shows it, once.")
            .addOption(
                text("--grace", "TIME", "how long the former value works on, e.g. 24h; default: 0"))
            .addOption(json()));
    keys.addSubcommand(
        "revoke", named("revoke", "Deletes a key; it stops working at once.").addOption(json()));
    keys.addSubcommand(
        "disable", named("disable", "Makes a key stop working for now.").addOption(json()));
    keys.addSubcommand(
        "enable", named("enable", "Makes a disabled key work again.").addOption(json()));
    return keys;
  }

  static int run(
      String command,
      ParseResult parsed,
      Path directory,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    StoreSettings settings = StoreSettings.read(directory, environment);
    if (settings.problems().isEmpty() && settings.config() instanceof StorePlace.Off) {
      return KeyFileCommand.run(command, parsed, directory, environment, out, err);
    }
    try {
      // What has to be asked for is asked for before the store is held.
      ObjectNode body = command.equals("create") ? created(parsed) : changed(command, parsed);
      try (ControlDoor door = ControlDoor.open(directory, environment)) {
        run(command, body, parsed, door, out);
      }
      return 0;
    } catch (ControlDoor.Failed failed) {
      err.println(failed.getMessage());
      return failed.exit();
    } catch (IOException failed) {
      err.println(failed.getMessage());
      return 1;
    } catch (DateTimeParseException unreadable) {
      err.println(
          "--expires " + unreadable.getParsedString() + ": write it like 2027-01-31T00:00:00Z.");
      return 2;
    }
  }

  private static void run(
      String command, ObjectNode body, ParseResult parsed, ControlDoor door, PrintStream out)
      throws ControlDoor.Failed {
    switch (command) {
      case "create" -> {
        JsonNode answer = door.call("POST", PATH, JSON.writeValueAsString(body));
        if (!asJson(parsed, answer, out)) {
          out.println(value(answer));
          setUp(door.address(), out);
        }
      }
      case "list" -> list(door, parsed, out);
      case "rotate" -> {
        JsonNode answer =
            door.call("POST", item(parsed) + "/rotate", JSON.writeValueAsString(body));
        if (!asJson(parsed, answer, out)) {
          out.println(value(answer));
          String until =
              answer == null
                  ? ""
                  : answer.path("virtual_key").path("former_value_until").stringValue("");
          out.println(
              "This key is shown only now. The former one "
                  + (until.isEmpty() ? "does not work any more." : "works until " + until + "."));
        }
      }
      case "revoke" -> {
        JsonNode answer = door.call("DELETE", item(parsed), null);
        if (!asJson(parsed, answer, out)) {
          out.println("Deleted " + name(parsed) + ".");
        }
      }
      default -> {
        JsonNode answer = door.call("PUT", item(parsed), JSON.writeValueAsString(body));
        if (!asJson(parsed, answer, out)) {
          out.println(
              switch (command) {
                    case "disable" -> "Disabled ";
                    case "enable" -> "Enabled ";
                    default -> "Changed ";
                  }
                  + name(parsed)
                  + ".");
        }
      }
    }
  }

  private static ObjectNode created(ParseResult parsed) throws ControlDoor.Failed, IOException {
    ObjectNode body = given(parsed);
    body.put("name", name(parsed));
    if (REACH.stream().noneMatch(body::has)) {
      body.put("allow_all_providers", true);
    }
    Instant expires = expires(parsed);
    if (expires != null) {
      body.put("expires_at", expires.toString());
    }
    if (parsed.hasMatchedOption("--import")) {
      body.put("value", imported());
    }
    return body;
  }

  private static ObjectNode changed(String command, ParseResult parsed) throws ControlDoor.Failed {
    ObjectNode body = JSON.createObjectNode();
    switch (command) {
      case "disable" -> body.put("is_active", false);
      case "enable" -> body.put("is_active", true);
      case "rotate" -> body.put("grace", parsed.matchedOptionValue("--grace", "0s"));
      case "update" -> {
        body = given(parsed);
        if (body.isEmpty()) {
          throw new ControlDoor.Failed(
              2, "Say what to change, e.g. --fields '{\"expires_at\": null}'.");
        }
      }
      default -> {
        // The others send nothing.
      }
    }
    return body;
  }

  private static ObjectNode given(ParseResult parsed) throws ControlDoor.Failed {
    try {
      if (JSON.readTree(parsed.matchedOptionValue("--fields", "{}")) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException unreadable) {
      // Told below, with the same words as JSON that is no object.
    }
    throw new ControlDoor.Failed(1, "--fields takes a JSON object.");
  }

  /** What {@code --expires} says, or null; a moment that is past is refused. */
  static @Nullable Instant expires(ParseResult parsed) throws IOException {
    String given = parsed.matchedOptionValue("--expires", (String) null);
    Instant at = given == null ? null : Instant.parse(given);
    if (at != null && !at.isAfter(Instant.now())) {
      throw new IOException(
          "The key would expire at " + at + ", which is past; give a later moment.");
    }
    return at;
  }

  /** One line of standard input: the value of a key in use elsewhere. */
  static String imported() throws IOException {
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

  private static void list(ControlDoor door, ParseResult parsed, PrintStream out)
      throws ControlDoor.Failed {
    ArrayNode all = JSON.createArrayNode();
    JsonNode page;
    do {
      page = door.call("GET", PATH + "?limit=" + PAGE + "&offset=" + all.size(), null);
      if (page != null) {
        page.path("virtual_keys").forEach(all::add);
      }
    } while (page != null
        && !page.path("virtual_keys").isEmpty()
        && all.size() < page.path("total_count").asInt(0));
    ObjectNode whole = JSON.createObjectNode();
    whole.set("virtual_keys", all);
    whole.put("count", all.size());
    if (asJson(parsed, whole, out)) {
      return;
    }
    for (JsonNode key : all) {
      out.println(line(key));
    }
  }

  /** A key in a list, for people. */
  static String line(JsonNode key) {
    StringBuilder line = new StringBuilder(text(key, "name"));
    line.append('\t').append(text(key, key.has("hint") ? "hint" : "value"));
    line.append('\t').append(key.path("is_active").asBoolean(true) ? "active" : "disabled");
    if (key.has("created_at")) {
      line.append("\tcreated ").append(text(key, "created_at"));
    }
    if (key.has("expires_at")) {
      line.append("\texpires ").append(text(key, "expires_at"));
    }
    if (key.path("read_only").asBoolean(false)) {
      line.append("\tin ").append(text(key, "origin_place"));
    }
    return line.toString();
  }

  private static String text(JsonNode key, String field) {
    return key.path(field).stringValue("");
  }

  /** How clients take the key just shown. */
  static void setUp(String address, PrintStream out) {
    String cursor =
        address.startsWith("https://") ? address + "/cursor" : "https://YOUR-PUBLIC-NAME/cursor";
    out.println(
        "This key is shown only now. Use it as the API key of Cursor, Claude Code, Codex or an"
            + " SDK. With it in the variable FAIRLEAD_KEY:");
    out.println();
    out.println("  Claude Code   export ANTHROPIC_BASE_URL=" + address + "/anthropic");
    out.println("                export ANTHROPIC_AUTH_TOKEN=\"$FAIRLEAD_KEY\"");
    out.println(
        "  Codex         base_url = \""
            + address
            + "/v1\", env_key = \"FAIRLEAD_KEY\" (wire_api = \"responses\")");
    out.println(
        "  Cursor        Override OpenAI Base URL: " + cursor + "; OpenAI API Key: this key");
    out.println("  OpenAI SDKs   export OPENAI_BASE_URL=" + address + "/v1");
    out.println("                export OPENAI_API_KEY=\"$FAIRLEAD_KEY\"");
  }

  /** Prints {@code answer} when it is asked for as JSON and there is one. */
  static boolean asJson(ParseResult parsed, @Nullable JsonNode answer, PrintStream out) {
    if (answer == null || !parsed.hasMatchedOption("--json")) {
      return false;
    }
    out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
    return true;
  }

  private static String value(@Nullable JsonNode answer) {
    return answer == null ? "" : answer.path("virtual_key").path("value").stringValue("");
  }

  private static String item(ParseResult parsed) {
    return PATH + "/" + URLEncoder.encode(name(parsed), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String name(ParseResult parsed) {
    return String.valueOf(parsed.matchedPositional(0).<Object>getValue());
  }

  private static CommandSpec leaf(String name, String help) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(help);
    return spec;
  }

  private static CommandSpec named(String name, String help) {
    return leaf(name, help)
        .addPositional(
            PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .paramLabel("NAME")
                .type(String.class)
                .description("name of the key")
                .build());
  }

  private static OptionSpec text(String name, String label, String help) {
    return OptionSpec.builder(name).paramLabel(label).type(String.class).description(help).build();
  }

  private static OptionSpec flag(String name, String help) {
    return OptionSpec.builder(name).type(boolean.class).description(help).build();
  }

  private static OptionSpec json() {
    return flag("--json", "print the answer as JSON");
  }

  private static OptionSpec fields() {
    return text(
        "--fields",
        "JSON",
        "fields as config.json has them, e.g. '{\"team_id\": \"payments\", \"budgets\": […]}'");
  }
}
