package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of {@code generateContent} (Gemini API reference, "GenerateContentRequest"). The
 * model and whether to stream are for the path. A schema's name and {@code strict} are left out
 * without a word: Gemini always holds to a schema and has no name for it.
 */
final class GeminiPromptWriter implements PromptWriter {
  private static final int MAX_STOPS = 5;
  private static final int MAX_LOGPROBS = 20;

  @Override
  public Written write(Prompt prompt, Target target) {
    Set<String> dropped = new LinkedHashSet<>();
    GeminiModel model = GeminiModel.named(target.model());
    JsonWriter out = new JsonWriter();
    out.beginObject();
    new GeminiContentWriter(target, model, dropped, out).write(prompt.turns());
    new GeminiToolWriter(target, model, dropped, out).write(prompt);
    new Config(prompt, target, model, dropped, out).write();
    for (Foreign foreign : prompt.foreign()) {
      boolean inside = foreign.type().indexOf('.') >= 0;
      boolean ours = foreign.dialect() == Dialect.GEMINI;
      if (!ours || target.quirks().refuses().contains(foreign.type())) {
        dropped.add(foreign.type());
      } else if (!inside) {
        out.name(foreign.type()).raw(foreign.raw());
      } else if (!foreign.type().startsWith(GeminiConfigReader.PREFIX)
          && !foreign.type().startsWith(GeminiToolReader.CONFIG)) {
        dropped.add(foreign.type());
      }
    }
    unsaid(prompt, dropped);
    return new Written(out.endObject().toBytes(), List.copyOf(dropped));
  }

  private static void unsaid(Prompt prompt, Set<String> dropped) {
    if (Boolean.FALSE.equals(prompt.parallelTools())) {
      dropped.add("parallel_tool_calls");
    }
    if (prompt.user() != null) {
      dropped.add("user");
    }
    if (!prompt.metadata().isEmpty()) {
      dropped.add("metadata");
    }
    if (prompt.cacheKey() != null) {
      dropped.add("prompt_cache_key");
    }
    if (prompt.serviceTier() != null) {
      dropped.add("service_tier");
    }
  }

  /** Writes {@code generationConfig}. */
  private static final class Config {
    private final Prompt prompt;
    private final Target target;
    private final GeminiModel model;
    private final Set<String> dropped;
    private final JsonWriter out;
    private boolean begun;

    Config(Prompt prompt, Target target, GeminiModel model, Set<String> dropped, JsonWriter out) {
      this.prompt = prompt;
      this.target = target;
      this.model = model;
      this.dropped = dropped;
      this.out = out;
    }

    void write() {
      Sampling sampling = prompt.sampling();
      if (sampling.temperature() != null && takes("temperature", "temperature")) {
        name("temperature").number(sampling.temperature());
      }
      if (sampling.topP() != null && takes("topP", "top_p")) {
        name("topP").number(sampling.topP());
      }
      if (sampling.topK() != null && takes("topK", "top_k")) {
        name("topK").number(sampling.topK());
      }
      Long most = prompt.maxOutputTokens();
      if (most != null) {
        name("maxOutputTokens").number(most);
      }
      stops(sampling.stop());
      if (prompt.choices() > 1 && takes("candidateCount", "n")) {
        name("candidateCount").number(prompt.choices());
      }
      if (sampling.seed() != null && takes("seed", "seed")) {
        name("seed").number(sampling.seed());
      }
      if (sampling.presencePenalty() != null && takes("presencePenalty", "presence_penalty")) {
        name("presencePenalty").number(sampling.presencePenalty());
      }
      if (sampling.frequencyPenalty() != null && takes("frequencyPenalty", "frequency_penalty")) {
        name("frequencyPenalty").number(sampling.frequencyPenalty());
      }
      Integer top = prompt.topLogprobs();
      if (top != null && takes("responseLogprobs", "logprobs")) {
        name("responseLogprobs").bool(true);
        if (top > 0) {
          name("logprobs").number(Math.min(top, MAX_LOGPROBS));
        }
      }
      format(prompt.format());
      thinking(prompt.reasoning());
      for (Foreign foreign : prompt.foreign()) {
        if (foreign.dialect() == Dialect.GEMINI
            && foreign.type().startsWith(GeminiConfigReader.PREFIX)
            && !target.quirks().refuses().contains(foreign.type())) {
          name(foreign.type().substring(GeminiConfigReader.PREFIX.length())).raw(foreign.raw());
        }
      }
      if (begun) {
        out.endObject();
      }
    }

    private JsonWriter name(String name) {
      if (!begun) {
        out.name("generationConfig").beginObject();
        begun = true;
      }
      return out.name(name);
    }

    private boolean takes(String field, String asked) {
      boolean refused = target.quirks().refuses().contains(field);
      if (refused) {
        dropped.add(asked);
      }
      return !refused;
    }

    private void stops(List<String> asked) {
      List<String> stops = new ArrayList<>(asked);
      stops.removeIf(String::isEmpty);
      if (stops.size() > MAX_STOPS || stops.size() < asked.size()) {
        dropped.add("stop");
      }
      if (!stops.isEmpty() && takes("stopSequences", "stop")) {
        name("stopSequences").beginArray();
        for (String stop : stops.subList(0, Math.min(MAX_STOPS, stops.size()))) {
          out.string(stop);
        }
        out.endArray();
      }
    }

    private void format(@Nullable OutputFormat format) {
      if (format == null || !takes("responseMimeType", "response_format")) {
        return;
      }
      name("responseMimeType").string("application/json");
      if (format instanceof OutputFormat.JsonSchema schema) {
        switch (target.quirks().toolSchema()) {
          case FULL -> name("responseJsonSchema").raw(schema.schema());
          case PLAIN -> {
            var plain = PlainSchema.of(schema.schema());
            if (plain != null) {
              name("responseSchema").raw(plain);
            }
          }
        }
      }
    }

    private void thinking(@Nullable Reasoning reasoning) {
      if (reasoning == null) {
        return;
      }
      if (model.thinking() == GeminiModel.Thinking.NONE) {
        if (reasoning.mode() != Reasoning.Mode.OFF) {
          dropped.add("reasoning");
        }
        return;
      }
      if (!takes("thinkingConfig", "reasoning")) {
        return;
      }
      name("thinkingConfig").beginObject();
      if (model.thinking() == GeminiModel.Thinking.BUDGET) {
        out.field("thinkingBudget", GeminiThinking.budget(reasoning, model, dropped));
      } else {
        String level = GeminiThinking.level(reasoning, model, dropped);
        if (level != null) {
          out.field("thinkingLevel", level);
        }
      }
      Boolean shown = reasoning.shown();
      if (shown != null) {
        out.field("includeThoughts", shown);
      }
      out.endObject();
    }
  }
}
