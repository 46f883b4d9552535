package dev.fairlead.bench;

import dev.fairlead.bench.load.LoadSpec;
import dev.fairlead.bench.peer.ReplyScript;
import java.net.URI;

/**
 * Something that answers chat requests.
 *
 * @param name how the report calls it
 * @param host its address
 * @param port its port
 * @param path its chat completions path
 * @param key the bearer token it wants
 * @param modelPrefix what it wants before a model name; may be empty
 * @param slowModelPrefix the same for streams that stay open, where another provider serves them
 * @param pid its process, 0 if unknown
 */
record SystemUnderTest(
    String name,
    String host,
    int port,
    String path,
    String key,
    String modelPrefix,
    String slowModelPrefix,
    long pid) {

  private static final String CHAT = "/v1/chat/completions";
  private static final int MAX_CONNECTIONS_OPEN_LOOP = 512;

  /** A system on this machine at the usual path. */
  static SystemUnderTest local(String name, int port, String key, String modelPrefix, long pid) {
    return new SystemUnderTest(name, "127.0.0.1", port, CHAT, key, modelPrefix, modelPrefix, pid);
  }

  /**
   * Reads {@code name,url,key,modelPrefix[,pid]}.
   *
   * @throws IllegalArgumentException if it is not of that form, or the URL leaves this machine
   */
  static SystemUnderTest parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 4 && parts.length != 5) {
      throw new IllegalArgumentException(
          "--gateway wants name,url,key,modelPrefix[,pid], not \"" + text + "\"");
    }
    URI url = URI.create(parts[1]);
    if (url.getHost() == null || !"http".equals(url.getScheme())) {
      throw new IllegalArgumentException("--gateway wants an http:// URL, not " + parts[1]);
    }
    if (!url.getHost().equals("127.0.0.1") && !url.getHost().equals("localhost")) {
      throw new IllegalArgumentException("only gateways on 127.0.0.1 are measured, not " + url);
    }
    String base = url.getPath() == null ? "" : url.getPath().replaceAll("/+$", "");
    String path = base.endsWith("/v1") ? base + "/chat/completions" : base + CHAT;
    int port = url.getPort() < 0 ? 80 : url.getPort();
    long pid = parts.length == 5 && !parts[4].isBlank() ? Long.parseLong(parts[4]) : 0;
    return new SystemUnderTest(
        parts[0], "127.0.0.1", port, path, parts[2], parts[3], parts[3], pid);
  }

  /** The load of a scenario on this system. */
  LoadSpec load(Scenario scenario, long warmupMillis, long measureMillis) {
    ReplyScript script = scenario.script();
    int connections =
        switch (scenario.mode()) {
          case CLOSED, HELD -> scenario.connections();
          case OPEN -> MAX_CONNECTIONS_OPEN_LOOP;
        };
    return new LoadSpec(
        scenario.mode(),
        host,
        port,
        path,
        key,
        model(script),
        scenario.bodyBytes(),
        script.streams(),
        connections,
        scenario.ratePerSecond(),
        warmupMillis,
        measureMillis,
        pid);
  }

  /** The model name to send for a script. */
  String model(ReplyScript script) {
    return switch (script) {
      case SSE_500_MS, SILENT -> slowModelPrefix + script.model();
      case JSON, JSON_SLOW, SSE_BURST, SSE_SINGLY, SSE_10_MS -> modelPrefix + script.model();
    };
  }
}
