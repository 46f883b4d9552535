package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much a request asks a model to think, in what the model takes.
 *
 * @param type of {@code thinking}, or null to say nothing
 * @param budget its {@code budget_tokens}, or null
 * @param display its {@code display}, or null
 * @param effort {@code output_config.effort}, or null
 * @param maxTokens tokens it may generate, thinking included
 */
record ThinkingWanted(
    @Nullable String type,
    @Nullable Long budget,
    @Nullable String display,
    @Nullable String effort,
    long maxTokens) {
  /** Tokens of the answer where the client set no limit. */
  private static final long USUAL_OUTPUT = 8192;

  /** Anthropic takes no smaller budget. */
  private static final long LEAST_BUDGET = 1024;

  private static final String DISABLED = "disabled";

  boolean thinks() {
    return type != null && !type.equals(DISABLED);
  }

  static ThinkingWanted of(
      Prompt prompt,
      ThinkingFor model,
      boolean toolForced,
      boolean continuesWithoutThinking,
      Set<String> dropped) {
    long limit = Math.min(limit(prompt, model, 0), model.mostOutput());
    Reasoning reasoning = prompt.reasoning();
    if (reasoning == null) {
      return new ThinkingWanted(null, null, null, null, limit);
    }
    Reasoning.Effort wanted = reasoning.effort();
    if (reasoning.mode() == Reasoning.Mode.OFF || wanted == Reasoning.Effort.NONE) {
      return off(model, wanted, limit, dropped);
    }
    if (model.style() == ThinkingFor.Style.NONE) {
      dropped.add("thinking");
      return new ThinkingWanted(null, null, null, null, limit);
    }
    if (toolForced) {
      // A forced tool and thinking exclude each other; the tool is what the client insists on.
      dropped.add("thinking");
      return off(model, wanted, limit, dropped);
    }
    if (model.style() == ThinkingFor.Style.ADAPTIVE) {
      return adaptive(prompt, model, reasoning, dropped);
    }
    if (continuesWithoutThinking) {
      dropped.add("thinking");
      return off(model, wanted, limit, dropped);
    }
    return budgeted(prompt, model, reasoning, dropped);
  }

  private static ThinkingWanted off(
      ThinkingFor model, Reasoning.@Nullable Effort wanted, long limit, Set<String> dropped) {
    String effort =
        wanted == null || wanted == Reasoning.Effort.NONE || !model.effort()
            ? null
            : model.word(wanted);
    return switch (model.off()) {
      case SILENCE -> new ThinkingWanted(null, null, null, effort, limit);
      case DISABLED -> {
        // Beyond high some models refuse to go without thinking.
        boolean most = effort != null && (effort.equals("xhigh") || effort.equals("max"));
        yield new ThinkingWanted(DISABLED, null, null, most ? "high" : effort, limit);
      }
      case NEVER -> {
        dropped.add("thinking");
        yield new ThinkingWanted(null, null, null, effort == null ? "low" : effort, limit);
      }
    };
  }

  private static ThinkingWanted adaptive(
      Prompt prompt, ThinkingFor model, Reasoning reasoning, Set<String> dropped) {
    Reasoning.Effort effort = reasoning.effort();
    Long budget = reasoning.budgetTokens();
    if (effort == null && budget != null) {
      dropped.add("thinking.budget_tokens");
      effort = ThinkingFor.effort(budget);
    }
    long extra = budget != null ? budget : ThinkingFor.budget(or(effort, Reasoning.Effort.HIGH));
    return new ThinkingWanted(
        "adaptive",
        null,
        display(reasoning),
        effort == null ? null : model.word(effort),
        Math.min(limit(prompt, model, extra), model.mostOutput()));
  }

  private static ThinkingWanted budgeted(
      Prompt prompt, ThinkingFor model, Reasoning reasoning, Set<String> dropped) {
    Long told = reasoning.budgetTokens();
    Reasoning.Effort effort = reasoning.effort();
    long budget =
        told != null
            ? Math.max(LEAST_BUDGET, told)
            : ThinkingFor.budget(or(effort, Reasoning.Effort.MEDIUM));
    long limit = Math.min(limit(prompt, model, budget), model.mostOutput());
    // Half of a limit the client set for all is left to the answer when the budget was ours.
    boolean share = told == null && prompt.maxOutputTokens() != null;
    long most = share ? Math.max(limit / 2, Math.min(LEAST_BUDGET, limit - 1)) : limit - 1;
    budget = Math.min(budget, most);
    if (budget < LEAST_BUDGET) {
      dropped.add("thinking");
      return off(model, effort, limit, dropped);
    }
    return new ThinkingWanted(
        "enabled",
        budget,
        null,
        effort != null && model.effort() ? model.word(effort) : null,
        limit);
  }

  private static @Nullable String display(Reasoning reasoning) {
    Boolean shown = reasoning.shown();
    return shown == null ? null : shown ? "summarized" : "omitted";
  }

  private static Reasoning.Effort or(
      Reasoning.@Nullable Effort effort, Reasoning.Effort otherwise) {
    return effort == null ? otherwise : effort;
  }

  /** The client's limit, or the usual one with room for thinking. */
  private static long limit(Prompt prompt, ThinkingFor model, long thinking) {
    Long told = prompt.maxOutputTokens();
    return told == null ? Math.min(USUAL_OUTPUT, model.mostOutput()) + thinking : told;
  }
}
