package dev.fairlead.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code fairlead teams|customers|users|budgets|tokens|accounts|audit|admin …}: the control API on
 * the command line; of the gateway that runs, or else over the store itself.
 */
final class ControlCommand {
  private static final JsonMapper JSON = new JsonMapper();

  /** What is listed and changed, by the command's name: path, and name of the list in answers. */
  private static final Map<String, String[]> KINDS =
      Map.of(
          "teams", new String[] {"/api/governance/teams", "teams"},
          "customers", new String[] {"/api/governance/customers", "customers"},
          "users", new String[] {"/api/governance/users", "users"},
          "rules", new String[] {"/api/governance/routing-rules", "rules"},
          "accounts", new String[] {"/api/accounts", "accounts"},
          "tokens", new String[] {"/api/tokens", "tokens"});

  private ControlCommand() {}

  /** Adds the commands to {@code root}. */
  static void declare(CommandSpec root) {
    for (String kind : KINDS.keySet()) {
      CommandSpec group = leaf(kind, "Lists, makes, changes and removes " + kind + ".");
      group.addSubcommand("list", leaf("list", "Lists " + kind + ".").addOption(json()));
      group.addSubcommand(
          "create",
          positional(
                  leaf("create", "Makes one. With the name alone, or all fields as JSON."), "NAME")
              .addOption(fields())
              .addOption(json()));
      if (!kind.equals("tokens")) {
        group.addSubcommand(
            "update",
            positional(leaf("update", "Changes the fields given as JSON."), "ID")
                .addOption(fields())
                .addOption(json()));
      }
      group.addSubcommand(
          "remove", positional(leaf("remove", "Removes one, by id or name."), "ID"));
      root.addSubcommand(kind, group);
    }
    root.addSubcommand(
        "budgets",
        leaf("budgets", "Every budget and limit, and how it stands.")
            .addSubcommand("list", leaf("list", "Lists them.").addOption(json())));
    root.addSubcommand(
        "admin",
        leaf("admin", "Administrators of the gateway.")
            .addSubcommand(
                "link", leaf("link", "Makes a link by which an administrator is made, once."))
            .addSubcommand(
                "reset-password",
                positional(
                    leaf("reset-password", "Reads a new password for an account, one line."),
                    "USERNAME")));
  }

  private static CommandSpec leaf(String name, String help) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(help);
    return spec;
  }

  private static CommandSpec positional(CommandSpec spec, String label) {
    return spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel(label)
            .type(String.class)
            .build());
  }

  private static OptionSpec json() {
    return OptionSpec.builder("--json")
        .type(boolean.class)
        .description("print the answer as JSON")
        .build();
  }

  private static OptionSpec fields() {
    return OptionSpec.builder("--fields")
        .paramLabel("JSON")
        .type(String.class)
        .description("fields as config.json has them, e.g. '{\"team_id\": \"payments\"}'")
        .build();
  }

  /** Whether {@code path}, words between blanks, is one of these commands. */
  static boolean takes(String path) {
    String[] words = path.split(" ", -1);
    return words.length == 2
        && (KINDS.containsKey(words[0]) || words[0].equals("budgets") || words[0].equals("admin"));
  }

  static int run(
      String path,
      ParseResult parsed,
      Path directory,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    String[] words = path.split(" ", -1);
    try (ControlDoor client =
        path.equals("admin link")
            ? ControlClient.of(directory)
            : ControlDoor.open(directory, environment)) {
      switch (words[0]) {
        case "budgets" -> budgets(client, parsed, out);
        case "admin" -> admin(words[1], client, parsed, out);
        default -> entities(words[0], words[1], client, parsed, out);
      }
      return 0;
    } catch (ControlDoor.Failed failed) {
      err.println(failed.getMessage());
      return failed.exit();
    } catch (IOException unreadable) {
      err.println(unreadable.getMessage());
      return 1;
    }
  }

  private static void entities(
      String kind, String action, ControlDoor client, ParseResult parsed, PrintStream out)
      throws ControlDoor.Failed {
    String[] place = KINDS.getOrDefault(kind, new String[] {"", ""});
    boolean asJson = parsed.hasMatchedOption("--json");
    switch (action) {
      case "list" -> print(client.call("GET", place[0], null), place[1], asJson, out);
      case "create" -> {
        ObjectNode body = body(parsed);
        String field = kind.equals("accounts") ? "username" : "name";
        if (!body.has(field)) {
          body.put(field, name(parsed));
        }
        print(client.call("POST", place[0], JSON.writeValueAsString(body)), "", asJson, out);
      }
      case "update" ->
          print(
              client.call("PUT", item(place[0], parsed), JSON.writeValueAsString(body(parsed))),
              "",
              asJson,
              out);
      default -> {
        client.call("DELETE", item(place[0], parsed), null);
        out.println("Removed " + name(parsed) + ".");
      }
    }
  }

  private static String item(String path, ParseResult parsed) {
    return path + "/" + URLEncoder.encode(name(parsed), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static ObjectNode body(ParseResult parsed) throws ControlDoor.Failed {
    String given = parsed.matchedOptionValue("--fields", "{}");
    try {
      if (JSON.readTree(given) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException unreadable) {
      // Told below, with the same words as JSON that is no object.
    }
    throw new ControlDoor.Failed(1, "--fields takes a JSON object.");
  }

  private static String name(ParseResult parsed) {
    return String.valueOf(parsed.matchedPositional(0).<Object>getValue());
  }

  private static void print(
      @Nullable JsonNode answer, String list, boolean asJson, PrintStream out) {
    if (answer == null) {
      return;
    }
    if (asJson || list.isEmpty()) {
      out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer));
      return;
    }
    for (JsonNode item : answer.path(list)) {
      String name = item.path("name").stringValue("");
      String username = item.path("username").stringValue("");
      out.println(
          item.path("id").stringValue("")
              + "\t"
              + (username.isEmpty() ? name : username)
              + "\t"
              + item.path("role").stringValue(item.path("origin_place").stringValue("")));
    }
  }

  private static void budgets(ControlDoor client, ParseResult parsed, PrintStream out)
      throws ControlDoor.Failed {
    JsonNode answer = client.call("GET", "/api/governance/budgets", null);
    if (answer == null || parsed.hasMatchedOption("--json")) {
      print(answer, "", true, out);
      return;
    }
    for (JsonNode budget : answer.path("budgets")) {
      out.println(
          budget.path("owner").stringValue("")
              + "\t"
              + budget.path("current_usage").asString("unknown")
              + " of "
              + budget.path("max_limit").asString("")
              + " USD per "
              + budget.path("reset_duration").stringValue("")
              + "\tresets "
              + budget
                  .path("resets_at")
                  .stringValue(budget.has("current_usage") ? "never" : "unknown"));
    }
  }

  private static void admin(String action, ControlDoor client, ParseResult parsed, PrintStream out)
      throws ControlDoor.Failed, IOException {
    if (action.equals("link")) {
      JsonNode link = client.call("POST", "/api/admin/links", null);
      if (link != null) {
        out.println(link.path("path").stringValue(""));
        out.println(
            "Open this path at the gateway's address. It works once, until "
                + link.path("expires_at").stringValue("")
                + ".");
      }
      return;
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String password = in.readLine();
    if (password == null || password.isEmpty()) {
      throw new ControlDoor.Failed(
          1, "There is no password on the first line of standard input; nothing is changed.");
    }
    ObjectNode body = JSON.createObjectNode();
    body.put("password", password);
    client.call("PUT", item("/api/accounts", parsed), JSON.writeValueAsString(body));
    out.println("The password of " + name(parsed) + " is changed; its sessions have ended.");
  }
}
