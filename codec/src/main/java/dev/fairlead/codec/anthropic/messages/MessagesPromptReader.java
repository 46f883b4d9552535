package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads requests of Anthropic's Messages (Anthropic API reference, "Create a Message"). */
final class MessagesPromptReader implements PromptReader {
  @Override
  public Prompt read(JsonValue body) {
    return new Reading().read(body);
  }

  /** One request. */
  private static final class Reading {
    private final PromptBuilder prompt = Prompt.builder();
    private final BlockReading blocks = new BlockReading();
    private final List<Part> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();
    private final List<String> stop = new ArrayList<>();
    private @Nullable BigDecimal temperature;
    private @Nullable BigDecimal topP;
    private @Nullable Long topK;
    private Reasoning.@Nullable Mode mode;
    private Reasoning.@Nullable Effort effort;
    private @Nullable Long budget;
    private @Nullable Boolean shown;

    Prompt read(JsonValue body) {
      for (JsonValue.Field field : body.members()) {
        if (!field.value().isNull()) {
          field(field.key(), field.value());
        }
      }
      assembleTurns();
      if (mode != null || effort != null) {
        // An effort without a word on thinking leaves thinking to the model.
        prompt.reasoning(
            new Reasoning(mode == null ? Reasoning.Mode.ADAPTIVE : mode, effort, budget, shown));
      }
      if (temperature != null || topP != null || topK != null || !stop.isEmpty()) {
        prompt.sampling(new Sampling(temperature, topP, topK, null, null, null, stop));
      }
      for (Map.Entry<String, Bytes> unknown : blocks.unknown().entrySet()) {
        prompt.foreign(
            new Foreign(Dialect.ANTHROPIC_MESSAGES, unknown.getKey(), unknown.getValue()));
      }
      return prompt.build();
    }

    private void field(String key, JsonValue value) {
      switch (key) {
        case "model" -> {}
        case "messages" -> messages(value);
        case "system" -> blocks.readContent(value, "system", system);
        case "tools" -> new ToolReading(prompt).read(value);
        case "tool_choice" -> toolChoice(value);
        case "max_tokens" -> prompt.maxOutputTokens(number(value, key));
        case "stream" -> prompt.stream(Boolean.TRUE.equals(value.bool()));
        case "temperature" -> temperature = decimal(value, key);
        case "top_p" -> topP = decimal(value, key);
        case "top_k" -> topK = number(value, key);
        case "stop_sequences" -> {
          for (JsonValue sequence : array(value, key).elements()) {
            stop.add(text(sequence, key));
          }
        }
        case "thinking" -> thinking(value);
        case "output_config" -> outputConfig(value);
        case "output_format" -> format(value, key);
        case "service_tier" -> prompt.serviceTier(text(value, key));
        case "metadata" -> metadata(value);
        case "fallbacks" -> fallbacks(value);
        default -> foreign(key, value);
      }
    }

    /**
     * The gateway's own field names models, or providers with their models; Anthropic's names
     * models of its own in objects.
     */
    private void fallbacks(JsonValue value) {
      for (JsonValue one : value.elements()) {
        if (one.isObject() && one.get("provider") == null) {
          foreign("fallbacks", value);
          return;
        }
      }
    }

    private void foreign(String type, JsonValue value) {
      prompt.foreign(new Foreign(Dialect.ANTHROPIC_MESSAGES, type, value.raw()));
    }

    private void messages(JsonValue messages) {
      int index = 0;
      for (JsonValue message : array(messages, "messages").elements()) {
        message(message, index++);
      }
    }

    private void message(JsonValue message, int index) {
      JsonValue role = null;
      JsonValue content = null;
      for (JsonValue.Field field : message.members()) {
        if (field.named("role")) {
          role = field.value();
        } else if (field.named("content")) {
          content = field.value();
        }
      }
      Turn.Role who;
      if (role == null) {
        throw new RequestFault(
            "missing_field", "\"messages[" + index + "].role\" is missing.", "messages");
      } else if (role.is("user")) {
        who = Turn.Role.USER;
      } else if (role.is("assistant")) {
        who = Turn.Role.ASSISTANT;
      } else if (role.is("system")) {
        who = Turn.Role.SYSTEM;
      } else {
        throw new RequestFault(
            "invalid_role",
            "\"messages[" + index + "].role\" must be \"user\", \"assistant\" or \"system\".",
            "messages");
      }
      List<Part> parts = new ArrayList<>();
      if (content != null && !content.isNull()) {
        blocks.readContent(content, "messages[" + index + "].content", parts);
      }
      turns.add(Turn.of(who, parts));
    }

    /** What stands first of the system's is one turn, wherever the client put it. */
    private void assembleTurns() {
      int from = 0;
      while (from < turns.size() && turns.get(from).role() == Turn.Role.SYSTEM) {
        system.addAll(turns.get(from++).parts());
      }
      if (!system.isEmpty()) {
        prompt.turn(Turn.of(Turn.Role.SYSTEM, system));
      }
      for (Turn turn : turns.subList(from, turns.size())) {
        prompt.turn(turn);
      }
    }

    private void toolChoice(JsonValue choice) {
      JsonValue type = choice.isObject() ? null : choice;
      String name = null;
      for (JsonValue.Field field : choice.members()) {
        switch (field.key()) {
          case "type" -> type = field.value();
          case "name" -> name = field.value().string();
          case "disable_parallel_tool_use" -> {
            Boolean disabled = field.value().bool();
            prompt.parallelTools(disabled == null ? null : Boolean.valueOf(!disabled));
          }
          default -> foreign("tool_choice." + field.key(), field.value());
        }
      }
      String word = type == null ? null : type.string();
      prompt.toolChoice(
          switch (word == null ? "" : word) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> {
              if (name == null) {
                throw new RequestFault(
                    "missing_field", "\"tool_choice.name\" is missing.", "tool_choice");
              }
              yield new ToolChoice.Named(name, CallKind.FUNCTION);
            }
            default ->
                throw new RequestFault(
                    "invalid_tool_choice",
                    "\"tool_choice.type\" must be \"auto\", \"any\", \"tool\" or \"none\".",
                    "tool_choice");
          });
    }

    private void thinking(JsonValue thinking) {
      JsonValue type = null;
      for (JsonValue.Field field : thinking.members()) {
        switch (field.key()) {
          case "type" -> type = field.value();
          case "budget_tokens" -> budget = field.value().integer();
          case "display" -> shown = shown(field.value());
          default -> foreign("thinking." + field.key(), field.value());
        }
      }
      if (type == null || type.is("enabled")) {
        mode = Reasoning.Mode.ON;
      } else if (type.is("disabled")) {
        mode = Reasoning.Mode.OFF;
      } else {
        mode = Reasoning.Mode.ADAPTIVE;
        if (!type.is("adaptive")) {
          foreign("thinking.type", type);
        }
      }
    }

    private @Nullable Boolean shown(JsonValue display) {
      if (display.is("summarized")) {
        return true;
      }
      if (display.is("omitted")) {
        return false;
      }
      if (!display.isNull()) {
        foreign("thinking.display", display);
      }
      return null;
    }

    private void outputConfig(JsonValue config) {
      for (JsonValue.Field field : config.members()) {
        JsonValue value = field.value();
        switch (field.key()) {
          case "effort" -> {
            effort = effort(value);
            if (effort == null && !value.isNull()) {
              foreign("output_config.effort", value);
            }
          }
          case "format" -> format(value, "output_config.format");
          default -> foreign("output_config." + field.key(), value);
        }
      }
    }

    private static Reasoning.@Nullable Effort effort(JsonValue word) {
      String text = word.string();
      return switch (text == null ? "" : text) {
        case "low" -> Reasoning.Effort.LOW;
        case "medium" -> Reasoning.Effort.MEDIUM;
        case "high" -> Reasoning.Effort.HIGH;
        case "xhigh" -> Reasoning.Effort.XHIGH;
        case "max" -> Reasoning.Effort.MAX;
        default -> null;
      };
    }

    private void format(JsonValue format, String path) {
      if (format.isNull()) {
        return;
      }
      JsonValue type = format.get("type");
      JsonValue schema = format.get("schema");
      if (type != null && type.is("json_schema") && schema != null) {
        prompt.format(new OutputFormat.JsonSchema(null, null, schema.raw(), null));
      } else {
        foreign(path, format);
      }
    }

    private void metadata(JsonValue metadata) {
      boolean more = false;
      for (JsonValue.Field field : metadata.members()) {
        if (field.named("user_id")) {
          prompt.user(field.value().string());
        } else {
          more = true;
        }
      }
      if (more) {
        foreign("metadata", metadata);
      }
    }

    private static JsonValue array(JsonValue value, String field) {
      if (value.type() != JsonType.ARRAY) {
        throw RequestFault.wrongType(field, "an array", value.type().label());
      }
      return value;
    }

    private static String text(JsonValue value, String field) {
      String text = value.string();
      if (text == null) {
        throw RequestFault.wrongType(field, "a string", value.type().label());
      }
      return text;
    }

    private static Long number(JsonValue value, String field) {
      Long number = value.integer();
      if (number == null) {
        throw RequestFault.wrongType(field, "a whole number", value.type().label());
      }
      return number;
    }

    private static BigDecimal decimal(JsonValue value, String field) {
      BigDecimal number = value.decimal();
      if (number == null) {
        throw RequestFault.wrongType(field, "a number", value.type().label());
      }
      return number;
    }
  }

  /** An object of one value a tool, for what a tool says and the model has no place for. */
  static final class ByTool {
    private final JsonWriter json = new JsonWriter().beginObject();

    void put(String tool, JsonValue value) {
      json.name(tool).raw(value.raw());
    }

    Bytes toBytes() {
      return json.endObject().toBytes();
    }
  }
}
