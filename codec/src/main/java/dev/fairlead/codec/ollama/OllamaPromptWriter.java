package dev.fairlead.codec.ollama;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.OutputFormat;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Sampling;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the body of {@code POST /api/chat} (Ollama API documentation, "Generate a chat message").
 * Ollama has no choice of tools: where none may be called none is offered, and what must be called
 * is a reported drop. A schema's name and {@code strict} are left out without a word.
 */
final class OllamaPromptWriter implements PromptWriter {
  /** In the names of the models whose thinking has levels. */
  private static final String WITH_LEVELS = "gpt-oss";

  private final OllamaOptions options;

  OllamaPromptWriter(OllamaOptions options) {
    this.options = options;
  }

  @Override
  public Written write(Prompt prompt, Target target) {
    Set<String> dropped = new LinkedHashSet<>();
    Set<String> refuses = target.quirks().refuses();
    JsonWriter out = new JsonWriter();
    out.beginObject().field("model", target.model());
    new OllamaMessageWriter(dropped, out).write(prompt.turns());
    tools(prompt, dropped, out);
    format(prompt.format(), out);
    out.field("stream", prompt.stream());
    Reasoning reasoning = prompt.reasoning();
    if (reasoning != null) {
      if (refuses.contains("think")) {
        dropped.add("reasoning");
      } else {
        think(reasoning, target.model(), dropped, out);
      }
    }
    Integer top = prompt.topLogprobs();
    if (top != null && refuses.contains("logprobs")) {
      dropped.add("logprobs");
    } else if (top != null) {
      out.field("logprobs", true);
      if (top > 0) {
        out.field("top_logprobs", top);
      }
    }
    Map<String, Bytes> sampling = options(prompt);
    if (!sampling.isEmpty()) {
      out.name("options").beginObject();
      sampling.forEach((name, raw) -> out.name(name).raw(raw));
      out.endObject();
    }
    foreign(prompt, refuses, dropped, out);
    unsaid(prompt, dropped);
    return new Written(out.endObject().toBytes(), List.copyOf(dropped));
  }

  private static void tools(Prompt prompt, Set<String> dropped, JsonWriter out) {
    ToolChoice choice = prompt.toolChoice();
    if (prompt.tools().isEmpty() || choice instanceof ToolChoice.None) {
      return;
    }
    if (choice instanceof ToolChoice.Required
        || choice instanceof ToolChoice.Named
        || choice instanceof ToolChoice.Among among && among.required()) {
      dropped.add("tool_choice");
    }
    boolean begun = false;
    for (Tool tool : prompt.tools()) {
      boolean left =
          choice instanceof ToolChoice.Among among && !among.names().contains(name(tool));
      if (left || !isOffered(tool, prompt, dropped)) {
        continue;
      }
      if (!begun) {
        out.name("tools").beginArray();
        begun = true;
      }
      tool(tool, dropped, out);
    }
    if (begun) {
      out.endArray();
    }
  }

  private static String name(Tool tool) {
    return switch (tool) {
      case Tool.Function function -> function.name();
      case Tool.Custom custom -> custom.name();
      case Tool.WebSearch search -> search.name();
      case Tool.Other other -> other.name();
    };
  }

  /** Whether Ollama has such a tool; a server tool that is all there is cannot be left out. */
  private static boolean isOffered(Tool tool, Prompt prompt, Set<String> dropped) {
    boolean known =
        switch (tool) {
          case Tool.Function function -> true;
          case Tool.Custom custom -> true;
          case Tool.WebSearch search -> false;
          case Tool.Other other -> other.foreign().dialect() == Dialect.OLLAMA;
        };
    if (known) {
      return true;
    }
    String type = tool instanceof Tool.Other other ? other.foreign().type() : "web_search";
    boolean wanted =
        prompt.tools().size() == 1
            || prompt.toolChoice() instanceof ToolChoice.Named named
                && named.name().equals(name(tool));
    if (wanted) {
      throw new RequestFault(
          "unsupported_tool",
          "Ollama has no tool \""
              + type
              + "\", and the request asks for nothing else; use a model of a vendor who has it.",
          "tools");
    }
    dropped.add("tools." + type);
    return false;
  }

  private static void tool(Tool tool, Set<String> dropped, JsonWriter out) {
    if (tool instanceof Tool.Other other) {
      out.raw(other.foreign().raw());
      return;
    }
    out.beginObject().field("type", "function").name("function").beginObject();
    out.field("name", name(tool));
    if (tool instanceof Tool.Function function) {
      if (function.description() != null) {
        out.field("description", function.description());
      }
      Bytes schema = function.schema();
      out.name("parameters");
      if (schema == null) {
        out.beginObject().field("type", "object").name("properties").beginObject().endObject();
        out.endObject();
      } else {
        out.raw(schema);
      }
      if (function.cache() != null) {
        dropped.add("cache_control");
      }
    } else if (tool instanceof Tool.Custom custom) {
      String said = custom.description();
      Bytes format = custom.format();
      out.field(
          "description",
          (said == null ? "" : said + "\n\n")
              + "Takes free text in \"input\""
              + (format == null ? "." : ", which must follow this format: " + format.utf8()));
      out.name("parameters").beginObject().field("type", "object");
      out.name("properties").beginObject().name("input").beginObject().field("type", "string");
      out.endObject().endObject().name("required").beginArray().string("input").endArray();
      out.endObject();
    }
    out.endObject().endObject();
  }

  private static void format(@Nullable OutputFormat format, JsonWriter out) {
    switch (format) {
      case null -> {}
      case OutputFormat.JsonObject any -> out.field("format", "json");
      case OutputFormat.JsonSchema schema -> out.name("format").raw(schema.schema());
    }
  }

  private static void think(
      Reasoning reasoning, String model, Set<String> dropped, JsonWriter out) {
    Reasoning.Effort effort = reasoning.effort();
    if (reasoning.mode() == Reasoning.Mode.OFF || effort == Reasoning.Effort.NONE) {
      out.field("think", false);
      return;
    }
    if (reasoning.budgetTokens() != null) {
      dropped.add("reasoning.budget_tokens");
    }
    if (effort == null) {
      if (reasoning.mode() == Reasoning.Mode.ON) {
        out.field("think", true);
      }
      return;
    }
    if (!model.toLowerCase(Locale.ROOT).contains(WITH_LEVELS)) {
      // Others think or do not; Ollama 0.12 refuses a level for them.
      dropped.add("reasoning.effort");
      out.field("think", true);
      return;
    }
    out.field(
        "think",
        switch (effort) {
          case NONE, MINIMAL, LOW -> "low";
          case MEDIUM -> "medium";
          case HIGH, XHIGH, MAX -> "high";
        });
  }

  private Map<String, Bytes> options(Prompt prompt) {
    Map<String, Bytes> all = new LinkedHashMap<>();
    Sampling sampling = prompt.sampling();
    Long numCtx = options.numCtx();
    if (numCtx != null) {
      put(all, "num_ctx", numCtx);
    }
    put(all, "num_predict", prompt.maxOutputTokens());
    put(all, "temperature", sampling.temperature());
    put(all, "top_k", sampling.topK());
    put(all, "top_p", sampling.topP());
    put(all, "seed", sampling.seed());
    put(all, "presence_penalty", sampling.presencePenalty());
    put(all, "frequency_penalty", sampling.frequencyPenalty());
    if (!sampling.stop().isEmpty()) {
      JsonWriter stop = new JsonWriter().beginArray();
      sampling.stop().forEach(stop::string);
      all.put("stop", stop.endArray().toBytes());
    }
    for (Foreign foreign : prompt.foreign()) {
      if (foreign.dialect() == Dialect.OLLAMA
          && foreign.type().startsWith(OllamaPromptReader.OPTIONS)) {
        all.put(foreign.type().substring(OllamaPromptReader.OPTIONS.length()), foreign.raw());
      }
    }
    return all;
  }

  private static void put(Map<String, Bytes> all, String name, @Nullable Number number) {
    if (number != null) {
      all.put(name, Bytes.utf8(number.toString()));
    }
  }

  private void foreign(Prompt prompt, Set<String> refuses, Set<String> dropped, JsonWriter out) {
    boolean kept = false;
    for (Foreign foreign : prompt.foreign()) {
      if (foreign.dialect() != Dialect.OLLAMA || refuses.contains(foreign.type())) {
        dropped.add(foreign.type());
      } else if (!foreign.type().startsWith(OllamaPromptReader.OPTIONS)) {
        kept |= foreign.type().equals("keep_alive");
        out.name(foreign.type()).raw(foreign.raw());
      }
    }
    String keepAlive = options.keepAlive();
    if (keepAlive != null && !kept) {
      out.name("keep_alive");
      try {
        out.number(Long.parseLong(keepAlive));
      } catch (NumberFormatException duration) {
        out.string(keepAlive);
      }
    }
  }

  private static void unsaid(Prompt prompt, Set<String> dropped) {
    if (Boolean.FALSE.equals(prompt.parallelTools())) {
      dropped.add("parallel_tool_calls");
    }
    if (prompt.choices() > 1) {
      dropped.add("n");
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
}
