package dev.fairlead.app.telemetry;

import dev.fairlead.app.telemetry.trace.TracingSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway tells of itself beside logs.
 *
 * @param tracing where traces go, or null for nowhere
 * @param tagLabels names of the clients' tags that become labels of metrics
 */
public record TelemetrySettings(@Nullable TracingSettings tracing, List<String> tagLabels) {
  public TelemetrySettings {
    tagLabels = List.copyOf(tagLabels);
  }
}
