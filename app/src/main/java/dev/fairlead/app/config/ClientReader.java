package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.ClientSettings.Weighted;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.OllamaSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code client} and {@code fairlead}. */
final class ClientReader {
  private static final long MIB = 1L << 20;
  private static final long DEFAULT_BODY_MIB = 100;

  private final ProviderNames providers;
  private final Findings findings;

  ClientReader(ProviderNames providers, Findings findings) {
    this.providers = providers;
    this.findings = findings;
  }

  /** What holds for all clients by {@code root}; the defaults where it says nothing. */
  ClientSettings read(Json.Obj root) {
    Json.Obj client = Tree.object(root, "client");
    Json.Obj fairlead = Tree.object(root, "fairlead");
    Json.Obj filter = Tree.object(client, "header_filter_config");
    Json.Obj governance = governancePlugin(root);
    Long bodyMib = Tree.whole(client, "max_request_body_size_mb");
    List<String> required = new ArrayList<>(Tree.texts(client, "required_headers"));
    required.addAll(Tree.texts(governance, "required_headers"));
    return new ClientSettings(
        anonymous(client, fairlead),
        Tree.flag(client, "enforce_auth_on_inference", false)
            || Tree.flag(client, "enforce_governance_header", false)
            || Tree.flag(governance, "is_vk_mandatory", false),
        Tree.flag(client, "allow_direct_keys", false),
        (bodyMib == null ? DEFAULT_BODY_MIB : Math.clamp(bodyMib, 1, 2048)) * MIB,
        origins(client),
        headers(client),
        List.copyOf(new LinkedHashSet<>(required)),
        blocks(fairlead),
        publicUrl(fairlead),
        Tree.flag(client, "drop_excess_requests", false),
        lowered(Tree.texts(filter, "allowlist")),
        lowered(Tree.texts(filter, "denylist")),
        fallbacks(fairlead),
        aliases(fairlead),
        smallModel(fairlead),
        ollama(Tree.object(fairlead, "ollama")),
        Tree.flag(fairlead, "reveal_repository", Tree.flag(client, "enable_logging", true)),
        LoggingReader.read(root, findings));
  }

  /**
   * The settings of the built-in governance plug-in of other gateways, which say what {@code
   * client} can say too.
   */
  private static Json.Obj governancePlugin(Json.Obj root) {
    for (Json item : Tree.items(root, "plugins")) {
      if (item instanceof Json.Obj plugin
          && "governance".equals(Tree.text(plugin, "name"))
          && Tree.flag(plugin, "enabled", true)) {
        return Tree.object(plugin, "config");
      }
    }
    return Tree.object(root, "");
  }

  private boolean anonymous(Json.Obj client, Json.Obj fairlead) {
    boolean first = Tree.flag(client, "allow_anonymous", false);
    boolean second = Tree.flag(fairlead, "allow_anonymous", false);
    if (Tree.has(client, "allow_anonymous")
        && Tree.has(fairlead, "allow_anonymous")
        && first != second) {
      findings.problem(
          fairlead,
          "fairlead.allow_anonymous",
          "contradicts client.allow_anonymous; keep one of them");
    }
    return first || second;
  }

  private List<String> origins(Json.Obj client) {
    List<String> origins = new ArrayList<>();
    List<String> written = Tree.texts(client, "allowed_origins");
    for (int i = 0; i < written.size(); i++) {
      String origin = written.get(i);
      String bare = origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
      boolean fits =
          bare.toLowerCase(Locale.ROOT)
              .matches("[a-z][a-z0-9+.-]*://(\\*\\.)?[a-z0-9._:\\[\\]-]+?(:\\*)?");
      if (fits || bare.equals("*")) {
        origins.add(bare);
      } else {
        findings.problem(
            client,
            "client.allowed_origins[" + i + "]",
            "is not an origin; write scheme and host, like https://chat.example.com,"
                + " https://*.example.com or http://localhost:*");
      }
    }
    return origins;
  }

  private List<String> headers(Json.Obj client) {
    List<String> headers = Tree.texts(client, "allowed_headers");
    for (int i = 0; i < headers.size(); i++) {
      String complaint = Format.HEADER.complaint(headers.get(i));
      if (complaint != null) {
        findings.problem(client, "client.allowed_headers[" + i + "]", complaint);
      }
    }
    return headers;
  }

  private AddressBlocks blocks(Json.Obj fairlead) {
    List<String> blocks = new ArrayList<>();
    List<String> written = Tree.texts(fairlead, "trusted_proxies");
    for (int i = 0; i < written.size(); i++) {
      String text = written.get(i);
      String block =
          text.indexOf('/') >= 0 ? text : text + (text.indexOf(':') < 0 ? "/32" : "/128");
      if (Format.CIDR.complaint(text) != null) {
        // Told with the shape.
        continue;
      }
      try {
        AddressBlocks.of(List.of(block));
        blocks.add(block);
      } catch (IllegalArgumentException notABlock) {
        String complaint = "is not an address block; write it like 10.0.0.0/8 or 192.0.2.7";
        findings.problem(fairlead, "fairlead.trusted_proxies[" + i + "]", complaint);
      }
    }
    return AddressBlocks.of(blocks);
  }

  private static @Nullable String publicUrl(Json.Obj fairlead) {
    String url = Tree.text(fairlead, "public_url");
    return url == null ? null : url.replaceAll("/+$", "");
  }

  private static Set<String> lowered(List<String> names) {
    Set<String> lowered = new HashSet<>();
    for (String name : names) {
      lowered.add(name.toLowerCase(Locale.ROOT));
    }
    return lowered;
  }

  private Map<String, List<ModelRef>> fallbacks(Json.Obj fairlead) {
    Map<String, List<ModelRef>> fallbacks = new HashMap<>();
    Json.Obj table = Tree.object(fairlead, "fallbacks");
    for (String name : table.members().keySet()) {
      fallbacks.put(
          name,
          providers.refs(Tree.items(table, name), JsonReader.child("fairlead.fallbacks", name)));
    }
    return fallbacks;
  }

  private Map<String, List<Weighted>> aliases(Json.Obj fairlead) {
    Map<String, List<Weighted>> aliases = new LinkedHashMap<>();
    Tree.object(fairlead, "aliases")
        .members()
        .forEach((name, at) -> {
          String path = JsonReader.child("fairlead.aliases", name);
          List<Weighted> targets = new ArrayList<>();
          if (at instanceof Json.Arr(List<Json> items, int _, int _)) {
            for (int i = 0; i < items.size(); i++) {
              target(items.get(i), path + "[" + i + "]", targets);
            }
          } else {
            target(at, path, targets);
          }
          if (targets.isEmpty()) {
            if (at instanceof Json.Arr(List<Json> items, int _, int _) && items.isEmpty()) {
              findings.problem(
                  at, path, "has no targets; write provider/model, or remove the alias");
            }
          } else if (targets.stream().noneMatch(target -> target.weight() > 0)) {
            findings.problem(at, path, "gives every target the weight 0; give one of them more");
          } else {
            aliases.put(name, List.copyOf(targets));
          }
        });
    return aliases;
  }

  private void target(Json at, String path, List<Weighted> targets) {
    ModelRef ref;
    double weight = 1;
    if (at instanceof Json.Obj object) {
      String model = Tree.text(object, "model");
      Double written = Tree.decimal(object, "weight");
      ref = model == null ? null : ModelRefs.parse(model);
      weight = written == null ? 1 : Math.max(0, written);
    } else {
      ref = ModelRefs.one(at);
    }
    if (ref != null) {
      providers.check(ref.provider(), at, path);
      targets.add(new Weighted(ref, weight));
    }
  }

  private static OllamaSettings ollama(Json.Obj ollama) {
    OllamaSettings usual = OllamaSettings.USUAL;
    Long cap = Tree.whole(ollama, "num_ctx_cap");
    String keepAlive = Tree.text(ollama, "keep_alive");
    return new OllamaSettings(
        cap == null ? usual.numCtxCap() : cap,
        keepAlive == null ? usual.keepAlive() : keepAlive,
        !"refuse".equals(Tree.text(ollama, "tools")));
  }

  private @Nullable ModelRef smallModel(Json.Obj fairlead) {
    ModelRef ref = ModelRefs.one(fairlead.get("small_model"));
    if (ref != null) {
      providers.check(ref.provider(), fairlead, "fairlead.small_model");
    }
    return ref;
  }
}
