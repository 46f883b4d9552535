package dev.fairlead.core.exchange;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway needs to know of a request body; nothing else of it is looked at.
 *
 * @param model the model as the client wrote it, never empty
 * @param stream whether a stream was asked for
 * @param fallbacks {@code provider/model} names the body asks to fall back to, in order
 * @param maxOutputTokens the client's own bound on output, or null
 * @param includeUsage whether a Chat stream was asked to report usage
 * @param hasTools whether tools were offered
 * @param sessionHint a session or conversation id found in the body, or null
 * @param bodyBytes size of the body
 * @param promptOpening the first characters of the system prompt, or null when there is none or nobody asked
 * @param thread whether the body continues a server-side message thread
 */
public record RequestFacts(
    String model,
    boolean stream,
    List<String> fallbacks,
    @Nullable Long maxOutputTokens,
    boolean includeUsage,
    boolean hasTools,
    @Nullable String sessionHint,
    long bodyBytes,
    @Nullable String promptOpening,
    boolean thread) {
  public RequestFacts {
    fallbacks = List.copyOf(fallbacks);
  }
}
