package dev.fairlead.codec.ollama;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Tool;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /api/chat} (Ollama API documentation, "Generate a chat message").
 */
final class OllamaPromptReader implements PromptReader {
  /** How the foreign names of fields of {@code options} begin. */
  static final String OPTIONS = "options.";

  @Override
  public Prompt read(JsonValue body) {
    PromptBuilder prompt = Prompt.builder().stream(true);
    boolean logprobs = false;
    Integer top = null;
    for (JsonValue.Field field : body.members()) {
      JsonValue value = field.value();
      String key = field.key();
      if (value.isNull()) {
        continue;
      }
      switch (key) {
        case "model" -> {}
        case "messages" -> {
          if (value.type() != JsonType.ARRAY) {
            throw RequestFault.wrongType("messages", "an array", value.type().label());
          }
          prompt.turns(new OllamaMessageReader().read(value));
        }
        case "tools" -> {
          int at = 0;
          for (JsonValue tool : value.elements()) {
            prompt.tool(tool(tool, "tools[" + at++ + "]"));
          }
        }
        case "stream" -> prompt.stream(bool(value, "stream"));
        case "format" -> format(value, prompt);
        case "think" -> prompt.reasoning(thinking(value));
        case "options" -> options(value, prompt);
        case "logprobs" -> logprobs = bool(value, "logprobs");
        case "top_logprobs" -> top = Math.clamp(integer(value, "top_logprobs"), 0, 1000);
        default -> prompt.foreign(new Foreign(Dialect.OLLAMA, key, value.raw()));
      }
    }
    if (logprobs) {
      prompt.topLogprobs(top == null ? 0 : top);
    }
    return prompt.build();
  }

  private static Tool tool(JsonValue tool, String path) {
    JsonValue type = tool.get("type");
    JsonValue function = tool.get("function");
    if (function == null || !function.isObject() || type != null && !type.is("function")) {
      String kind = type == null ? null : type.string();
      if (kind == null || kind.equals("function")) {
        throw RequestFault.wrongType(path + ".function", "an object", "missing");
      }
      return new Tool.Other(kind, new Foreign(Dialect.OLLAMA, kind, tool.raw()));
    }
    String name = "";
    String description = null;
    JsonValue schema = null;
    for (JsonValue.Field field : function.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "name" -> name = string(value, path + ".function.name");
        case "description" -> description = value.string();
        case "parameters" -> schema = value.isNull() ? null : value;
        default -> {}
      }
    }
    return new Tool.Function(name, description, schema == null ? null : schema.raw(), null, null);
  }

  private static void format(JsonValue value, PromptBuilder prompt) {
    if (value.isObject()) {
      prompt.format(new OutputFormat.JsonSchema(null, null, value.raw(), null));
    } else if (value.is("json")) {
      prompt.format(new OutputFormat.JsonObject());
    } else if (!value.is("")) {
      throw RequestFault.wrongType("format", "\"json\" or a schema", value.type().label());
    }
  }

  private static Reasoning thinking(JsonValue value) {
    Boolean truth = value.bool();
    if (truth != null) {
      return new Reasoning(
          truth ? Reasoning.Mode.ON : Reasoning.Mode.OFF, null, null, truth ? true : null);
    }
    Reasoning.Effort effort =
        switch (string(value, "think")) {
          case "low" -> Reasoning.Effort.LOW;
          case "medium" -> Reasoning.Effort.MEDIUM;
          case "high" -> Reasoning.Effort.HIGH;
          case "max" -> Reasoning.Effort.MAX;
          default ->
              throw new RequestFault(
                  "invalid_value",
                  "\"think\" must be true, false, \"low\", \"medium\" or \"high\".",
                  "think");
        };
    return new Reasoning(Reasoning.Mode.ON, effort, null, true);
  }

  private static void options(JsonValue options, PromptBuilder prompt) {
    if (!options.isObject()) {
      throw RequestFault.wrongType("options", "an object", options.type().label());
    }
    BigDecimal temperature = null;
    BigDecimal topP = null;
    Long topK = null;
    BigDecimal presence = null;
    BigDecimal frequency = null;
    Long seed = null;
    List<String> stop = List.of();
    for (JsonValue.Field field : options.members()) {
      JsonValue value = field.value();
      String path = OPTIONS + field.key();
      if (value.isNull()) {
        continue;
      }
      switch (field.key()) {
        case "temperature" -> temperature = decimal(value, path);
        case "top_p" -> topP = decimal(value, path);
        case "top_k" -> topK = integer(value, path);
        case "presence_penalty" -> presence = decimal(value, path);
        case "frequency_penalty" -> frequency = decimal(value, path);
        case "seed" -> seed = integer(value, path);
        case "stop" -> stop = strings(value, path);
        case "num_predict" -> {
          long most = integer(value, path);
          if (most > 0) {
            prompt.maxOutputTokens(most);
          } else {
            prompt.foreign(new Foreign(Dialect.OLLAMA, path, value.raw()));
          }
        }
        default -> prompt.foreign(new Foreign(Dialect.OLLAMA, path, value.raw()));
      }
    }
    prompt.sampling(new Sampling(temperature, topP, topK, frequency, presence, seed, stop));
  }

  private static List<String> strings(JsonValue value, String path) {
    String one = value.string();
    if (one != null) {
      return List.of(one);
    }
    List<String> all = new ArrayList<>();
    for (JsonValue each : value.elements()) {
      all.add(string(each, path));
    }
    return all;
  }

  static String string(JsonValue value, String path) {
    String text = value.string();
    if (text == null) {
      throw RequestFault.wrongType(path, "a string", value.type().label());
    }
    return text;
  }

  private static boolean bool(JsonValue value, String path) {
    Boolean truth = value.bool();
    if (truth == null) {
      throw RequestFault.wrongType(path, "true or false", value.type().label());
    }
    return truth;
  }

  private static long integer(JsonValue value, String path) {
    return number(value.integer(), value, path, "a whole number");
  }

  private static BigDecimal decimal(JsonValue value, String path) {
    return number(value.decimal(), value, path, "a number");
  }

  private static <T> T number(@Nullable T number, JsonValue value, String path, String wanted) {
    if (number == null) {
      throw RequestFault.wrongType(path, wanted, value.type().label());
    }
    return number;
  }
}
