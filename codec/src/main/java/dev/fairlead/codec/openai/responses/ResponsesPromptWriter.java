package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Turn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests of the Responses API (OpenAI API reference, "Create a model response"). Nothing
 * is stored at the vendor unless the client asked for it, so reasoning comes encrypted.
 */
final class ResponsesPromptWriter implements PromptWriter {
  @Override
  public Written write(Prompt prompt, Target target) {
    return new Writing(prompt, target).write();
  }

  /** One body. */
  private static final class Writing {
    private static final long LEAST_OUTPUT = 16;
    private static final int MOST_METADATA = 16;
    private static final int LONGEST_METADATA_KEY = 64;
    private static final int LONGEST_METADATA = 512;

    private final Prompt prompt;
    private final Target target;
    private final Quirks quirks;
    private final ModelTraits model;
    private final Set<String> dropped = new LinkedHashSet<>();
    private final JsonWriter out = new JsonWriter();

    Writing(Prompt prompt, Target target) {
      this.prompt = prompt;
      this.target = target;
      this.quirks = target.quirks();
      this.model = new ModelTraits(target.model());
    }

    Written write() {
      out.beginObject().field("model", target.model());
      input();
      ToolWriter tools = new ToolWriter(out, quirks, dropped);
      if ((prompt.tools().isEmpty() && !has(ToolReader.OPTIONAL_TOOL)) || takes("tools")) {
        tools.tools(prompt);
        if (prompt.toolChoice() != null && takes("tool_choice")) {
          tools.choice(prompt);
        }
      }
      if (prompt.parallelTools() != null && takes("parallel_tool_calls")) {
        out.field("parallel_tool_calls", prompt.parallelTools());
      }
      boolean thinks = reasoning();
      limits(thinks);
      text();
      include();
      who();
      if (prompt.choices() > 1) {
        dropped.add("n");
      }
      if (prompt.stream()) {
        out.field("stream", true);
      }
      foreign();
      return new Written(out.endObject().toBytes(), List.copyOf(dropped));
    }

    private boolean takes(String field) {
      if (quirks.refuses().contains(field)) {
        dropped.add(field);
        return false;
      }
      return true;
    }

    private void input() {
      List<Turn> turns = prompt.turns();
      boolean stored = truth("store");
      ItemWriter items =
          new ItemWriter(
              out,
              quirks,
              dropped,
              own("previous_response_id") != null || own("conversation") != null,
              stored);
      String instructions = instructions(turns);
      if (instructions != null) {
        out.field("instructions", instructions);
        turns = turns.subList(1, turns.size());
      }
      out.name("input").beginArray();
      items.write(turns);
      out.endArray();
      if (!quirks.refuses().contains("store")) {
        out.field("store", stored);
      }
    }

    /**
     * The first turn when it is one system text that something follows; anything else keeps its
     * place among the items.
     */
    private @Nullable String instructions(List<Turn> turns) {
      if (turns.size() > 1
          && turns.getFirst().role() == Turn.Role.SYSTEM
          && turns.getFirst().name() == null
          && turns.getFirst().parts().size() == 1
          && turns.getFirst().parts().getFirst() instanceof Part.Text text
          && !text.text().isEmpty()
          && takes("instructions")) {
        if (text.cache() != null) {
          dropped.add("cache_control");
        }
        return text.text();
      }
      return null;
    }

    /** Writes {@code reasoning}; whether the model will think. */
    private boolean reasoning() {
      Reasoning wanted = prompt.reasoning();
      boolean foreign = has("reasoning.");
      if (wanted == null && !foreign) {
        return true;
      }
      boolean off = wanted != null && wanted.mode() == Reasoning.Mode.OFF;
      if (!model.mayReason()
          || !quirks.namedReasoning()
          || quirks.refuses().contains("reasoning")) {
        if (!off) {
          dropped.add("reasoning");
        }
        return false;
      }
      Reasoning.Effort effort = wanted == null ? null : effort(wanted);
      boolean shown = wanted != null && Boolean.TRUE.equals(wanted.shown());
      if (effort != null || shown || foreign) {
        out.name("reasoning").beginObject();
        if (effort != null) {
          out.field("effort", effort.name().toLowerCase(Locale.ROOT));
        }
        if (shown) {
          out.field("summary", "auto");
        }
        nested("reasoning.");
        out.endObject();
      }
      return effort != Reasoning.Effort.NONE;
    }

    private Reasoning.@Nullable Effort effort(Reasoning wanted) {
      Reasoning.Effort effort = wanted.effort();
      Long budget = wanted.budgetTokens();
      if (budget != null) {
        dropped.add("thinking.budget_tokens");
      }
      if (wanted.mode() == Reasoning.Mode.OFF) {
        effort = Reasoning.Effort.NONE;
      } else if (effort == null && budget != null) {
        effort =
            budget < 4096
                ? Reasoning.Effort.LOW
                : budget < 16_384 ? Reasoning.Effort.MEDIUM : Reasoning.Effort.HIGH;
      }
      if (effort == null) {
        return null;
      }
      Reasoning.Effort nearest = model.nearest(effort);
      if (nearest != effort) {
        dropped.add("reasoning.effort");
      }
      return nearest;
    }

    private void limits(boolean thinks) {
      Long most = prompt.maxOutputTokens();
      if (most != null && takes("max_output_tokens")) {
        if (most < LEAST_OUTPUT) {
          dropped.add("max_output_tokens");
        }
        out.field("max_output_tokens", Math.max(most, LEAST_OUTPUT));
      }
      Sampling sampling = prompt.sampling();
      boolean itself = model.samplesItself(thinks);
      if (sampling.temperature() != null && !left("temperature", itself)) {
        out.name("temperature").number(sampling.temperature());
      }
      if (sampling.topP() != null && !left("top_p", itself)) {
        out.name("top_p").number(sampling.topP());
      }
      Integer top = prompt.topLogprobs();
      if (top != null && !left("top_logprobs", itself)) {
        out.field("top_logprobs", Math.min(top, 20));
        if (top > 20) {
          dropped.add("top_logprobs");
        }
      }
      unknown("top_k", sampling.topK());
      unknown("frequency_penalty", sampling.frequencyPenalty());
      unknown("presence_penalty", sampling.presencePenalty());
      unknown("seed", sampling.seed());
      unknown("stop", sampling.stop().isEmpty() ? null : sampling.stop());
    }

    private boolean left(String field, boolean refused) {
      if (refused) {
        dropped.add(field);
      }
      return refused || !takes(field);
    }

    private void unknown(String field, @Nullable Object value) {
      if (value != null) {
        dropped.add(field);
      }
    }

    private void text() {
      OutputFormat format = prompt.format();
      Foreign verbosity = field(Dialect.OPENAI_CHAT, "verbosity");
      if (format == null && verbosity == null && !has("text.")) {
        return;
      }
      if (!takes("text")) {
        return;
      }
      out.name("text").beginObject();
      if (format != null) {
        out.name("format").beginObject();
        switch (format) {
          case OutputFormat.JsonObject any -> out.field("type", "json_object");
          case OutputFormat.JsonSchema schema -> {
            out.field("type", "json_schema")
                .field("name", schema.name() == null ? "reply" : ToolNames.wire(schema.name()));
            if (schema.description() != null) {
              out.field("description", schema.description());
            }
            out.name("schema").raw(schema.schema());
            if (schema.strict() != null) {
              out.field("strict", schema.strict());
            }
          }
        }
        out.endObject();
      }
      if (verbosity != null && own("text.verbosity") == null) {
        out.name("verbosity").raw(verbosity.raw());
      }
      nested("text.");
      out.endObject();
    }

    private void include() {
      Foreign more = own("include");
      boolean sealed =
          model.mayReason() && quirks.reasoningField().isEmpty() && quirks.namedReasoning();
      boolean logprobs = prompt.topLogprobs() != null && !dropped.contains("top_logprobs");
      if ((!sealed && !logprobs && more == null) || quirks.refuses().contains("include")) {
        if (more != null) {
          dropped.add("include");
        }
        return;
      }
      out.name("include").beginArray();
      if (sealed) {
        out.string(ResponsesPromptReader.ENCRYPTED_REASONING);
      }
      if (logprobs) {
        out.string(ResponsesPromptReader.LOGPROBS);
      }
      if (more != null) {
        RawArray.elements(more.raw()).forEach(out::raw);
      }
      out.endArray();
    }

    private void who() {
      if (prompt.user() != null && takes("user")) {
        out.field("user", ToolNames.short64(prompt.user()));
      }
      if (!prompt.metadata().isEmpty() && takes("metadata")) {
        metadata();
      }
      if (prompt.cacheKey() != null && takes("prompt_cache_key")) {
        out.field("prompt_cache_key", ToolNames.short64(prompt.cacheKey()));
      }
      if (prompt.serviceTier() != null && takes("service_tier")) {
        out.field("service_tier", prompt.serviceTier());
      }
    }

    private void metadata() {
      out.name("metadata").beginObject();
      int count = 0;
      // Sorted, since the map's own order changes from process to process.
      for (Map.Entry<String, String> entry : new TreeMap<>(prompt.metadata()).entrySet()) {
        if (count++ < MOST_METADATA
            && entry.getKey().length() <= LONGEST_METADATA_KEY
            && entry.getValue().length() <= LONGEST_METADATA) {
          out.field(entry.getKey(), entry.getValue());
        } else {
          dropped.add("metadata");
        }
      }
      out.endObject();
    }

    private void foreign() {
      for (Foreign field : prompt.foreign()) {
        String type = field.type();
        if (field.dialect() == Dialect.OPENAI_RESPONSES) {
          boolean written =
              type.equals("store")
                  || type.equals("include")
                  || type.startsWith("reasoning.")
                  || type.startsWith("text.")
                  || type.startsWith(ToolReader.OPTIONAL_TOOL)
                  || type.startsWith(ToolReader.WEB_SEARCH_FIELD);
          if (!written
              && !(type.equals("tool_choice") && prompt.toolChoice() != null)
              && takes(type)) {
            out.name(type).raw(field.raw());
          }
        } else if (field.dialect() == Dialect.OPENAI_CHAT && sameInChat(type)) {
          if (own(type) == null && takes(type)) {
            out.name(type).raw(field.raw());
          }
        } else if (!(field.dialect() == Dialect.OPENAI_CHAT
            && (type.equals("verbosity") || type.equals("store")))) {
          dropped.add(type);
        }
      }
    }

    /** Fields of Chat that mean the same here. */
    private static boolean sameInChat(String type) {
      return type.equals("prompt_cache_retention") || type.equals("safety_identifier");
    }

    private void nested(String prefix) {
      for (Foreign field : prompt.foreign()) {
        if (field.dialect() == Dialect.OPENAI_RESPONSES && field.type().startsWith(prefix)) {
          out.name(field.type().substring(prefix.length())).raw(field.raw());
        }
      }
    }

    private boolean has(String prefix) {
      for (Foreign field : prompt.foreign()) {
        if (field.dialect() == Dialect.OPENAI_RESPONSES && field.type().startsWith(prefix)) {
          return true;
        }
      }
      return false;
    }

    private @Nullable Foreign own(String type) {
      return field(Dialect.OPENAI_RESPONSES, type);
    }

    private @Nullable Foreign field(Dialect dialect, String type) {
      for (Foreign field : prompt.foreign()) {
        if (field.dialect() == dialect && field.type().equals(type)) {
          return field;
        }
      }
      return null;
    }

    private boolean truth(String type) {
      Foreign field = own(type);
      if (field == null) {
        field = field(Dialect.OPENAI_CHAT, type);
      }
      return field != null && field.raw().utf8().strip().equals("true");
    }
  }
}
