package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks what of {@code mcp} a shape cannot say, and tells that none of it is started yet. */
final class ToolServerCheck {
  private final References references;
  private final Findings findings;

  ToolServerCheck(References references, Findings findings) {
    this.references = references;
    this.findings = findings;
  }

  void check(Json.Obj mcp) {
    Map<String, Integer> names = new HashMap<>();
    List<String> configured = new ArrayList<>();
    List<Json> clients = Tree.items(mcp, "client_configs");
    for (int i = 0; i < clients.size(); i++) {
      if (clients.get(i) instanceof Json.Obj client) {
        String path = "mcp.client_configs[" + i + "]";
        String name = Tree.text(client, "name");
        Integer earlier = name == null ? null : names.putIfAbsent(name, i);
        if (earlier != null) {
          findings.problem(
              client,
              path + ".name",
              "\""
                  + name
                  + "\" is also the name of client_configs["
                  + earlier
                  + "]; give each its own");
        }
        connection(client, path);
        tools(client, path);
        configured.add(name == null ? path : name);
      }
    }
    if (!configured.isEmpty()) {
      findings.note(
          "mcp: "
              + configured.size()
              + (configured.size() == 1 ? " tool server is" : " tool servers are")
              + " configured and not started, because this version does not run tools yet: "
              + String.join(", ", configured));
    }
  }

  private void connection(Json.Obj client, String path) {
    String type = Tree.text(client, "connection_type");
    switch (type) {
      case "stdio" -> {
        if (!Tree.has(client, "stdio_config")) {
          findings.problem(
              client,
              path + ".stdio_config",
              "is missing; a server of connection_type stdio needs {\"command\": …, \"args\":"
                  + " […]}");
        }
      }
      case "http", "sse" -> {
        Json at = client.get("connection_string");
        if (at == null) {
          findings.problem(
              client,
              path + ".connection_string",
              "is missing; a server of connection_type " + type + " needs its URL");
        } else if (references.resolve(at, path + ".connection_string")
                instanceof References.Value.Given(String url)
            && Format.URL.complaint(url.replaceAll("\\?.*$", "")) != null) {
          findings.problem(at, path + ".connection_string", "is not a URL; write scheme and host");
        }
      }
      case "inprocess" ->
          findings.note(
              path + ": connection_type inprocess exists only for programs that embed a gateway");
      case null, default -> {}
    }
  }

  private void tools(Json.Obj client, String path) {
    List<String> allowed = Tree.texts(client, "tools_to_execute");
    if (allowed.contains("*")) {
      return;
    }
    List<String> automatic = Tree.texts(client, "tools_to_auto_execute");
    for (int i = 0; i < automatic.size(); i++) {
      if (!allowed.contains(automatic.get(i))) {
        findings.problem(
            client,
            path + ".tools_to_auto_execute[" + i + "]",
            "\""
                + automatic.get(i)
                + "\" is not in tools_to_execute, so it may not be executed at all; add it there,"
                + " too");
      }
    }
  }
}
