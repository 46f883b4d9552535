package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.core.config.NetworkConfig.Proxy;
import dev.fairlead.core.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How to get out to a provider: {@code proxy_config}, or the environment's usual variables. */
final class ProxyReader {
  private final Map<String, String> environment;
  private final References references;
  private final Findings findings;

  ProxyReader(Map<String, String> environment, References references, Findings findings) {
    this.environment = environment;
    this.references = references;
    this.findings = findings;
  }

  /**
   * The proxy for {@code target} by {@code proxy_config} of {@code provider}; null for directly.
   */
  @Nullable Proxy read(Json.Obj provider, String path, URI target) {
    if (!Tree.has(provider, "proxy_config")) {
      return fromEnvironment(target);
    }
    Json.Obj config = Tree.object(provider, "proxy_config");
    String type = Tree.text(config, "type");
    if ("environment".equals(type)) {
      return fromEnvironment(target);
    }
    if (type == null || !(type.equals("http") || type.equals("socks5"))) {
      return null;
    }
    String own = path + ".proxy_config";
    String url = references.textOrNote(config.get("url"), own + ".url");
    if (url == null) {
      findings.problem(config, own + ".url", "is missing; a proxy of type " + type + " needs one");
      return null;
    }
    Proxy parsed = parse(url, Tree.texts(config, "no_proxy"));
    if (parsed == null || (parsed.kind() == Proxy.Kind.SOCKS5) != type.equals("socks5")) {
      findings.problem(
          config,
          own + ".url",
          "must be " + (type.equals("http") ? "http" : "socks5") + "://host:port");
      return null;
    }
    String username = references.textOrNote(config.get("username"), own + ".username");
    String password = references.textOrNote(config.get("password"), own + ".password");
    String authority = references.textOrNote(config.get("ca_cert_pem"), own + ".ca_cert_pem");
    return bypassed(target, parsed.noProxy())
        ? null
        : new Proxy(
            parsed.kind(),
            parsed.host(),
            parsed.port(),
            username == null ? parsed.username() : username,
            password == null ? parsed.password() : Secret.of(password),
            authority,
            parsed.noProxy());
  }

  /**
   * The proxy the environment asks for, as curl and most others understand it; never for this
   * machine itself.
   */
  @Nullable Proxy fromEnvironment(URI target) {
    boolean tls = "https".equals(target.getScheme());
    // HTTP_PROXY in capitals can be set by a CGI request header, but nothing here runs as one.
    String url = first(tls ? "https_proxy" : "http_proxy", "all_proxy");
    String host = target.getHost();
    if (url == null || host == null || HostKind.of(host) == HostKind.LOOPBACK) {
      return null;
    }
    String excluded = first("no_proxy");
    List<String> noProxy =
        excluded == null
            ? List.of()
            : Arrays.stream(excluded.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    Proxy proxy = parse(url.contains("://") ? url : "http://" + url, noProxy);
    if (proxy == null) {
      findings.note(
          "the proxy variables of the environment are not used: write them as http://host:port or"
              + " socks5://host:port");
      return null;
    }
    return bypassed(target, noProxy) ? null : proxy;
  }

  private @Nullable String first(String... names) {
    for (String name : names) {
      for (String spelling : List.of(name, name.toUpperCase(Locale.ROOT))) {
        String value = environment.get(spelling);
        if (value != null && !value.isBlank()) {
          return value.strip();
        }
      }
    }
    return null;
  }

  private static boolean bypassed(URI target, List<String> noProxy) {
    String host = target.getHost().toLowerCase(Locale.ROOT);
    for (String entry : noProxy) {
      String suffix = entry.toLowerCase(Locale.ROOT);
      suffix = suffix.startsWith("*.") ? suffix.substring(2) : suffix;
      suffix = suffix.startsWith(".") ? suffix.substring(1) : suffix;
      if (entry.equals("*") || host.equals(suffix) || host.endsWith("." + suffix)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Proxy parse(String url, List<String> noProxy) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return null;
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean socks = scheme.equals("socks5") || scheme.equals("socks5h") || scheme.equals("socks");
    if (uri.getHost() == null || !(socks || scheme.equals("http"))) {
      return null;
    }
    String user = null;
    Secret password = null;
    String credentials = uri.getRawUserInfo();
    if (credentials != null) {
      int colon = credentials.indexOf(':');
      user = decoded(colon < 0 ? credentials : credentials.substring(0, colon));
      String rest = colon < 0 ? "" : decoded(credentials.substring(colon + 1));
      password = rest.isEmpty() ? null : Secret.of(rest);
    }
    int port = uri.getPort() > 0 ? uri.getPort() : socks ? 1080 : 80;
    return new Proxy(
        socks ? Proxy.Kind.SOCKS5 : Proxy.Kind.HTTP,
        uri.getHost(),
        port,
        user,
        password,
        null,
        noProxy);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
