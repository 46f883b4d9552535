package dev.fairlead.core.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers a {@link Prompt}, field by field as a reader comes upon them. Not thread-safe. */
public final class PromptBuilder {
  private List<Turn> turns = new ArrayList<>();
  private List<Tool> tools = new ArrayList<>();
  private @Nullable ToolChoice toolChoice;
  private @Nullable Boolean parallelTools;
  private @Nullable Long maxOutputTokens;
  private Sampling sampling = Sampling.NONE;
  private @Nullable Reasoning reasoning;
  private @Nullable OutputFormat format;
  private int choices = 1;
  private @Nullable Integer topLogprobs;
  private boolean stream;
  private @Nullable String user;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private @Nullable String cacheKey;
  private @Nullable String serviceTier;
  private List<Foreign> foreign = new ArrayList<>();

  PromptBuilder() {}

  PromptBuilder(Prompt from) {
    turns = new ArrayList<>(from.turns());
    tools = new ArrayList<>(from.tools());
    toolChoice = from.toolChoice();
    parallelTools = from.parallelTools();
    maxOutputTokens = from.maxOutputTokens();
    sampling = from.sampling();
    reasoning = from.reasoning();
    format = from.format();
    choices = from.choices();
    topLogprobs = from.topLogprobs();
    stream = from.stream();
    user = from.user();
    metadata.putAll(from.metadata());
    cacheKey = from.cacheKey();
    serviceTier = from.serviceTier();
    foreign = new ArrayList<>(from.foreign());
  }

  public PromptBuilder turn(Turn turn) {
    turns.add(turn);
    return this;
  }

  /** Replaces all turns. */
  public PromptBuilder turns(List<Turn> all) {
    turns = new ArrayList<>(all);
    return this;
  }

  public PromptBuilder tool(Tool tool) {
    tools.add(tool);
    return this;
  }

  /** Replaces all tools. */
  public PromptBuilder tools(List<Tool> all) {
    tools = new ArrayList<>(all);
    return this;
  }

  public PromptBuilder toolChoice(@Nullable ToolChoice choice) {
    toolChoice = choice;
    return this;
  }

  public PromptBuilder parallelTools(@Nullable Boolean allowed) {
    parallelTools = allowed;
    return this;
  }

  public PromptBuilder maxOutputTokens(@Nullable Long tokens) {
    maxOutputTokens = tokens;
    return this;
  }

  public PromptBuilder sampling(Sampling how) {
    sampling = how;
    return this;
  }

  public PromptBuilder reasoning(@Nullable Reasoning wanted) {
    reasoning = wanted;
    return this;
  }

  public PromptBuilder format(@Nullable OutputFormat wanted) {
    format = wanted;
    return this;
  }

  public PromptBuilder choices(int number) {
    choices = number;
    return this;
  }

  public PromptBuilder topLogprobs(@Nullable Integer alternatives) {
    topLogprobs = alternatives;
    return this;
  }

  public PromptBuilder stream(boolean wanted) {
    stream = wanted;
    return this;
  }

  public PromptBuilder user(@Nullable String id) {
    user = id;
    return this;
  }

  public PromptBuilder metadata(String name, String value) {
    metadata.put(name, value);
    return this;
  }

  public PromptBuilder cacheKey(@Nullable String key) {
    cacheKey = key;
    return this;
  }

  public PromptBuilder serviceTier(@Nullable String tier) {
    serviceTier = tier;
    return this;
  }

  /** Replaces what only one dialect knows. */
  public PromptBuilder foreign(List<Foreign> all) {
    foreign.clear();
    foreign.addAll(all);
    return this;
  }

  public PromptBuilder foreign(Foreign field) {
    foreign.add(field);
    return this;
  }

  public Prompt build() {
    return new Prompt(
        turns,
        tools,
        toolChoice,
        parallelTools,
        maxOutputTokens,
        sampling,
        reasoning,
        format,
        choices,
        topLogprobs,
        stream,
        user,
        metadata,
        cacheKey,
        serviceTier,
        foreign);
  }
}
