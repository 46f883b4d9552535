package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.telemetry.TelemetrySettings;
import dev.fairlead.app.telemetry.trace.TracingSettings;
import dev.fairlead.app.telemetry.trace.TracingSettings.Protocol;
import dev.fairlead.core.config.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway tells of itself beside logs. Where traces go: the plug-in {@code otel} of the
 * configuration file in the form other gateways write it, or else the variables of OpenTelemetry's
 * specification ({@code OTEL_EXPORTER_OTLP_ENDPOINT} …). Read once, at the start.
 */
public final class TelemetryReader {
  /** Name of the plug-in in {@code plugins[]}. */
  static final String PLUGIN = "otel";

  private static final int MOST_TAG_LABELS = 4;
  private static final String TRACES_PATH = "/v1/traces";
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
  private static final Set<String> KNOWN =
      Set.of(
          "service_name",
          "collector_url",
          "protocol",
          "headers",
          "tls_ca_cert",
          "insecure",
          "sample_ratio",
          "timeout_in_seconds",
          "resource_attributes",
          "content",
          "disable_content_logging");

  /** What other gateways can be told about traces and we do not need to be. */
  private static final Set<String> IGNORED =
      Set.of(
          "trace_type",
          "metrics_enabled",
          "metrics_endpoint",
          "metrics_push_interval",
          "request_headers",
          "group_traces_by_session",
          "disable_root_span_content",
          "plugin_span_filter");

  private TelemetryReader() {}

  /**
   * What {@code config.json} in {@code directory} and the environment say.
   *
   * @throws IOException when what they say cannot be used
   */
  public static TelemetrySettings read(Path directory, Map<String, String> environment)
      throws IOException {
    Findings findings = new Findings();
    Json.Obj root = new Json.Obj(Map.of(), 1, 1);
    try (InputStream in = Files.newInputStream(directory.resolve(ConfigReader.FILE))) {
      if (JsonReader.read(in.readNBytes(JsonReader.MOST_BYTES + 1), findings.problems())
          instanceof Json.Obj object) {
        root = object;
      }
    } catch (NoSuchFileException e) {
      // Then the environment alone decides.
    }
    TracingSettings read =
        read(root, new References(directory, environment, findings), environment, findings);
    if (!findings.problems().isEmpty()) {
      throw new IOException(findings.problems().getFirst().in(ConfigReader.FILE));
    }
    return new TelemetrySettings(read, tagLabels(root, findings));
  }

  /** Tags that become labels of what is spent; each multiplies the series, so there are few. */
  static List<String> tagLabels(Json.Obj root, Findings findings) {
    List<String> labels = Tree.texts(Tree.object(root, "client"), "prometheus_labels");
    List<String> usable =
        labels.stream()
            .map(label -> label.toLowerCase(Locale.ROOT))
            .filter(label -> label.matches("[a-z][a-z0-9_-]{0,40}"))
            .distinct()
            .limit(MOST_TAG_LABELS)
            .toList();
    if (usable.size() < labels.size()) {
      findings.note(
          "client.prometheus_labels: only the first "
              + MOST_TAG_LABELS
              + " names of letters, digits, - and _ are used: "
              + String.join(", ", usable));
    }
    return usable;
  }

  static @Nullable TracingSettings read(
      Json.Obj root, References references, Map<String, String> environment, Findings findings) {
    List<Json> plugins = Tree.items(root, "plugins");
    for (int i = 0; i < plugins.size(); i++) {
      if (plugins.get(i) instanceof Json.Obj plugin && PLUGIN.equals(Tree.text(plugin, "name"))) {
        return Tree.flag(plugin, "enabled", true)
            ? configured(
                plugin,
                Tree.object(plugin, "config"),
                "plugins[" + i + "].config",
                references,
                findings)
            : null;
      }
    }
    return fromEnvironment(root, environment, findings);
  }

  private static @Nullable TracingSettings configured(
      Json.Obj plugin, Json.Obj config, String path, References references, Findings findings) {
    config
        .members()
        .forEach((name, at) -> {
          if (IGNORED.contains(name)) {
            findings.note(path + "." + name + " has no effect");
          } else if (!KNOWN.contains(name)) {
            findings.problem(
                at,
                path + "." + name,
                "is not known; known are " + String.join(", ", KNOWN.stream().sorted().toList()));
          }
        });
    String url = references.textOrNote(config.get("collector_url"), path + ".collector_url");
    if (url == null) {
      findings.problem(
          plugin,
          path + ".collector_url",
          "is missing; write the address of the collector, for example http://localhost:4318");
      return null;
    }
    String written = Tree.text(config, "protocol");
    Protocol protocol =
        switch (written) {
          case null -> Protocol.HTTP;
          case "http", "http/protobuf" -> Protocol.HTTP;
          case "grpc" -> Protocol.GRPC;
          default -> {
            findings.problem(plugin, path + ".protocol", "is \"http\" or \"grpc\"");
            yield Protocol.HTTP;
          }
        };
    URI endpoint = endpoint(url, protocol, Tree.flag(config, "insecure", false));
    if (endpoint == null) {
      findings.problem(plugin, path + ".collector_url", "is no address like http://localhost:4318");
      return null;
    }
    Map<String, Secret> headers = new LinkedHashMap<>();
    Tree.object(config, "headers")
        .members()
        .forEach((name, at) -> {
          String value = references.textOrNote(at, path + ".headers." + name);
          if (value != null) {
            headers.put(name, Secret.of(value));
          }
        });
    Map<String, String> resource = new LinkedHashMap<>();
    Json.Obj attributes = Tree.object(config, "resource_attributes");
    attributes
        .members()
        .keySet()
        .forEach(name -> {
          String value = Tree.text(attributes, name);
          if (value != null) {
            resource.put(name, value);
          }
        });
    Double ratio = Tree.decimal(config, "sample_ratio");
    if (ratio != null && !(ratio >= 0 && ratio <= 1)) {
      findings.problem(plugin, path + ".sample_ratio", "is a share from 0 to 1");
      return null;
    }
    Long seconds = Tree.whole(config, "timeout_in_seconds");
    String name = references.textOrNote(config.get("service_name"), path + ".service_name");
    return new TracingSettings(
        protocol,
        endpoint,
        headers,
        name == null ? "fairlead" : name,
        resource,
        ratio == null ? 1 : ratio,
        references.textOrNote(config.get("tls_ca_cert"), path + ".tls_ca_cert"),
        Duration.ofSeconds(seconds == null ? 10 : Math.clamp(seconds, 1, 60)),
        content(config, path, findings));
  }

  /**
   * Nobody sends what people say by leaving a line out, so other gateways' field for the opposite
   * only forbids.
   */
  private static boolean content(Json.Obj config, String path, Findings findings) {
    boolean wanted = truth(config, "content", path, findings);
    boolean forbidden = truth(config, "disable_content_logging", path, findings);
    if (!wanted && !forbidden && Tree.has(config, "disable_content_logging")) {
      findings.note(
          path + ".disable_content_logging: false alone sends no contents; \"content\": true does");
    }
    return wanted && !forbidden;
  }

  private static boolean truth(Json.Obj config, String name, String path, Findings findings) {
    Json at = config.get(name);
    if (at != null && !(at instanceof Json.Bool) && !(at instanceof Json.Null)) {
      findings.problem(at, path + "." + name, "is true or false");
    }
    return Tree.flag(config, name, false);
  }

  private static @Nullable TracingSettings fromEnvironment(
      Json.Obj root, Map<String, String> environment, Findings findings) {
    String variable = set(environment, TRACES_ENDPOINT) != null ? TRACES_ENDPOINT : ENDPOINT;
    String url = set(environment, variable);
    if (url == null
        || "true".equalsIgnoreCase(set(environment, "OTEL_SDK_DISABLED"))
        || "none".equalsIgnoreCase(set(environment, "OTEL_TRACES_EXPORTER"))) {
      return null;
    }
    String written = set(environment, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL");
    written = written == null ? set(environment, "OTEL_EXPORTER_OTLP_PROTOCOL") : written;
    Protocol protocol = "grpc".equals(written) ? Protocol.GRPC : Protocol.HTTP;
    // The specification takes an address for traces as it is, and adds the path to the general one.
    URI endpoint =
        variable.equals(TRACES_ENDPOINT) && protocol == Protocol.HTTP
            ? address(url)
            : endpoint(url, protocol, false);
    if (endpoint == null) {
      findings.problem(root, variable, "is no address like http://localhost:4318");
      return null;
    }
    Map<String, Secret> headers = new LinkedHashMap<>();
    pairs(set(environment, "OTEL_EXPORTER_OTLP_HEADERS"))
        .forEach((name, value) -> headers.put(name, Secret.of(value)));
    String name = set(environment, "OTEL_SERVICE_NAME");
    return new TracingSettings(
        protocol,
        endpoint,
        headers,
        name == null ? "fairlead" : name,
        pairs(set(environment, "OTEL_RESOURCE_ATTRIBUTES")),
        ratio(environment, root, findings),
        null,
        Duration.ofSeconds(10),
        asksForContent(set(environment, CAPTURE)));
  }

  /** The words of OpenTelemetry's instrumentations that mean spans. */
  private static boolean asksForContent(@Nullable String capture) {
    return capture != null
        && switch (capture.toLowerCase(Locale.ROOT)) {
          case "true", "span_only", "span_and_event" -> true;
          default -> false;
        };
  }

  private static double ratio(Map<String, String> environment, Json.Obj root, Findings findings) {
    String sampler = set(environment, "OTEL_TRACES_SAMPLER");
    String argument = set(environment, "OTEL_TRACES_SAMPLER_ARG");
    if (sampler == null || sampler.endsWith("always_on")) {
      return 1;
    }
    if (sampler.endsWith("always_off")) {
      return 0;
    }
    try {
      double ratio = argument == null ? 1 : Double.parseDouble(argument);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException notANumber) {
      // Told below.
    }
    findings.problem(root, "OTEL_TRACES_SAMPLER_ARG", "is a share from 0 to 1");
    return 1;
  }

  private static Map<String, String> pairs(@Nullable String list) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (list != null) {
      for (String pair : list.split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          pairs.put(pair.substring(0, equals).strip(), decoded(pair.substring(equals + 1).strip()));
        }
      }
    }
    return pairs;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return value;
    }
  }

  private static @Nullable String set(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static @Nullable URI endpoint(String written, Protocol protocol, boolean insecure) {
    URI address =
        address(written.contains("://") ? written : (insecure ? "http://" : "https://") + written);
    if (address == null) {
      return null;
    }
    String path = address.getRawPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    String base = address.getScheme() + "://" + address.getRawAuthority();
    return switch (protocol) {
      case GRPC -> URI.create(base);
      case HTTP ->
          bare
              ? URI.create(base + TRACES_PATH)
              : path.endsWith(TRACES_PATH)
                  ? address
                  : URI.create(
                      base
                          + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                          + TRACES_PATH);
    };
  }

  private static @Nullable URI address(String written) {
    try {
      URI address = new URI(written);
      boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      return web && address.getHost() != null ? address : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
