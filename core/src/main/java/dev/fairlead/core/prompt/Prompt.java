package dev.fairlead.core.prompt;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a model, whatever dialect it asked in. Null everywhere means that the
 * client said nothing, so that the provider's own default holds.
 *
 * @param turns the conversation in order, system and developer instructions among them where they
 *     stand
 * @param tools what the model may call
 * @param toolChoice whether and what it must call, or null
 * @param parallelTools whether it may call several tools at once, or null
 * @param maxOutputTokens the most tokens it may generate, thinking included, or null
 * @param sampling how tokens are drawn
 * @param reasoning how much it should think, or null
 * @param format the form its text must have, or null for free text
 * @param choices how many alternative replies, at least 1
 * @param topLogprobs log probabilities wanted for this many alternatives, 0 for the chosen token
 *     only, or null for none
 * @param stream whether the reply is wanted as a stream
 * @param user the client's own id for its user, or null
 * @param metadata tags of the client, without the user
 * @param cacheKey what requests that share a prompt prefix have in common, or null
 * @param serviceTier the provider's speed class by the client's own word, or null
 * @param foreign top-level fields for which there is no place here
 */
public record Prompt(
    List<Turn> turns,
    List<Tool> tools,
    @Nullable ToolChoice toolChoice,
    @Nullable Boolean parallelTools,
    @Nullable Long maxOutputTokens,
    Sampling sampling,
    @Nullable Reasoning reasoning,
    @Nullable OutputFormat format,
    int choices,
    @Nullable Integer topLogprobs,
    boolean stream,
    @Nullable String user,
    Map<String, String> metadata,
    @Nullable String cacheKey,
    @Nullable String serviceTier,
    List<Foreign> foreign) {
  public Prompt {
    turns = List.copyOf(turns);
    tools = List.copyOf(tools);
    metadata = Map.copyOf(metadata);
    foreign = List.copyOf(foreign);
    if (choices < 1) {
      throw new IllegalArgumentException("at least one reply is asked for");
    }
  }

  /** A builder with nothing said. */
  public static PromptBuilder builder() {
    return new PromptBuilder();
  }

  /** A builder that begins with everything said here. */
  public PromptBuilder toBuilder() {
    return new PromptBuilder(this);
  }
}
