package dev.fairlead.codec.openai.chat;

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
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request of Chat Completions (OpenAI API reference, "Create chat completion"), with what
 * compatible servers added ({@code reasoning}, {@code thinking}, {@code cache_control}, {@code
 * top_k}) and what Cursor sends to this path: tools in four forms in one array, {@code "tools":
 * null}, Anthropic's blocks inside messages. {@code model}, {@code fallbacks} and {@code
 * stream_options.include_usage} are the gateway's business and are not read here.
 */
final class ChatPromptReader implements PromptReader {
  private static final long MOST_CHOICES = 128;

  @Override
  public Prompt read(JsonValue body) {
    return new Reading().read(body);
  }

  /** One request being read. */
  private static final class Reading {
    private final PromptBuilder prompt = Prompt.builder();
    private final ReasoningReading reasoning = new ReasoningReading();
    private final List<Tool> tools = new ArrayList<>();
    private final List<String> stop = new ArrayList<>();
    private @Nullable JsonValue messages;
    private @Nullable JsonValue system;
    private @Nullable JsonValue functionCall;
    private @Nullable JsonValue toolChoice;
    private @Nullable Long maxTokens;
    private @Nullable Long maxCompletionTokens;
    private @Nullable BigDecimal temperature;
    private @Nullable BigDecimal topP;
    private @Nullable BigDecimal frequencyPenalty;
    private @Nullable BigDecimal presencePenalty;
    private @Nullable Long topK;
    private @Nullable Long seed;
    private @Nullable Boolean logprobs;
    private @Nullable Integer topLogprobs;
    private @Nullable String cacheKey;
    private @Nullable String conversation;

    Prompt read(JsonValue body) {
      for (JsonValue.Field field : body.members()) {
        if (!field.value().isNull()) {
          field(field.key(), field.value());
        }
      }
      if (messages == null) {
        throw new RequestFault(
            "missing_messages",
            "\"messages\" is missing: send the conversation as an array of messages, or a Responses"
                + " body with \"input\".",
            "messages");
      }
      Set<String> custom = new HashSet<>();
      for (Tool tool : tools) {
        if (tool instanceof Tool.Custom it) {
          custom.add(it.name());
        }
      }
      ChatMessageReader turns = new ChatMessageReader(custom);
      if (system != null) {
        turns.system(system);
      }
      turns.read(messages, prompt);
      if (toolChoice != null) {
        choice(toolChoice, "tool_choice");
      } else if (functionCall != null) {
        choice(functionCall, "function_call");
      }
      if (logprobs != null && logprobs) {
        prompt.topLogprobs(topLogprobs == null ? 0 : topLogprobs);
      }
      return prompt
          .tools(tools)
          .maxOutputTokens(maxCompletionTokens == null ? maxTokens : maxCompletionTokens)
          .sampling(
              new Sampling(temperature, topP, topK, frequencyPenalty, presencePenalty, seed, stop))
          .reasoning(reasoning.result())
          .cacheKey(cacheKey == null ? conversation : cacheKey)
          .build();
    }

    private void field(String key, JsonValue value) {
      switch (key) {
        // Cursor may send a Responses body's input beside the messages, which are what counts.
        case "model", "input" -> {}
        case "messages" -> messages = Shapes.array(value, key);
        case "system" -> system = value;
        case "tools" -> ChatToolReader.tools(Shapes.array(value, key), tools);
        case "functions" -> ChatToolReader.functions(Shapes.array(value, key), tools);
        case "tool_choice" -> toolChoice = value;
        case "function_call" -> functionCall = value;
        case "parallel_tool_calls" -> prompt.parallelTools(Shapes.bool(value, key));
        case "max_tokens" -> maxTokens = Shapes.count(value, key);
        case "max_completion_tokens" -> maxCompletionTokens = Shapes.count(value, key);
        case "temperature" -> temperature = Shapes.decimal(value, key);
        case "top_p" -> topP = Shapes.decimal(value, key);
        case "top_k" -> topK = Shapes.integer(value, key);
        case "frequency_penalty" -> frequencyPenalty = Shapes.decimal(value, key);
        case "presence_penalty" -> presencePenalty = Shapes.decimal(value, key);
        case "seed" -> seed = Shapes.integer(value, key);
        case "stop", "stop_sequences" -> stop(value, key);
        case "n" -> prompt.choices((int) Shapes.within(value, key, 1, MOST_CHOICES));
        case "logprobs" -> logprobs = Shapes.bool(value, key);
        case "top_logprobs" -> topLogprobs = (int) Shapes.within(value, key, 0, 20);
        case "stream" -> prompt.stream(Shapes.bool(value, key));
        case "stream_options" -> streamOptions(value);
        case "user" -> prompt.user(Shapes.string(value, key));
        case "metadata" -> metadata(value);
        case "prompt_cache_key" -> cacheKey = Shapes.string(value, key);
        case "service_tier" -> prompt.serviceTier(Shapes.string(value, key));
        case "response_format" -> format(value);
        case "reasoning_effort" -> {
          if (!reasoning.effort(value)) {
            foreign(key, value);
          }
        }
        case "reasoning" -> {
          if (!reasoning.object(value)) {
            foreign(key, value);
          }
        }
        case "thinking" -> {
          if (!reasoning.thinking(value)) {
            foreign(key, value);
          }
        }
        case "fallbacks" -> {
          for (JsonValue one : value.elements()) {
            if (one.isObject()) {
              foreign(key, value);
              break;
            }
          }
        }
        default -> foreign(key, value);
      }
    }

    private void foreign(String key, JsonValue value) {
      prompt.foreign(new Foreign(Dialect.OPENAI_CHAT, key, value.raw()));
    }

    private void choice(JsonValue value, String key) {
      ToolChoice choice = ChatToolReader.choice(value);
      if (choice == null) {
        foreign(key, value);
        return;
      }
      if (choice instanceof ToolChoice.Named named && isCustom(named.name())) {
        choice = new ToolChoice.Named(named.name(), CallKind.CUSTOM);
      }
      prompt.toolChoice(choice);
      JsonValue single = value.get("disable_parallel_tool_use");
      if (single != null && single.bool() != null) {
        prompt.parallelTools(!Shapes.bool(single, key + ".disable_parallel_tool_use"));
      }
    }

    private boolean isCustom(String name) {
      for (Tool tool : tools) {
        if (tool instanceof Tool.Custom custom && custom.name().equals(name)) {
          return true;
        }
      }
      return false;
    }

    private void stop(JsonValue value, String key) {
      if (value.type() == JsonType.ARRAY) {
        for (JsonValue one : value.elements()) {
          stop.add(Shapes.string(one, key));
        }
      } else {
        stop.add(Shapes.string(value, key));
      }
    }

    private void streamOptions(JsonValue value) {
      JsonWriter others = new JsonWriter().beginObject();
      boolean any = false;
      for (JsonValue.Field option : value.members()) {
        if (!option.named("include_usage")) {
          others.name(option.key()).raw(option.value().raw());
          any = true;
        }
      }
      if (any) {
        prompt.foreign(
            new Foreign(Dialect.OPENAI_CHAT, "stream_options", others.endObject().toBytes()));
      }
    }

    private void metadata(JsonValue value) {
      for (JsonValue.Field tag : Shapes.object(value, "metadata").members()) {
        if (tag.value().isNull()) {
          continue;
        }
        String text = tag.value().string();
        String told = text == null ? tag.value().raw().utf8() : text;
        prompt.metadata(tag.key(), told);
        if (tag.named("cursorConversationId") && !told.isEmpty()) {
          conversation = told;
        }
      }
    }

    private void format(JsonValue value) {
      JsonValue type = value.get("type");
      String name = type == null ? null : type.string();
      if (name == null) {
        throw RequestFault.wrongType(
            "response_format", "an object with \"type\"", value.type().label());
      }
      switch (name) {
        case "text" -> {}
        case "json_object" -> prompt.format(new OutputFormat.JsonObject());
        case "json_schema" -> {
          OutputFormat format = jsonSchema(value);
          if (format == null) {
            foreign("response_format", value);
          } else {
            prompt.format(format);
          }
        }
        default -> foreign("response_format", value);
      }
    }

    /** Nested under {@code json_schema}, or flat as in Responses bodies. */
    private static @Nullable OutputFormat jsonSchema(JsonValue value) {
      JsonValue nested = value.get("json_schema");
      String name = null;
      String description = null;
      Bytes schema = null;
      Boolean strict = null;
      for (JsonValue.Field field : (nested == null ? value : nested).members()) {
        switch (field.key()) {
          case "name" -> name = field.value().string();
          case "description" -> description = field.value().string();
          case "schema" -> schema = field.value().isNull() ? null : field.value().raw();
          case "strict" -> strict = field.value().bool();
          default -> {}
        }
      }
      return schema == null ? null : new OutputFormat.JsonSchema(name, description, schema, strict);
    }
  }
}
