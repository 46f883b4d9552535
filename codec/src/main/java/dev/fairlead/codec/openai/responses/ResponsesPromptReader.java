package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests of the Responses API (OpenAI API reference, "Create a model response"). What the
 * API does by default leaves no trace: {@code store} false, {@code truncation} disabled, encrypted
 * reasoning included.
 */
final class ResponsesPromptReader implements PromptReader {
  static final String ENCRYPTED_REASONING = "reasoning.encrypted_content";
  static final String LOGPROBS = "message.output_text.logprobs";

  @Override
  public Prompt read(JsonValue body) {
    return new Reading().read(body);
  }

  /** One body. */
  private static final class Reading {
    private final PromptBuilder prompt = Prompt.builder();
    private final ToolReader tools = new ToolReader(prompt);
    private final ItemReader items = new ItemReader(prompt, tools);
    private @Nullable BigDecimal temperature;
    private @Nullable BigDecimal topP;
    private @Nullable Long topK;
    private @Nullable BigDecimal frequencyPenalty;
    private @Nullable BigDecimal presencePenalty;
    private @Nullable Long seed;
    private List<String> stop = List.of();
    private @Nullable String user;
    private @Nullable JsonValue safetyIdentifier;
    private @Nullable Integer topLogprobs;
    private boolean logprobs;
    private @Nullable String cacheKey;
    private @Nullable String conversation;

    Prompt read(JsonValue body) {
      JsonValue instructions = null;
      JsonValue input = null;
      boolean elsewhere = false;
      for (JsonValue.Field field : body.members()) {
        String key = field.key();
        JsonValue value = field.value();
        switch (key) {
          case "instructions" -> instructions = value;
          case "input" -> input = value;
          case "previous_response_id", "conversation", "prompt" -> {
            elsewhere |= !value.isNull();
            keep(key, value);
          }
          default -> field(key, value);
        }
      }
      if (input == null && instructions == null && !elsewhere) {
        throw new RequestFault(
            "missing_field", "\"input\" is missing; give a string or an array of items.", "input");
      }
      if (instructions != null) {
        items.instructions(instructions);
      }
      if (input != null) {
        items.input(input);
      }
      items.finish();
      return finish();
    }

    private Prompt finish() {
      if (safetyIdentifier != null) {
        if (user == null) {
          user = FieldTypes.text(safetyIdentifier, "safety_identifier");
        } else {
          keep("safety_identifier", safetyIdentifier);
        }
      }
      if (topLogprobs == null && logprobs) {
        topLogprobs = 0;
      }
      return prompt
          .sampling(
              new Sampling(temperature, topP, topK, frequencyPenalty, presencePenalty, seed, stop))
          .user(user)
          .topLogprobs(topLogprobs)
          // Cursor names its conversation only here, and every turn of it shares a prefix.
          .cacheKey(cacheKey == null ? conversation : cacheKey)
          .build();
    }

    private void field(String key, JsonValue value) {
      switch (key) {
        // The model is the plan's business; options of the stream are Cursor's habit from Chat.
        case "model", "stream_options", "fallbacks" -> {}
        case "stream" -> prompt.stream(Boolean.TRUE.equals(FieldTypes.truth(value, key)));
        case "tools" -> tools.tools(value, key);
        case "tool_choice" -> tools.choice(value);
        case "parallel_tool_calls" -> prompt.parallelTools(FieldTypes.truth(value, key));
        case "max_output_tokens" -> prompt.maxOutputTokens(FieldTypes.whole(value, key));
        case "temperature" -> temperature = FieldTypes.decimal(value, key);
        case "top_p" -> topP = FieldTypes.decimal(value, key);
        case "top_k" -> topK = FieldTypes.whole(value, key);
        case "frequency_penalty" -> frequencyPenalty = FieldTypes.decimal(value, key);
        case "presence_penalty" -> presencePenalty = FieldTypes.decimal(value, key);
        case "seed" -> seed = FieldTypes.whole(value, key);
        case "stop" -> stop = strings(value);
        case "reasoning" -> reasoning(value);
        case "text" -> text(value);
        case "include" -> include(value);
        case "top_logprobs" -> {
          Long number = FieldTypes.whole(value, key);
          topLogprobs = number == null ? null : Math.clamp(number, 0, 100);
        }
        case "metadata" -> metadata(value);
        case "user" -> user = FieldTypes.text(value, key);
        case "safety_identifier" -> safetyIdentifier = value.isNull() ? null : value;
        case "prompt_cache_key" -> cacheKey = FieldTypes.text(value, key);
        case "service_tier" -> prompt.serviceTier(FieldTypes.text(value, key));
        case "store", "background" -> {
          if (Boolean.TRUE.equals(FieldTypes.truth(value, key))) {
            keep(key, value);
          }
        }
        case "truncation" -> {
          if (!value.is("disabled")) {
            keep(key, value);
          }
        }
        default -> keep(key, value);
      }
    }

    private void keep(String key, JsonValue value) {
      if (!value.isNull()) {
        prompt.foreign(new Foreign(Dialect.OPENAI_RESPONSES, key, value.raw()));
      }
    }

    private void reasoning(JsonValue value) {
      if (!FieldTypes.isObject(value, "reasoning")) {
        return;
      }
      Reasoning.Effort effort = null;
      Boolean shown = null;
      boolean any = false;
      for (JsonValue.Field field : value.members()) {
        JsonValue member = field.value();
        if (member.isNull()) {
          continue;
        }
        switch (field.key()) {
          case "effort" -> {
            effort = effort(FieldTypes.someText(member, "reasoning.effort"));
            if (effort == null) {
              keep("reasoning.effort", member);
            }
            any = true;
          }
          case "summary", "generate_summary" -> {
            shown = !"none".equals(FieldTypes.text(member, "reasoning.summary"));
            any = true;
          }
          default -> keep("reasoning." + field.key(), member);
        }
      }
      if (any) {
        Reasoning.Mode mode =
            effort == Reasoning.Effort.NONE
                ? Reasoning.Mode.OFF
                : effort == null ? Reasoning.Mode.ADAPTIVE : Reasoning.Mode.ON;
        prompt.reasoning(new Reasoning(mode, effort, null, shown));
      }
    }

    private static Reasoning.@Nullable Effort effort(String word) {
      for (Reasoning.Effort effort : Reasoning.Effort.values()) {
        if (effort.name().toLowerCase(Locale.ROOT).equals(word)) {
          return effort;
        }
      }
      return null;
    }

    private void text(JsonValue value) {
      if (!FieldTypes.isObject(value, "text")) {
        return;
      }
      for (JsonValue.Field field : value.members()) {
        if (field.named("format")) {
          format(field.value());
        } else {
          keep("text." + field.key(), field.value());
        }
      }
    }

    private void format(JsonValue value) {
      if (!FieldTypes.isObject(value, "text.format")) {
        return;
      }
      String type = null;
      String name = null;
      String description = null;
      JsonValue schema = null;
      Boolean strict = null;
      for (JsonValue.Field field : value.members()) {
        JsonValue member = field.value();
        switch (field.key()) {
          case "type" -> type = member.string();
          case "name" -> name = member.string();
          case "description" -> description = member.string();
          case "schema" -> schema = member;
          case "strict" -> strict = member.bool();
          default -> {}
        }
      }
      switch (type == null ? "" : type) {
        case "text" -> {}
        case "json_object" -> prompt.format(new OutputFormat.JsonObject());
        case "json_schema" -> {
          if (schema == null || !schema.isObject()) {
            throw new RequestFault(
                "missing_field",
                "\"text.format.schema\" is missing; give a JSON Schema.",
                "text.format.schema");
          }
          prompt.format(new OutputFormat.JsonSchema(name, description, schema.raw(), strict));
        }
        default -> keep("text.format", value);
      }
    }

    /** What else is to be in the reply; what is always asked for is no part of it. */
    private void include(JsonValue value) {
      if (!FieldTypes.isArray(value, "include")) {
        return;
      }
      List<Bytes> rest = new ArrayList<>();
      for (JsonValue element : value.elements()) {
        if (element.is(LOGPROBS)) {
          logprobs = true;
        } else if (!element.is(ENCRYPTED_REASONING)) {
          rest.add(element.raw());
        }
      }
      if (!rest.isEmpty()) {
        JsonWriter out = new JsonWriter().beginArray();
        rest.forEach(out::raw);
        prompt.foreign(new Foreign(Dialect.OPENAI_RESPONSES, "include", out.endArray().toBytes()));
      }
    }

    private void metadata(JsonValue value) {
      if (!FieldTypes.isObject(value, "metadata")) {
        return;
      }
      for (JsonValue.Field field : value.members()) {
        String text = field.value().string();
        if (text == null && !field.value().isNull()) {
          text = field.value().raw().utf8();
        }
        if (text != null) {
          prompt.metadata(field.key(), text);
          if (field.named("cursorConversationId") && !text.isEmpty()) {
            conversation = text;
          }
        }
      }
    }

    private static List<String> strings(JsonValue value) {
      String only = value.string();
      if (only != null) {
        return List.of(only);
      }
      if (value.type() != JsonType.ARRAY && !value.isNull()) {
        throw FieldTypes.wrong(value, "stop", "a string or an array");
      }
      List<String> all = new ArrayList<>();
      for (JsonValue element : value.elements()) {
        String text = element.string();
        if (text != null) {
          all.add(text);
        }
      }
      return all;
    }
  }
}
