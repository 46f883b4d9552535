package dev.fairlead.app.telemetry.trace;

import dev.fairlead.core.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go.
 *
 * @param endpoint with HTTP the whole address, {@code …/v1/traces}; with gRPC scheme, host and port
 * @param headers sent with every batch; values may be credentials
 * @param resource further attributes of the process
 * @param ratio share, 0 to 1, of requests whose client traces nothing itself
 * @param trusted certificates in PEM the collector's may be signed with, or null for the system's
 * @param content whether spans carry what was said
 */
public record TracingSettings(
    Protocol protocol,
    URI endpoint,
    Map<String, Secret> headers,
    String serviceName,
    Map<String, String> resource,
    double ratio,
    @Nullable String trusted,
    Duration timeout,
    boolean content) {
  /** How OTLP travels. */
  public enum Protocol {
    HTTP,
    GRPC
  }

  public TracingSettings {
    headers = Map.copyOf(headers);
    resource = Map.copyOf(resource);
  }
}
