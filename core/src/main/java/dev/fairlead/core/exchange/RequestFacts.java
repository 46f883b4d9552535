package dev.fairlead.core.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What policy and planning read of a request's body, the same for every dialect. Nothing else of
 * the body is looked at.
 *
 * @param model the model as the client wrote it, never blank, at most 256 characters, without
 *     control characters
 * @param stream whether the client wants the reply as a stream
 * @param fallbacks models to try after {@code model}, each {@code provider/model}; empty when none
 *     are given or when the body's field is the provider's own, see {@code providerFallbacks}
 * @param providerFallbacks the body's {@code fallbacks} belong to the provider (Anthropic's
 *     server-side fallback) and pass untouched
 * @param maxOutputTokens the most output tokens the client allows per choice, or null when it sets
 *     no limit
 * @param choices how many replies are asked for, of all prompts together, at least 1
 * @param includeUsage whether the client wants usage in a Chat stream
 * @param hasTools whether tools are offered to the model
 * @param sessionHint what the body says of the conversation it belongs to, at most 512 characters,
 *     or null
 * @param bodyBytes size of the body in bytes
 * @param promptOpening the beginning of the system prompt, about 400 characters, or null when there
 *     is none or nobody asked
 * @param thread whether the body names an Anthropic message thread, so that it holds only the
 *     newest messages
 */
public record RequestFacts(
    String model,
    boolean stream,
    List<String> fallbacks,
    boolean providerFallbacks,
    @Nullable Long maxOutputTokens,
    int choices,
    boolean includeUsage,
    boolean hasTools,
    @Nullable String sessionHint,
    int bodyBytes,
    @Nullable String promptOpening,
    boolean thread) {
  public RequestFacts {
    fallbacks = List.copyOf(fallbacks);
  }

  /** Without the prompt's opening, which may be private. */
  @Override
  public String toString() {
    return "RequestFacts[model=" + model + ", stream=" + stream + ", bodyBytes=" + bodyBytes + "]";
  }
}
