package dev.fairlead.app.serve;

import dev.fairlead.app.serve.KnownModels.KnownModel;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.port.Endpoint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET …/models}: what the asking principal may use, in the shape the asking client reads.
 * Codex names its version in {@code client_version} and wants its own catalogue; Anthropic's
 * clients send {@code anthropic-version}; all others get OpenAI's list.
 */
final class ModelsEndpoint implements Endpoint {
  private static final long CREATED = 1_735_689_600;
  private static final String CREATED_TEXT = "2025-01-01T00:00:00Z";
  private static final long CODEX_WINDOW = 128_000;

  private final Supplier<Snapshot> configuration;
  private final KnownModels known;

  ModelsEndpoint(Supplier<Snapshot> configuration, KnownModels known) {
    this.configuration = configuration;
    this.known = known;
  }

  @Override
  public Access access() {
    return Access.IDENTIFIED;
  }

  @Override
  public Answer answer(Ask ask) {
    List<KnownModel> models = visible(configuration.get(), ask.principal());
    String one = single(ask.path());
    if (one != null) {
      return models.stream()
          .filter(model -> model.name().equals(one))
          .findFirst()
          .map(model -> {
            JsonWriter json = new JsonWriter();
            if (anthropic(ask)) {
              anthropic(model, json);
            } else {
              openAi(model, json);
            }
            return Answer.json(200, json.text());
          })
          .orElseGet(() -> unknown(ask, one));
    }
    if (ask.query().contains("client_version=")) {
      return Answer.json(200, codex(models));
    }
    return Answer.json(200, anthropic(ask) ? anthropic(models) : openAi(models));
  }

  private static boolean anthropic(Ask ask) {
    if (ask.headers().contains("anthropic-version")) {
      return true;
    }
    String agent = ask.headers().get("user-agent");
    return ask.path().startsWith("/anthropic/")
        || (ask.headers().contains("x-api-key")
            && (agent == null || !agent.toLowerCase(Locale.ROOT).contains("openai")));
  }

  private static @Nullable String single(String path) {
    int at = path.indexOf("/models/");
    return at < 0
        ? null
        : URLDecoder.decode(
            path.substring(at + "/models/".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Answer unknown(Ask ask, String model) {
    String message =
        "The model \"" + model + "\" is not known here. Ask for the list without a name.";
    JsonWriter json = new JsonWriter().beginObject();
    if (anthropic(ask)) {
      json.field("type", "error")
          .name("error")
          .beginObject()
          .field("type", "not_found_error")
          .field("message", message);
    } else {
      json.name("error")
          .beginObject()
          .field("message", message)
          .field("type", "invalid_request_error")
          .field("param", "model")
          .field("code", "model_not_found");
    }
    return Answer.json(404, json.endObject().endObject().text());
  }

  // ---- which models
  // -----------------------------------------------------------------------------------------------

  private List<KnownModel> visible(Snapshot snapshot, @Nullable Principal principal) {
    Map<String, KnownModel> models = new LinkedHashMap<>();
    snapshot
        .client()
        .aliases()
        .forEach((alias, targets) -> {
          boolean usable =
              targets.stream()
                  .anyMatch(weighted -> {
                    ModelRef target = weighted.target();
                    ProviderConfig provider = snapshot.provider(target.provider());
                    return provider != null && allows(principal, provider, target.model());
                  });
          if (usable) {
            models.put(alias, new KnownModel(alias, 0, 0));
          }
        });
    for (ProviderConfig provider : snapshot.providers().values()) {
      for (KnownModel model : of(provider)) {
        if (allows(principal, provider, model.name())) {
          String name = provider.name() + "/" + model.name();
          models.putIfAbsent(name, new KnownModel(name, model.contextWindow(), model.maxOutput()));
        }
      }
    }
    return new ArrayList<>(models.values());
  }

  /**
   * Names an operator wrote down come first; the catalogue is asked where a key serves everything.
   */
  private List<KnownModel> of(ProviderConfig provider) {
    Map<String, KnownModel> models = new LinkedHashMap<>();
    boolean all = provider.keyless() && provider.keys().isEmpty();
    for (ProviderKey key : provider.keys()) {
      if (!key.enabled()) {
        continue;
      }
      key.aliases().keySet().forEach(alias -> models.put(alias, new KnownModel(alias, 0, 0)));
      all |= key.models().all();
      for (String entry : key.models().entries()) {
        if (entry.indexOf('*') < 0 && !entry.startsWith("regex:")) {
          models.put(entry, new KnownModel(entry, 0, 0));
        }
      }
    }
    for (KnownModel model : known.of(provider)) {
      if (all || provider.keys().stream().anyMatch(key -> key.serves(model.name()))) {
        models.put(model.name(), model);
      }
    }
    models
        .values()
        .removeIf(model ->
            !provider.keys().isEmpty()
                && provider.keys().stream().noneMatch(key -> key.serves(model.name())));
    return new ArrayList<>(models.values());
  }

  private static boolean allows(
      @Nullable Principal principal, ProviderConfig provider, String model) {
    return switch (principal) {
      case null -> true;
      case Principal.Anonymous _ -> true;
      case Principal.DirectOnly(DirectCredential direct) -> direct.belongsTo(provider);
      case Principal.KeyOwner(String name, String _) -> provider.name().equals(name);
      case Principal.KeyHolder(VirtualKey key, var _) ->
          key.allowAllProviders()
              || key.providers().stream()
                  .anyMatch(grant ->
                      grant.provider().equals(provider.name())
                          && grant.allowed().matches(model)
                          && !grant.denied().matches(model));
    };
  }

  // ---- in which shape
  // ---------------------------------------------------------------------------------------------

  private static String openAi(List<KnownModel> models) {
    JsonWriter json =
        new JsonWriter().beginObject().field("object", "list").name("data").beginArray();
    models.forEach(model -> openAi(model, json));
    return json.endArray().endObject().text();
  }

  private static void openAi(KnownModel model, JsonWriter json) {
    int slash = model.name().indexOf('/');
    json.beginObject()
        .field("id", model.name())
        .field("object", "model")
        .field("created", CREATED)
        .field("owned_by", slash > 0 ? model.name().substring(0, slash) : "fairlead");
    if (model.contextWindow() > 0) {
      json.field("context_length", model.contextWindow());
    }
    if (model.maxOutput() > 0) {
      json.field("max_output_tokens", model.maxOutput());
    }
    json.endObject();
  }

  private static String anthropic(List<KnownModel> models) {
    JsonWriter json = new JsonWriter().beginObject().name("data").beginArray();
    models.forEach(model -> anthropic(model, json));
    return json.endArray()
        .field("has_more", false)
        .field("first_id", models.isEmpty() ? null : models.getFirst().name())
        .field("last_id", models.isEmpty() ? null : models.getLast().name())
        .endObject()
        .text();
  }

  private static void anthropic(KnownModel model, JsonWriter json) {
    json.beginObject()
        .field("type", "model")
        .field("id", model.name())
        .field("display_name", model.name())
        .field("created_at", CREATED_TEXT);
    if (model.contextWindow() > 0) {
      json.field("max_input_tokens", model.contextWindow());
    }
    if (model.maxOutput() > 0) {
      json.field("max_tokens", model.maxOutput());
    }
    json.endObject();
  }

  /**
   * Codex' catalogue: the fields its own tests hold to be the least it accepts, and those older
   * versions ask for. Embedding models would only be in the way there.
   */
  private static String codex(List<KnownModel> models) {
    JsonWriter json = new JsonWriter().beginObject().name("models").beginArray();
    int priority = 0;
    for (KnownModel model : models) {
      if (!model.name().toLowerCase(Locale.ROOT).contains("embed")) {
        codex(model, priority++, json);
      }
    }
    return json.endArray().endObject().text();
  }

  private static void codex(KnownModel model, int priority, JsonWriter json) {
    long window = model.contextWindow() > 0 ? model.contextWindow() : CODEX_WINDOW;
    json.beginObject()
        .field("slug", model.name())
        .field("display_name", model.name())
        .field("description", "Served by Fairlead")
        .field("default_reasoning_level", "medium")
        .name("supported_reasoning_levels")
        .beginArray();
    for (String effort : List.of("low", "medium", "high")) {
      json.beginObject().field("effort", effort).field("description", effort).endObject();
    }
    json.endArray()
        .field("shell_type", "shell_command")
        .field("visibility", "list")
        .name("minimal_client_version")
        .beginArray()
        .number(0)
        .number(1)
        .number(0)
        .endArray()
        .field("supported_in_api", true)
        .field("priority", priority)
        .field("upgrade", null)
        .field("base_instructions", "")
        .field("supports_reasoning_summaries", false)
        .field("support_verbosity", false)
        .field("default_verbosity", null)
        .field("apply_patch_tool_type", null)
        .name("truncation_policy")
        .beginObject()
        .field("mode", "bytes")
        .field("limit", 10_000)
        .endObject()
        .field("supports_parallel_tool_calls", true)
        .field("supports_image_detail_original", false)
        .field("context_window", window)
        .field("max_context_window", window)
        .field("effective_context_window_percent", 95)
        .name("experimental_supported_tools")
        .beginArray()
        .endArray()
        .endObject();
  }
}
