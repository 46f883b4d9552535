package dev.fairlead.app.models;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.models.ModelInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model as a provider lists it: {@code data[].id} of OpenAI, Anthropic and all who took over
 * their form, {@code models[].name} of Gemini ({@code models/…}) and Ollama.
 *
 * @param window tokens by the provider's own word, or null
 * @param maxOutput tokens by the provider's own word, or null
 */
record LiveModel(String name, @Nullable Long window, @Nullable Long maxOutput) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_MODELS = 5_000;
  private static final int LONGEST_NAME = 256;
  private static final String RESOURCE = "models/";

  /**
   * Reads a list.
   *
   * @throws tools.jackson.core.JacksonException when it is no JSON
   * @throws IllegalArgumentException when it is no list of models
   */
  static List<LiveModel> read(Bytes body) {
    JsonNode root = JSON.readTree(body.array(), body.offset(), body.length());
    JsonNode list = root.isArray() ? root : root.path("data");
    if (!list.isArray()) {
      list = root.path("models");
    }
    if (!list.isArray()) {
      throw new IllegalArgumentException("its answer is no list of models");
    }
    List<LiveModel> models = new ArrayList<>();
    for (JsonNode entry : list) {
      String name = name(entry);
      if (name != null && models.size() < MOST_MODELS) {
        models.add(
            new LiveModel(
                name,
                tokens(
                    entry,
                    "max_input_tokens",
                    "context_length",
                    "context_window",
                    "max_model_len",
                    "max_context_length",
                    "inputTokenLimit"),
                maxOutput(entry)));
      }
    }
    return models;
  }

  private static @Nullable String name(JsonNode entry) {
    JsonNode named = entry.has("id") ? entry.path("id") : entry.path("name");
    String name = named.isString() ? named.asString() : "";
    if (name.startsWith(RESOURCE)) {
      name = name.substring(RESOURCE.length());
    }
    return name.isBlank()
            || name.length() > LONGEST_NAME
            || name.chars().anyMatch(Character::isISOControl)
        ? null
        : name;
  }

  private static @Nullable Long maxOutput(JsonNode entry) {
    Long direct =
        tokens(
            entry, "max_output_tokens", "max_completion_tokens", "outputTokenLimit", "max_tokens");
    return direct == null ? tokens(entry.path("top_provider"), "max_completion_tokens") : direct;
  }

  private static @Nullable Long tokens(JsonNode entry, String... fields) {
    for (String field : fields) {
      JsonNode value = entry.path(field);
      if (value.isIntegralNumber() && value.asLong() > 0) {
        return value.asLong();
      }
    }
    return null;
  }

  /** What is known of the model elsewhere, with the provider's own word where it gave it. */
  ModelInfo over(ModelInfo known) {
    return known.told(window, maxOutput);
  }
}
