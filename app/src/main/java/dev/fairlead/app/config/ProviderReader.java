package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Nearest;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.model.Operation;
import dev.fairlead.provider.Catalogue;
import dev.fairlead.provider.ProviderRow;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code providers.NAME}. */
final class ProviderReader {
  static final int CONCURRENCY = 1000;
  static final int QUEUE = 5000;

  private static final String NAME_FORM = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private final NetworkReader network;
  private final KeyReader keys;
  private final Findings findings;
  private final Function<String, Origin> origin;

  /** A reader; {@code origin} says from a path where what stands there comes from. */
  ProviderReader(
      NetworkReader network, KeyReader keys, Findings findings, Function<String, Origin> origin) {
    this.network = network;
    this.keys = keys;
    this.findings = findings;
    this.origin = origin;
  }

  /** The provider called {@code name}, or null when it cannot be served; the findings tell why. */
  @Nullable ProviderConfig read(String name, Json.Obj provider) {
    return read(name, provider, JsonReader.child("providers", name));
  }

  /** As {@link #read(String, Json.Obj)}, for one that stands at {@code path}. */
  @Nullable ProviderConfig read(String name, Json.Obj provider, String path) {
    if (!name.matches(NAME_FORM)) {
      findings.problem(
          provider,
          path,
          "is no name for a provider; use up to 64 letters, digits, dots, dashes and underscores");
      return null;
    }
    boolean isCustom = Tree.has(provider, "custom_provider_config");
    Json.Obj custom = Tree.object(provider, "custom_provider_config");
    ProviderRow row = isCustom ? baseOf(name, custom, path) : known(name, provider, path);
    if (row == null) {
      return null;
    }
    URI written = network.baseUrl(provider, path);
    return read(name, provider, path, Catalogue.at(row, written), written);
  }

  private @Nullable ProviderConfig read(
      String name, Json.Obj provider, String path, ProviderRow row, @Nullable URI written) {
    Json.Obj custom = Tree.object(provider, "custom_provider_config");
    boolean isCustom = Tree.has(provider, "custom_provider_config");
    boolean keyless = Tree.flag(custom, "is_key_less", row.keyless());
    List<ProviderKey> read = keys.read(provider, path, name, row, keyless);
    URI baseUrl = baseUrl(provider, path, row, isCustom, read, written);
    if (baseUrl == null) {
      return null;
    }
    boolean enabled = Tree.flag(provider, "enabled", true);
    if (enabled && !keyless && read.isEmpty()) {
      findings.note(path + " has no keys, so it cannot serve anything; add one to its keys");
    }
    List<ProviderKey> placed = read.stream().map(key -> placed(key, baseUrl)).toList();
    Json.Obj limits = Tree.object(provider, "concurrency_and_buffer_size");
    int concurrency = whole(limits, "concurrency", CONCURRENCY);
    int queue = whole(limits, "buffer_size", Math.max(QUEUE, concurrency));
    if (concurrency > queue) {
      findings.problem(
          limits,
          path + ".concurrency_and_buffer_size.concurrency",
          "is larger than buffer_size (" + concurrency + " > " + queue + "); raise buffer_size");
    }
    return new ProviderConfig(
        name,
        row.name(),
        row.local(),
        keyless,
        row.auth(),
        placed,
        network.read(provider, path, row, baseUrl),
        concurrency,
        queue,
        operations(custom, path, row),
        paths(custom, path, row),
        !Tree.flag(custom, "does_not_send_done_marker", !row.sendsDoneMarker()),
        new HashSet<>(Tree.texts(provider, "tags")),
        enabled,
        origin.apply(path));
  }

  private @Nullable ProviderRow known(String name, Json.Obj provider, String path) {
    ProviderRow row = Catalogue.row(name);
    if (row != null) {
      return row;
    }
    if (Catalogue.knownButNotServed(name)) {
      findings.note(
          path + " is accepted and not served: this version does not speak its wire format");
      return null;
    }
    String meant = Nearest.to(name, Catalogue.rows().keySet());
    findings.problem(
        provider,
        path,
        "unknown provider \""
            + name
            + "\""
            + (meant == null ? ": " : ": did you mean " + meant + "? Otherwise ")
            + "add custom_provider_config with its base_provider_type, and"
            + " network_config.base_url");
    return null;
  }

  private @Nullable ProviderRow baseOf(String name, Json.Obj custom, String path) {
    String own = path + ".custom_provider_config";
    if (Catalogue.row(name) != null) {
      findings.problem(
          custom,
          own,
          name
              + " is a provider known by itself; remove custom_provider_config, or give the custom"
              + " one another name");
      return null;
    }
    String type = Tree.text(custom, "base_provider_type");
    if (type == null) {
      return null;
    }
    ProviderRow row = Catalogue.row(type);
    // A server that behaves like Cohere speaks its own wire format, not the compatible one of our
    // row.
    if (row == null || type.equals("cohere")) {
      boolean named = row != null || Catalogue.knownButNotServed(type);
      findings.problem(
          custom,
          own + ".base_provider_type",
          named
              ? "this version does not speak the wire format of "
                  + type
                  + "; use openai, anthropic, gemini or ollama"
              : "\"" + type + "\" is not a provider; use openai, anthropic, gemini or ollama");
      return null;
    }
    return row;
  }

  private @Nullable URI baseUrl(
      Json.Obj provider,
      String path,
      ProviderRow row,
      boolean custom,
      List<ProviderKey> keys,
      @Nullable URI written) {
    if (written != null) {
      return row.normalise(written);
    }
    for (ProviderKey key : keys) {
      if (key.baseUrl() != null) {
        return key.baseUrl();
      }
    }
    if (!custom && row.baseUrl() != null) {
      return row.baseUrl();
    }
    Json.Obj config = Tree.object(provider, "network_config");
    if (!Tree.has(config, "base_url")) {
      findings.problem(
          provider,
          path + ".network_config.base_url",
          "is missing; write the address of the server, without /v1");
    }
    return null;
  }

  /** A key without an address of its own where that is the provider's. */
  private static ProviderKey placed(ProviderKey key, URI baseUrl) {
    return key.baseUrl() == null || !key.baseUrl().equals(baseUrl)
        ? key
        : new ProviderKey(
            key.id(),
            key.name(),
            key.value(),
            key.models(),
            key.denied(),
            key.weight(),
            key.enabled(),
            key.disabledBecause(),
            key.aliases(),
            key.fallbacks());
  }

  /** Names in allowed_requests that switch {@code operation} on for a provider of {@code row}. */
  private static List<String> switches(Operation operation) {
    return switch (operation) {
      case CHAT_COMPLETION -> List.of("chat_completion", "chat_completion_stream");
      case RESPONSES -> List.of("responses", "responses_stream");
      case RESPONSES_INPUT_TOKENS -> List.of("responses_input_tokens", "count_tokens");
      case RESPONSES_COMPACT -> List.of("responses_compact", "responses");
      case TEXT_COMPLETION -> List.of("text_completion", "text_completion_stream");
      case EMBEDDING -> List.of("embedding");
      // What other gateways send to a server of Anthropic's kind are chats and responses they have
      // translated.
      case MESSAGES ->
          List.of(
              "messages",
              "chat_completion",
              "chat_completion_stream",
              "responses",
              "responses_stream");
      case COUNT_TOKENS -> List.of("count_tokens");
      case GENERATE_CONTENT, OLLAMA_CHAT ->
          List.of("chat_completion", "chat_completion_stream", "responses", "responses_stream");
    };
  }

  private Set<Operation> operations(Json.Obj custom, String path, ProviderRow row) {
    if (!Tree.has(custom, "allowed_requests")) {
      return row.operations();
    }
    Json.Obj allowed = Tree.object(custom, "allowed_requests");
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (Operation operation : row.operations()) {
      for (String name : switches(operation)) {
        if (Tree.flag(allowed, name, false)) {
          operations.add(operation);
        }
      }
    }
    List<String> halves = new ArrayList<>();
    for (String name : List.of("chat_completion", "responses", "text_completion")) {
      if (Tree.flag(allowed, name, false) != Tree.flag(allowed, name + "_stream", false)) {
        halves.add(name);
      }
    }
    if (!halves.isEmpty()) {
      findings.note(
          path
              + ".custom_provider_config.allowed_requests: streamed and plain requests are not told"
              + " apart, so both are served for "
              + String.join(", ", halves));
    }
    return operations;
  }

  private Map<Operation, String> paths(Json.Obj custom, String path, ProviderRow row) {
    Map<Operation, String> paths = new EnumMap<>(Operation.class);
    paths.putAll(row.paths());
    Json.Obj overrides = Tree.object(custom, "request_path_overrides");
    for (Operation operation : row.operations()) {
      for (String name : switches(operation).reversed()) {
        String replaced = Tree.text(overrides, name);
        if (replaced != null
            && !(operation == Operation.RESPONSES_COMPACT && name.equals("responses"))) {
          paths.put(operation, replaced);
        }
      }
    }
    for (String name : List.of("chat_completion", "responses", "text_completion")) {
      String plain = Tree.text(overrides, name);
      String streamed = Tree.text(overrides, name + "_stream");
      if (plain != null && streamed != null && !plain.equals(streamed)) {
        findings.problem(
            overrides,
            path + ".custom_provider_config.request_path_overrides." + name + "_stream",
            "differs from " + name + "; streamed and plain requests share one path here");
      }
    }
    return paths;
  }

  private static int whole(Json.Obj object, String name, int otherwise) {
    Long value = Tree.whole(object, name);
    return value == null ? otherwise : Math.clamp(value, 0, 1_000_000);
  }
}
