package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Reasoning.Effort;
import dev.fairlead.core.prompt.Reasoning.Mode;
import dev.fairlead.core.prompt.Sampling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request of Chat Completions (OpenAI API reference, "Create chat completion"). Thinking
 * is asked for as {@code reasoning_effort} where the provider takes it; else as {@code thinking:
 * {"type"}} for those that name thinking {@code reasoning_content} (DeepSeek, GLM, Kimi) and as
 * {@code reasoning: {…}} for those that name it {@code reasoning} (OpenRouter).
 */
final class ChatPromptWriter implements PromptWriter {
  private static final Set<String> TIERS = Set.of("auto", "default", "flex", "priority", "scale");
  private static final int MOST_STOPS = 4;
  private static final int MOST_TAGS = 16;
  private static final int LONGEST_TAG = 512;

  @Override
  public Written write(Prompt prompt, Target target) {
    return new Writing(prompt, target).run();
  }

  /** One request being written. */
  private static final class Writing {
    private final Prompt prompt;
    private final Target target;
    private final Quirks quirks;
    private final OpenAiModels family;
    private final Body body;
    private final JsonWriter out;

    Writing(Prompt prompt, Target target) {
      this.prompt = prompt;
      this.target = target;
      this.quirks = target.quirks();
      this.family = OpenAiModels.of(target.model());
      this.body = new Body(quirks);
      this.out = body.out();
    }

    Written run() {
      out.beginObject().field("model", target.model());
      body.wrote("model");
      out.name("messages").beginArray();
      body.wrote("messages");
      ChatMessageWriter messages = new ChatMessageWriter(out, body.drops(), target);
      messages.write(LegalTurns.of(prompt.turns()));
      out.endArray();
      boolean tools = new ChatToolWriter(body).write(prompt);
      if (tools && prompt.parallelTools() != null && body.may("parallel_tool_calls")) {
        out.bool(prompt.parallelTools());
      }
      Long tokens = prompt.maxOutputTokens();
      if (tokens != null && body.may(quirks.maxTokensField())) {
        out.number(tokens);
      }
      boolean thinks = reasoning(prompt.reasoning());
      sampling(prompt.sampling(), family.refusesSampling(thinks));
      if (prompt.format() != null && body.may("response_format")) {
        format(prompt.format());
      }
      if (prompt.choices() > 1 && body.may("n")) {
        out.number(prompt.choices());
      }
      if (prompt.topLogprobs() != null && body.may("logprobs")) {
        out.bool(true);
        if (prompt.topLogprobs() > 0 && body.may("top_logprobs")) {
          out.number(prompt.topLogprobs());
        }
      }
      if (prompt.user() != null && body.may("user")) {
        out.string(WireNames.atMost64(prompt.user()));
      }
      tags();
      if (prompt.cacheKey() != null && body.may("prompt_cache_key")) {
        out.string(WireNames.atMost64(prompt.cacheKey()));
      }
      String tier = prompt.serviceTier();
      if (tier != null) {
        if (!TIERS.contains(tier)) {
          body.drop("service_tier");
        } else if (body.may("service_tier")) {
          out.string(tier);
        }
      }
      if (prompt.stream()) {
        stream();
      }
      foreign();
      return new Written(out.endObject().toBytes(), body.dropped());
    }

    private void sampling(Sampling how, boolean refused) {
      decimal("temperature", how.temperature(), refused, BigDecimal.ONE);
      decimal("top_p", how.topP(), refused, BigDecimal.ONE);
      if (how.topK() != null && body.may("top_k")) {
        out.number(how.topK());
      }
      decimal("frequency_penalty", how.frequencyPenalty(), refused, BigDecimal.ZERO);
      decimal("presence_penalty", how.presencePenalty(), refused, BigDecimal.ZERO);
      if (how.seed() != null && body.may("seed")) {
        out.number(how.seed());
      }
      if (how.stop().isEmpty()) {
        return;
      }
      if (refused) {
        body.drop("stop");
      } else if (body.may("stop")) {
        out.beginArray();
        for (int i = 0; i < Math.min(MOST_STOPS, how.stop().size()); i++) {
          out.string(how.stop().get(i));
        }
        out.endArray();
        if (how.stop().size() > MOST_STOPS) {
          body.drop("stop");
        }
      }
    }

    private void decimal(
        String name, @Nullable BigDecimal number, boolean refused, BigDecimal usual) {
      if (number == null) {
        return;
      }
      if (refused) {
        if (number.compareTo(usual) != 0) {
          body.drop(name);
        }
      } else if (body.may(name)) {
        out.raw(dev.fairlead.core.model.Bytes.utf8(number.toString()));
      }
    }

    /** Whether the model was told to think. */
    private boolean reasoning(@Nullable Reasoning wanted) {
      if (wanted == null) {
        return false;
      }
      if (quirks.namedReasoning()) {
        return effort(wanted);
      }
      if (quirks.reasoningField().equals("reasoning")) {
        reasoningObject(wanted);
      } else if (quirks.reasoningField().isEmpty()) {
        body.drop("reasoning");
      } else if (body.may("thinking")) {
        String type = wanted.mode() == Mode.OFF ? "disabled" : "enabled";
        out.beginObject().field("type", type).endObject();
        if (wanted.effort() != null && wanted.effort() != Effort.NONE) {
          body.drop("reasoning_effort");
        }
        if (wanted.budgetTokens() != null) {
          body.drop("thinking.budget_tokens");
        }
      }
      return wanted.mode() != Mode.OFF;
    }

    private boolean effort(Reasoning wanted) {
      Effort effort = wanted.effort();
      if (wanted.mode() == Mode.OFF) {
        effort = Effort.NONE;
      } else if (effort == null && wanted.budgetTokens() != null) {
        effort = effort(wanted.budgetTokens());
        body.drop("thinking.budget_tokens");
      }
      if (effort == null) {
        return false;
      }
      Effort nearest = family.nearest(effort);
      if (nearest != effort && !(nearest == null && effort == Effort.NONE)) {
        body.drop("reasoning_effort");
      }
      if (nearest != null && body.may("reasoning_effort")) {
        out.string(ReasoningReading.word(nearest));
      }
      return nearest != null && nearest != Effort.NONE;
    }

    /** The effort that spends about so many tokens on thinking. */
    private static Effort effort(long budget) {
      if (budget >= 10_000) {
        return Effort.HIGH;
      }
      if (budget >= 5_000) {
        return Effort.MEDIUM;
      }
      return budget >= 2_000 ? Effort.LOW : Effort.MINIMAL;
    }

    private void reasoningObject(Reasoning wanted) {
      if (!body.may("reasoning")) {
        return;
      }
      out.beginObject();
      Effort effort = wanted.effort();
      if (effort != null) {
        out.field("effort", ReasoningReading.word(effort));
      }
      if (wanted.budgetTokens() != null && effort == null) {
        out.field("max_tokens", wanted.budgetTokens());
      } else if (wanted.budgetTokens() != null) {
        body.drop("thinking.budget_tokens");
      }
      if (effort == null && wanted.budgetTokens() == null) {
        out.field("enabled", wanted.mode() != Mode.OFF);
      }
      if (wanted.shown() != null) {
        out.field("exclude", !wanted.shown());
      }
      out.endObject();
    }

    private void format(OutputFormat format) {
      switch (format) {
        case OutputFormat.JsonObject object ->
            out.beginObject().field("type", "json_object").endObject();
        case OutputFormat.JsonSchema schema -> {
          out.beginObject().field("type", "json_schema").name("json_schema").beginObject();
          out.field("name", schema.name() == null ? "reply" : WireNames.tool(schema.name()));
          if (schema.description() != null) {
            out.field("description", schema.description());
          }
          out.name("schema").raw(schema.schema());
          if (schema.strict() != null) {
            out.field("strict", schema.strict());
          }
          out.endObject().endObject();
        }
      }
    }

    private void tags() {
      if (prompt.metadata().isEmpty() || !body.may("metadata")) {
        return;
      }
      out.beginObject();
      int count = 0;
      for (var tag : new TreeMap<>(prompt.metadata()).entrySet()) {
        if (count == MOST_TAGS
            || tag.getKey().length() > 64
            || tag.getValue().length() > LONGEST_TAG) {
          body.drop("metadata." + tag.getKey());
        } else {
          out.field(tag.getKey(), tag.getValue());
          count++;
        }
      }
      out.endObject();
    }

    /** The usage chunk is always asked for: whoever reads the reply wants to know. */
    private void stream() {
      if (body.may("stream")) {
        out.bool(true);
      }
      JsonValue options = null;
      for (Foreign field : prompt.foreign()) {
        if (field.dialect() == Dialect.OPENAI_CHAT && field.type().equals("stream_options")) {
          options = JsonTexts.object(field.raw());
        }
      }
      if (quirks.refuses().contains("stream_options")) {
        if (options != null) {
          body.drop("stream_options");
        }
        body.wrote("stream_options");
        return;
      }
      body.may("stream_options");
      out.beginObject().field("include_usage", true);
      if (options != null) {
        for (JsonValue.Field option : options.members()) {
          if (!option.named("include_usage")) {
            out.name(option.key()).raw(option.value().raw());
          }
        }
      }
      out.endObject();
    }

    private void foreign() {
      for (Foreign field : prompt.foreign()) {
        boolean idle = field.type().equals("stream_options") && !prompt.stream();
        if (field.dialect() != Dialect.OPENAI_CHAT || idle) {
          body.drop(field.type());
        } else if (!body.hasWritten(field.type()) && body.may(field.type())) {
          out.raw(field.raw());
        }
      }
    }
  }

  /** The body as far as it is written, and what it does not say. */
  static final class Body {
    private final Quirks quirks;
    private final JsonWriter out = new JsonWriter();
    private final Drops drops = new Drops();
    private final List<String> written = new ArrayList<>();

    Body(Quirks quirks) {
      this.quirks = quirks;
    }

    JsonWriter out() {
      return out;
    }

    Drops drops() {
      return drops;
    }

    Quirks quirks() {
      return quirks;
    }

    /** Begins a top-level field, unless the provider refuses it, which is noted. */
    boolean may(String field) {
      if (quirks.refuses().contains(field)) {
        drops.add(field);
        return false;
      }
      out.name(field);
      written.add(field);
      return true;
    }

    void wrote(String field) {
      written.add(field);
    }

    boolean hasWritten(String field) {
      return written.contains(field);
    }

    void drop(String field) {
      drops.add(field);
    }

    List<String> dropped() {
      return drops.names();
    }
  }
}
