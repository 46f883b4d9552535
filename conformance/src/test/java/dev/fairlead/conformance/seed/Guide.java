package dev.fairlead.conformance.seed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of the guide, letter by letter. */
enum Guide {
  CONFIG("config.json"),
  CONFIG_WITH_MCP("config-with-mcp.json"),
  PROVIDER_KEYS("provider-keys.sh"),
  CLAUDE_CODE("claude-code.sh"),
  MODELS("models.txt"),
  FALLBACKS("fallbacks.json");

  private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)=\"([^\"]*)\"");

  private final String file;

  Guide(String file) {
    this.file = file;
  }

  String text() {
    try (InputStream in = Guide.class.getResourceAsStream("/seed/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> lines() {
    return text().lines().toList();
  }

  /**
   * What the environment holds after a shell has run the block, which must be nothing but exports.
   */
  Map<String, String> exports() {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String line : lines()) {
      Matcher export = EXPORT.matcher(line);
      if (!export.matches()) {
        throw new AssertionError("not an export: " + line);
      }
      environment.put(export.group(1), export.group(2));
    }
    return environment;
  }

  /** One variable of {@link #exports}, which must be there. */
  String export(String name) {
    return Objects.requireNonNull(exports().get(name), name);
  }
}
