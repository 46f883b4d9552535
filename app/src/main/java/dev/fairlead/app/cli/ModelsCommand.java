package dev.fairlead.app.cli;

import dev.fairlead.app.config.ConfigSource;
import dev.fairlead.app.config.Loaded;
import dev.fairlead.app.models.BundledCatalogue;
import dev.fairlead.app.models.Listing;
import dev.fairlead.app.models.ModelTable;
import dev.fairlead.app.serve.AppDirectory;
import dev.fairlead.core.models.ModelInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code fairlead models}: what can be asked for and what fits. The gateway that serves from the
 * app directory is asked, because it also knows what providers list; where none runs, the
 * configuration is read.
 */
final class ModelsCommand {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern ADDRESS = Pattern.compile(" at (http://[^\\s]+)$");
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private ModelsCommand() {}

  static int run(
      ParseResult parsed,
      Path directory,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    String provider = parsed.matchedOptionValue("--provider", (String) null);
    String filter =
        parsed.hasMatchedPositional(0)
            ? String.valueOf(parsed.matchedPositional(0).<Object>getValue())
            : null;
    String document =
        fromRunning(directory, provider, filter, environment.get("FAIRLEAD_API_KEY"), err);
    if (document == null) {
      document = fromConfiguration(directory, environment, provider, filter, err);
    }
    if (document == null) {
      return 1;
    }
    if (parsed.hasMatchedOption("--json")) {
      out.println(document);
      return 0;
    }
    List<JsonNode> models = new ArrayList<>();
    JSON.readTree(document).path("models").forEach(models::add);
    if (parsed.hasMatchedOption("--cursor")) {
      cursor(models, out);
    } else {
      table(models, out);
    }
    return 0;
  }

  // ---- where from
  // ------------------------------------------------------------------------------------------------

  private static @Nullable String fromRunning(
      Path directory,
      @Nullable String provider,
      @Nullable String filter,
      @Nullable String key,
      PrintStream err) {
    String holder = AppDirectory.holder(directory);
    Matcher address = ADDRESS.matcher(holder == null ? "" : holder);
    if (!address.find()) {
      return null;
    }
    StringBuilder query = new StringBuilder();
    parameter(query, "provider", provider);
    parameter(query, "query", filter);
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(address.group(1) + "/api/models" + query).toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      if (key != null && !key.isBlank()) {
        connection.setRequestProperty("authorization", "Bearer " + key.strip());
      }
      int status = connection.getResponseCode();
      if (status == 200) {
        try (InputStream in = connection.getInputStream()) {
          String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
          JSON.readTree(text);
          return text;
        }
      }
      err.println(
          "The gateway at "
              + address.group(1)
              + " answered HTTP "
              + status
              + (status == 401 ? "; set FAIRLEAD_API_KEY to a virtual key to see its models" : "")
              + ". Reading the configuration instead.");
    } catch (IOException gone) {
      // The lock file outlives the process that wrote it; then the configuration says what is left.
      return null;
    } catch (JacksonException another) {
      err.println(
          address.group(1)
              + " did not answer as Fairlead does. Reading the configuration instead.");
    }
    return null;
  }

  private static void parameter(StringBuilder query, String name, @Nullable String value) {
    if (value != null) {
      query
          .append(query.isEmpty() ? '?' : '&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }

  private static @Nullable String fromConfiguration(
      Path directory,
      Map<String, String> environment,
      @Nullable String provider,
      @Nullable String filter,
      PrintStream err) {
    Clock clock = Clock.systemUTC();
    return switch (ConfigSource.of(directory, environment, clock).load()) {
      case Loaded.Good good ->
          ModelTable.json(
              Listing.of(good.snapshot(), BundledCatalogue.load(Runnable::run, clock), null),
              new ModelTable.Wanted(provider, filter, Integer.MAX_VALUE),
              clock.instant());
      case Loaded.Bad bad -> {
        bad.problems().forEach(err::println);
        yield null;
      }
    };
  }

  // ---- in which shape
  // ---------------------------------------------------------------------------------------------

  private static void table(List<JsonNode> models, PrintStream out) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "MODEL", "WINDOW", "OUTPUT", "TOOLS", "IMAGES", "USD/M IN", "OUT", "RUNS", "NOTES"));
    for (JsonNode model : models) {
      rows.add(
          List.of(
              model.path("name").asString(),
              tokens(model, "context_window"),
              tokens(model, "max_output_tokens"),
              truth(model, "tools"),
              truth(model, "vision"),
              text(model, "usd_per_mtok_input"),
              text(model, "usd_per_mtok_output"),
              model.path("runs").asString("").equals("locally") ? "locally" : "",
              notes(model)));
    }
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i + 1 < columns) {
          line.repeat(' ', widths[i] - row.get(i).length() + 2);
        }
      }
      out.println(line.toString().stripTrailing());
    }
    out.println(
        models.isEmpty()
            ? "No model matches. fairlead models without words lists all."
            : "A dash stands for what is not known.");
  }

  private static String tokens(JsonNode model, String field) {
    JsonNode value = model.path(field);
    return value.isMissingNode() ? "-" : ModelInfo.rounded(value.asLong());
  }

  private static String truth(JsonNode model, String field) {
    JsonNode value = model.path(field);
    return value.isMissingNode() ? "-" : value.asBoolean() ? "yes" : "no";
  }

  private static String text(JsonNode model, String field) {
    JsonNode value = model.path(field);
    return value.isMissingNode() ? "-" : value.asString();
  }

  private static String notes(JsonNode model) {
    List<String> notes = new ArrayList<>();
    if (model.has("alias_of")) {
      List<String> targets = new ArrayList<>();
      model.path("alias_of").forEach(target -> targets.add(target.asString()));
      notes.add("alias of " + String.join(", ", targets));
    }
    if (model.has("retired")) {
      notes.add(
          "retired "
              + model.path("retired").path("since").asString()
              + ", now "
              + model.path("retired").path("successor").asString());
    }
    if (model.has("note")) {
      notes.add(model.path("note").asString());
    }
    if (model.has("cursor")) {
      notes.add(
          model.path("cursor").asString()
              + ", use an alias such as "
              + model.path("cursor_alias").asString());
    }
    return String.join("; ", notes);
  }

  /** Lines for config.json: a neutral name for each model Cursor would do something else with. */
  private static void cursor(List<JsonNode> models, PrintStream out) {
    Map<String, String> aliases = new TreeMap<>();
    for (JsonNode model : models) {
      if (model.has("cursor_alias") && model.has("provider")) {
        String wanted = model.path("cursor_alias").asString();
        String alias = wanted;
        for (int i = 2; aliases.containsKey(alias); i++) {
          alias = wanted + "-" + i;
        }
        aliases.put(alias, model.path("name").asString());
      }
    }
    if (aliases.isEmpty()) {
      out.println("Cursor takes these names as they are.");
      return;
    }
    out.println("\"fairlead\": {");
    out.println("  \"aliases\": {");
    int left = aliases.size();
    for (Map.Entry<String, String> alias : aliases.entrySet()) {
      left--;
      out.println(
          "    "
              + JSON.writeValueAsString(alias.getKey())
              + ": "
              + JSON.writeValueAsString(alias.getValue())
              + (left > 0 ? "," : ""));
    }
    out.println("  }");
    out.println("}");
  }
}
