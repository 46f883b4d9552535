package dev.fairlead.app.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The answers of {@code fairlead route} for people. */
final class RouteText {
  private RouteText() {}

  static void explanation(JsonNode answer, PrintStream out) {
    JsonNode request = answer.path("request");
    if (request.has("model")) {
      out.println(
          "model          "
              + text(request, "model")
              + (request.has("leads_to") ? " leads to " + text(request, "leads_to") : ""));
    }
    for (String about : List.of("client", "session", "repository", "cwd", "branch")) {
      if (request.has(about) && !text(request, about).isEmpty()) {
        out.println(padded(about) + text(request, about));
      }
    }
    if (!request.path("paths").isEmpty()) {
      out.println(padded("paths") + list(request.path("paths")));
    }
    for (JsonNode rule : answer.path("rules")) {
      out.println(
          padded("rule")
              + text(rule, "name")
              + " ("
              + text(rule, "action")
              + (text(rule, "mode").equals("observe") ? ", observed only" : "")
              + "): "
              + (rule.path("taken").asBoolean()
                  ? "taken"
                  : switch (text(rule, "matches")) {
                    case "true" -> "matches, is not taken";
                    case "false" -> "does not match";
                    default -> "cannot be decided, " + text(rule, "why");
                  })
              + (rule.has("looked_at") ? " [" + text(rule, "looked_at") + "]" : ""));
    }
    if (!answer.path("required_tags").isEmpty()) {
      out.println(padded("required tags") + list(answer.path("required_tags")));
    }
    for (JsonNode target : answer.path("targets")) {
      out.println(
          padded("target")
              + text(target, "provider")
              + "/"
              + text(target, "model")
              + " at "
              + text(target, "host")
              + (target.path("keys").isEmpty() ? "" : ", keys " + list(target.path("keys"))));
    }
    for (JsonNode skipped : answer.path("skipped")) {
      out.println(padded("skipped") + skipped.asString());
    }
    for (JsonNode note : answer.path("notes")) {
      out.println(padded("note") + note.asString());
    }
    if (answer.has("refusal")) {
      JsonNode refusal = answer.path("refusal");
      out.println(
          padded("refused")
              + refusal.path("status").asInt()
              + " "
              + text(refusal, "code")
              + ": "
              + text(refusal, "message"));
    }
  }

  static void reach(JsonNode answer, PrintStream out) {
    out.println("Requests of the key " + text(answer.path("key"), "name") + " can only go to:");
    for (JsonNode provider : answer.path("providers")) {
      out.println(
          "  "
              + list(provider.path("hosts"))
              + "  ("
              + text(provider, "provider")
              + (provider.path("tags").isEmpty() ? "" : ", tags " + list(provider.path("tags")))
              + (provider.has("proxy") ? ", through the proxy " + text(provider, "proxy") : "")
              + (provider.has("note") ? ", " + text(provider, "note") : "")
              + ")");
    }
    if (answer.path("providers").isEmpty()) {
      out.println("  nowhere");
    }
    for (JsonNode excluded : answer.path("excluded")) {
      out.println("Never to " + text(excluded, "provider") + ": " + text(excluded, "why") + ".");
    }
  }

  private static String padded(String label) {
    return label + " ".repeat(Math.max(1, 15 - label.length()));
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  private static String list(JsonNode texts) {
    List<String> all = new ArrayList<>();
    texts.forEach(text -> all.add(text.asString()));
    return String.join(", ", all);
  }
}
