package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Secret;
import dev.fairlead.provider.Catalogue;
import dev.fairlead.provider.ProviderRow;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The providers of a start without configuration: those whose key is in the environment, and an
 * Ollama found nearby.
 */
final class EnvironmentProviders {
  private static final String OLLAMA = "ollama";
  private static final String OLLAMA_URL = "OLLAMA_BASE_URL";

  private final Map<String, String> environment;
  private final Findings findings;
  private final NetworkReader network;

  EnvironmentProviders(Path directory, Map<String, String> environment, Findings findings) {
    this.environment = environment;
    this.findings = findings;
    References references = new References(directory, environment, findings);
    this.network =
        new NetworkReader(references, new ProxyReader(environment, references, findings), findings);
  }

  /**
   * By name, in the order of the catalogue; {@code detected} is the address of an Ollama that
   * answered, or null.
   */
  Map<String, ProviderConfig> find(@Nullable URI detected) {
    Map<String, ProviderConfig> found = new LinkedHashMap<>();
    for (ProviderRow row : Catalogue.rows().values()) {
      for (String variable : row.environment()) {
        String value = environment.get(variable);
        if (value != null && !value.isBlank() && row.baseUrl() != null) {
          found.put(row.name(), withKey(row, row.baseUrl(), variable, value.strip()));
          break;
        }
      }
    }
    ProviderRow ollama = Objects.requireNonNull(Catalogue.row(OLLAMA));
    String written = environment.get(OLLAMA_URL);
    if (written != null && !written.isBlank()) {
      String complaint = Format.URL.complaint(written.strip());
      if (complaint == null) {
        URI url = ollama.normalise(URI.create(written.strip()));
        found.put(
            OLLAMA,
            provider(ollama, url, List.of(), new Origin(Origin.Source.ENVIRONMENT, OLLAMA_URL)));
      } else {
        findings.note(OLLAMA_URL + " is not used: it " + complaint);
      }
    } else if (detected != null) {
      Origin origin = new Origin(Origin.Source.DETECTED, "Ollama at " + detected);
      found.put(OLLAMA, provider(ollama, detected, List.of(), origin));
    }
    return found;
  }

  private ProviderConfig withKey(ProviderRow row, URI baseUrl, String variable, String value) {
    String off = KeyReader.unusable(value, row);
    if (off != null) {
      findings.note(variable + " is not used: " + off);
    }
    ProviderKey key =
        new ProviderKey(
            StableId.of("pk", row.name(), variable),
            variable,
            off == null ? Secret.of(value) : null,
            NameFilter.ALL,
            NameFilter.NONE,
            1,
            off == null,
            off == null ? null : off + " (" + variable + ")",
            Map.of(),
            List.of());
    return provider(row, baseUrl, List.of(key), new Origin(Origin.Source.ENVIRONMENT, variable));
  }

  private ProviderConfig provider(
      ProviderRow row, URI baseUrl, List<ProviderKey> keys, Origin origin) {
    return new ProviderConfig(
        row.name(),
        row.name(),
        row.local(),
        row.keyless(),
        row.auth(),
        keys,
        network.defaults(row, baseUrl),
        ProviderReader.CONCURRENCY,
        ProviderReader.QUEUE,
        row.operations(),
        row.paths(),
        row.sendsDoneMarker(),
        origin);
  }
}
