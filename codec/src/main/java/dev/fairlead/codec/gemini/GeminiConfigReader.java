package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code generationConfig} (Gemini API reference, "GenerationConfig"). */
final class GeminiConfigReader {
  /** How the foreign names of this object's own fields begin. */
  static final String PREFIX = "generationConfig.";

  private static final int MAX_CHOICES = 128;

  private final PromptBuilder prompt;

  GeminiConfigReader(PromptBuilder prompt) {
    this.prompt = prompt;
  }

  void read(JsonValue config) {
    GeminiJson.object(config, "generationConfig");
    BigDecimal temperature = null;
    BigDecimal topP = null;
    Long topK = null;
    BigDecimal presence = null;
    BigDecimal frequency = null;
    Long seed = null;
    List<String> stop = List.of();
    boolean logprobs = false;
    int top = 0;
    JsonValue mime = null;
    Bytes schema = null;
    for (JsonValue.Field field : config.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      String path = PREFIX + key;
      if (value.isNull()) {
        continue;
      }
      switch (key) {
        case "temperature" -> temperature = decimal(value, path);
        case "topP" -> topP = decimal(value, path);
        case "topK" -> topK = GeminiJson.integer(value, path);
        case "presencePenalty" -> presence = decimal(value, path);
        case "frequencyPenalty" -> frequency = decimal(value, path);
        case "seed" -> seed = GeminiJson.integer(value, path);
        case "maxOutputTokens" -> prompt.maxOutputTokens(GeminiJson.integer(value, path));
        case "candidateCount" -> prompt.choices(count(GeminiJson.integer(value, path), path));
        case "stopSequences" -> stop = strings(value, path);
        case "responseLogprobs" -> logprobs = GeminiJson.bool(value, path);
        case "logprobs" -> top = Math.clamp(GeminiJson.integer(value, path), 0, 1000);
        case "responseMimeType" -> mime = value;
        case "responseSchema" -> schema = GeminiSchemas.toJsonSchema(value);
        case "responseJsonSchema", "_responseJsonSchema" -> schema = value.raw();
        case "thinkingConfig" -> prompt.reasoning(thinking(value, path));
        default -> prompt.foreign(new Foreign(Dialect.GEMINI, path, value.raw()));
      }
    }
    prompt.sampling(new Sampling(temperature, topP, topK, frequency, presence, seed, stop));
    if (logprobs) {
      prompt.topLogprobs(top);
    }
    format(mime, schema);
  }

  private void format(@Nullable JsonValue mime, @Nullable Bytes schema) {
    boolean json = mime != null && mime.is("application/json");
    if (json) {
      prompt.format(
          schema == null
              ? new OutputFormat.JsonObject()
              : new OutputFormat.JsonSchema(null, null, schema, null));
    } else if (mime != null && !mime.is("text/plain")) {
      prompt.foreign(new Foreign(Dialect.GEMINI, PREFIX + "responseMimeType", mime.raw()));
      if (schema != null) {
        prompt.foreign(new Foreign(Dialect.GEMINI, PREFIX + "responseJsonSchema", schema));
      }
    }
  }

  private static int count(long number, String path) {
    if (number < 1 || number > MAX_CHOICES) {
      throw new RequestFault(
          "invalid_value", "\"" + path + "\" must be from 1 to " + MAX_CHOICES + ".", path);
    }
    return (int) number;
  }

  private static BigDecimal decimal(JsonValue value, String path) {
    BigDecimal number = value.decimal();
    if (number == null) {
      throw RequestFault.wrongType(path, "a number", value.type().label());
    }
    return number;
  }

  private static List<String> strings(JsonValue value, String path) {
    if (value.type() == JsonType.STRING) {
      return List.of(GeminiJson.string(value, path));
    }
    GeminiJson.array(value, path);
    List<String> all = new ArrayList<>();
    for (JsonValue each : value.elements()) {
      all.add(GeminiJson.string(each, path + "[" + all.size() + "]"));
    }
    return all;
  }

  private static @Nullable Reasoning thinking(JsonValue config, String path) {
    GeminiJson.object(config, path);
    Long budget = null;
    Reasoning.Effort effort = null;
    Boolean shown = null;
    for (JsonValue.Field field : config.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (camel(field.key())) {
        case "thinkingBudget" -> budget = GeminiJson.integer(value, path + ".thinkingBudget");
        case "thinkingLevel" -> effort = effort(GeminiJson.string(value, path + ".thinkingLevel"));
        case "includeThoughts" -> shown = GeminiJson.bool(value, path + ".includeThoughts");
        default -> {}
      }
    }
    if (budget == null && effort == null && shown == null) {
      return null;
    }
    Reasoning.Mode mode =
        budget != null && budget == 0
            ? Reasoning.Mode.OFF
            : budget != null && budget > 0 || effort != null
                ? Reasoning.Mode.ON
                : Reasoning.Mode.ADAPTIVE;
    return new Reasoning(mode, effort, budget != null && budget > 0 ? budget : null, shown);
  }

  private static Reasoning.@Nullable Effort effort(String level) {
    return switch (level.toLowerCase(Locale.ROOT)) {
      case "minimal" -> Reasoning.Effort.MINIMAL;
      case "low" -> Reasoning.Effort.LOW;
      case "medium" -> Reasoning.Effort.MEDIUM;
      case "high" -> Reasoning.Effort.HIGH;
      default -> null;
    };
  }
}
