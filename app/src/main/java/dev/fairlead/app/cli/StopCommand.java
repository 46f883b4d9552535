package dev.fairlead.app.cli;

import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.serve.AppDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code fairlead stop WHAT}: ends requests under way in the gateway that serves from the app
 * directory. WHAT is the id of a request, else a session, else the id or name of a virtual key.
 */
final class StopCommand {
  static final String NAME = "stop";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MOST_BYTES = 64 * 1024;

  private StopCommand() {}

  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name(NAME).mixinStandardHelpOptions(true);
    spec.usageMessage().description("Stops requests under way; their clients are told.");
    return spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel("REQUEST|SESSION|KEY")
            .type(String.class)
            .description("id of a request, a session, or id or name of a virtual key")
            .build());
  }

  static int run(ParseResult parsed, Path directory, PrintStream out, PrintStream err) {
    String what = String.valueOf(parsed.matchedPositional(0).<Object>getValue());
    String control = AppDirectory.control(directory);
    String secret = LocalSecret.read(directory);
    if (control == null || secret == null) {
      err.println("No gateway serves from " + directory + "; say which with -app-dir.");
      return 1;
    }
    String name = URLEncoder.encode(what, StandardCharsets.UTF_8).replace("+", "%20");
    String base = control + "/api/inflight/";
    try {
      for (String path :
          new String[] {name + "/stop", "stop?session=" + name, "stop?key=" + name}) {
        int stopped = stop(base + path, secret);
        if (stopped > 0) {
          out.println(stopped == 1 ? "Stopped one request." : "Stopped " + stopped + " requests.");
          return 0;
        }
      }
    } catch (IOException failed) {
      err.println("The gateway at " + control + " did not do it: " + failed.getMessage());
      return 1;
    }
    err.println("Nothing under way is called " + what + "; GET /api/inflight lists what is.");
    return 1;
  }

  /** How many were stopped; 0 when there is nothing of that name. */
  private static int stop(String url, String secret) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod("POST");
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    connection.setRequestProperty("authorization", "Bearer " + secret);
    int status = connection.getResponseCode();
    if (status == 404) {
      return 0;
    }
    if (status != 200) {
      throw new IOException("it answered with status " + status);
    }
    try (InputStream in = connection.getInputStream()) {
      return JSON.readTree(in.readNBytes(MOST_BYTES)).path("stopped").asInt();
    }
  }
}
