package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.identity.HeaderTemplate;
import dev.fairlead.provider.ProviderRow;
import dev.fairlead.provider.Timeouts;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code network_config} and what else decides how a provider is reached. */
final class NetworkReader {
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final References references;
  private final ProxyReader proxies;
  private final Findings findings;

  NetworkReader(References references, ProxyReader proxies, Findings findings) {
    this.references = references;
    this.proxies = proxies;
    this.findings = findings;
  }

  /** What holds for a provider at {@code baseUrl} about which nothing is configured. */
  NetworkConfig defaults(ProviderRow row, URI baseUrl) {
    return read(new Json.Obj(Map.of(), 0, 0), "", row, baseUrl);
  }

  /** The address in {@code network_config.base_url} as written, or null. */
  @Nullable URI baseUrl(Json.Obj provider, String path) {
    Json.Obj config = Tree.object(provider, "network_config");
    return url(config, "base_url", path + ".network_config.base_url");
  }

  /** The URL at {@code name}, or null; a reference that leads to something else is a problem. */
  @Nullable URI url(Json.Obj object, String name, String path) {
    Json at = object.get(name);
    String text = references.textOrNote(at, path);
    if (text == null || at == null) {
      return null;
    }
    String complaint = Format.URL.complaint(text);
    if (complaint == null) {
      return URI.create(text);
    }
    if (!(at instanceof Json.Text(String written, int _, int _)) || !written.equals(text)) {
      findings.problem(at, path, "leads to a value that " + complaint);
    }
    return null;
  }

  /** Reads everything for a provider at {@code baseUrl}, which is normalised already. */
  NetworkConfig read(Json.Obj provider, String path, ProviderRow row, URI baseUrl) {
    Json.Obj config = Tree.object(provider, "network_config");
    String own = path + ".network_config";
    HostKind host = HostKind.of(baseUrl.getHost());
    boolean near = row.local() || host == HostKind.LOOPBACK || host == HostKind.PRIVATE;
    Timeouts timeouts = near ? Timeouts.LOCAL : row.timeouts();
    boolean insecure = Tree.flag(config, "insecure_skip_verify", false);
    if (insecure) {
      findings.note(
          own + ".insecure_skip_verify: certificates of " + baseUrl.getHost() + " are not checked");
    }
    Duration requestTimeout =
        seconds(config, "default_request_timeout_in_seconds", timeouts.firstByte());
    Duration first = milliseconds(config, "retry_backoff_initial", 500);
    Duration last = milliseconds(config, "retry_backoff_max", 5000);
    if (last.compareTo(first) < 0) {
      if (Tree.has(config, "retry_backoff_max")) {
        findings.problem(
            config, own + ".retry_backoff_max", "is smaller than retry_backoff_initial; swap them");
      }
      last = first;
    }
    Map<String, HeaderTemplate> identity = new LinkedHashMap<>();
    Map<String, String> extra = headers(config, own, identity);
    return new NetworkConfig(
        baseUrl,
        extra,
        identity,
        seconds(config, "connect_timeout_in_seconds", timeouts.connect()),
        seconds(config, "first_byte_timeout_in_seconds", requestTimeout),
        seconds(config, "stream_idle_timeout_in_seconds", timeouts.idle()),
        seconds(config, "total_timeout_in_seconds", timeouts.total()),
        whole(config, "max_retries", 2),
        first,
        last,
        Tree.flag(config, "enforce_http2", false),
        insecure,
        authorities(config, own),
        privateNetwork(config, own, row, baseUrl, host),
        whole(config, "max_conns_per_host", 1000),
        seconds(config, "keep_alive_timeout_in_seconds", Duration.ofSeconds(30)),
        proxies.read(provider, path, baseUrl));
  }

  /**
   * Whether private addresses may be connected to; a base URL that needs what is not allowed is a
   * problem.
   */
  private boolean privateNetwork(
      Json.Obj config, String own, ProviderRow row, URI baseUrl, HostKind host) {
    if (host == HostKind.LINK_LOCAL) {
      findings.problem(
          config,
          own + ".base_url",
          "is a link-local address, where clouds keep credentials; Fairlead never connects there");
    }
    boolean allowed = Tree.flag(config, "allow_private_network", row.local());
    if (host == HostKind.PRIVATE && !allowed) {
      findings.problem(
          config,
          own + ".base_url",
          baseUrl.getHost()
              + " is a private address; add \"allow_private_network\": true if it is meant");
    }
    return allowed;
  }

  /** The headers as they are; those that name who is asking go to {@code identity}. */
  private Map<String, String> headers(
      Json.Obj config, String own, Map<String, HeaderTemplate> identity) {
    Map<String, String> headers = new LinkedHashMap<>();
    Json.Obj table = Tree.object(config, "extra_headers");
    table
        .members()
        .forEach((name, at) -> {
          String path = JsonReader.child(own + ".extra_headers", name);
          String complaint = Format.HEADER.complaint(name);
          if (complaint != null) {
            findings.problem(at, path, complaint);
          } else if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            findings.problem(at, path, "is set by the connection itself; remove it");
          } else {
            String value = references.textOrNote(at, path);
            if (value != null && !isHeaderValue(value)) {
              findings.problem(at, path, "holds a line break or control character; remove it");
            } else if (value != null && isTemplate(at, value)) {
              try {
                identity.put(name, HeaderTemplate.parse(value));
              } catch (IllegalArgumentException unknown) {
                findings.problem(at, path, String.valueOf(unknown.getMessage()));
              }
            } else if (value != null) {
              headers.put(name, value);
            }
          }
        });
    return headers;
  }

  /** What comes from a reference may be a secret that happens to hold braces. */
  private static boolean isTemplate(Json at, String value) {
    return at instanceof Json.Text(String written, int _, int _)
        && written.equals(value)
        && HeaderTemplate.isOne(value);
  }

  /** Whether a value can be sent in a header without changing the request around it. */
  static boolean isHeaderValue(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c != 0x7f);
  }

  private @Nullable String authorities(Json.Obj config, String own) {
    Json at = config.get("ca_cert_pem");
    String pem = references.textOrNote(at, own + ".ca_cert_pem");
    if (pem == null || at == null) {
      return null;
    }
    try {
      int found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))
              .size();
      if (found > 0) {
        return pem;
      }
    } catch (CertificateException e) {
      // Told below: which byte of the encoding is wrong helps nobody.
    }
    findings.problem(
        at,
        own + ".ca_cert_pem",
        "holds no certificate; paste it from -----BEGIN CERTIFICATE----- to the end, or use"
            + " file.PATH");
    return null;
  }

  private static int whole(Json.Obj config, String name, int otherwise) {
    Long value = Tree.whole(config, name);
    return value == null ? otherwise : Math.clamp(value, 0, 100_000);
  }

  private static Duration seconds(Json.Obj config, String name, Duration otherwise) {
    Long value = Tree.whole(config, name);
    return value == null
        ? otherwise
        : Duration.ofSeconds(Math.clamp(value, 1, ProviderFields.MOST_SECONDS));
  }

  private static Duration milliseconds(Json.Obj config, String name, int otherwise) {
    String text = Tree.text(config, name);
    if (text != null && Format.DURATION.complaint(text) == null) {
      return Format.duration(text);
    }
    Long value = Tree.whole(config, name);
    return Duration.ofMillis(value == null ? otherwise : Math.clamp(value, 0, 600_000));
  }
}
