package dev.fairlead.app.serve;

import dev.fairlead.app.models.Listing;
import dev.fairlead.app.models.Listing.Listed;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.port.Endpoint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
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
  private final LiveLists models;

  ModelsEndpoint(Supplier<Snapshot> configuration, LiveLists models) {
    this.configuration = configuration;
    this.models = models;
  }

  @Override
  public Access access() {
    return Access.IDENTIFIED;
  }

  @Override
  public CompletableFuture<Answer> answerLater(Ask ask) {
    Snapshot snapshot = configuration.get();
    return models.refresh(snapshot.providers().values()).thenApply(_ -> answer(ask, snapshot));
  }

  @Override
  public Answer answer(Ask ask) {
    return answer(ask, configuration.get());
  }

  private Answer answer(Ask ask, Snapshot snapshot) {
    List<Listed> usable = Listing.of(snapshot, models, ask.principal());
    String one = single(ask.path());
    if (one != null) {
      return usable.stream()
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
      return Answer.json(200, codex(usable));
    }
    return Answer.json(200, anthropic(ask) ? anthropic(usable) : openAi(usable));
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

  /** The model a path names, or null for the list. */
  static @Nullable String single(String path) {
    int at = path.indexOf("/models/");
    if (at < 0) {
      return null;
    }
    String name = path.substring(at + "/models/".length());
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      // No model's name looks like that: it is told as unknown, as it was written.
      return name;
    }
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

  // ---- in which shape
  // ---------------------------------------------------------------------------------------------

  private static String openAi(List<Listed> models) {
    JsonWriter json =
        new JsonWriter().beginObject().field("object", "list").name("data").beginArray();
    models.forEach(model -> openAi(model, json));
    return json.endArray().endObject().text();
  }

  private static void openAi(Listed model, JsonWriter json) {
    int slash = model.name().indexOf('/');
    json.beginObject()
        .field("id", model.name())
        .field("object", "model")
        .field("created", CREATED)
        .field("owned_by", slash > 0 ? model.name().substring(0, slash) : "fairlead");
    if (model.info().window() != null) {
      json.field("context_length", model.info().window());
    }
    if (model.info().maxOutput() != null) {
      json.field("max_output_tokens", model.info().maxOutput());
    }
    json.endObject();
  }

  private static String anthropic(List<Listed> models) {
    JsonWriter json = new JsonWriter().beginObject().name("data").beginArray();
    models.forEach(model -> anthropic(model, json));
    return json.endArray()
        .field("has_more", false)
        .field("first_id", models.isEmpty() ? null : models.getFirst().name())
        .field("last_id", models.isEmpty() ? null : models.getLast().name())
        .endObject()
        .text();
  }

  private static void anthropic(Listed model, JsonWriter json) {
    json.beginObject()
        .field("type", "model")
        .field("id", model.name())
        .field("display_name", model.name())
        .field("created_at", CREATED_TEXT);
    if (model.info().window() != null) {
      json.field("max_input_tokens", model.info().window());
    }
    if (model.info().maxOutput() != null) {
      json.field("max_tokens", model.info().maxOutput());
    }
    json.endObject();
  }

  /**
   * Codex' catalogue: the fields its own tests hold to be the least it accepts, and those older
   * versions ask for. Embedding models would only be in the way there.
   */
  private static String codex(List<Listed> models) {
    JsonWriter json = new JsonWriter().beginObject().name("models").beginArray();
    int priority = 0;
    for (Listed model : models) {
      if (!model.name().toLowerCase(Locale.ROOT).contains("embed")) {
        codex(model, priority++, json);
      }
    }
    return json.endArray().endObject().text();
  }

  private static void codex(Listed model, int priority, JsonWriter json) {
    long window = model.info().window() == null ? CODEX_WINDOW : model.info().window();
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
