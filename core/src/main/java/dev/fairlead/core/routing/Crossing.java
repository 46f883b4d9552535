package dev.fairlead.core.routing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Operation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a provider's operations serves a client's. The client's own wins always, because its
 * bytes need no translation; where the provider lacks it, conversations cross into the dialect in
 * which the provider says the most.
 */
public final class Crossing {
  private static final Set<Operation> CONVERSATIONS =
      Set.of(Operation.CHAT_COMPLETION, Operation.RESPONSES, Operation.MESSAGES);

  /**
   * OpenAI's own models reason only in Responses; other vendors' Responses are younger than their
   * Chat.
   */
  private static final List<Operation> OPENAI_FIRST =
      List.of(Operation.RESPONSES, Operation.CHAT_COMPLETION);

  private static final List<Operation> USUAL =
      List.of(
          Operation.OLLAMA_CHAT,
          Operation.GENERATE_CONTENT,
          Operation.MESSAGES,
          Operation.CHAT_COMPLETION,
          Operation.RESPONSES);

  private Crossing() {}

  /**
   * What {@code provider} is to be asked for, first choice first; empty when it cannot serve {@code
   * asked}.
   */
  static List<Operation> at(ProviderConfig provider, Operation asked) {
    Operation usual = usualAt(provider, asked);
    if (usual == null) {
      return List.of();
    }
    // Few servers that speak OpenAI's Chat have its Responses, whatever they are configured as.
    if (asked == Operation.RESPONSES
        && usual == Operation.RESPONSES
        && isSomebodyElses(provider)
        && provider.operations().contains(Operation.CHAT_COMPLETION)) {
      return List.of(Operation.RESPONSES, Operation.CHAT_COMPLETION);
    }
    // Ollama's compatible paths have no num_ctx, so that long prompts are cut without a word. What
    // calls itself Ollama and lacks the native path has the compatible one.
    return CONVERSATIONS.contains(asked)
            && usual != Operation.OLLAMA_CHAT
            && provider.kind().equals("ollama")
            && provider.operations().contains(Operation.OLLAMA_CHAT)
        ? List.of(Operation.OLLAMA_CHAT, usual)
        : List.of(usual);
  }

  /** A server that speaks OpenAI's language under a name of its own. */
  private static boolean isSomebodyElses(ProviderConfig provider) {
    return provider.kind().equals("openai") && !provider.name().equals("openai");
  }

  private static @Nullable Operation usualAt(ProviderConfig provider, Operation asked) {
    if (provider.operations().contains(asked)) {
      return asked;
    }
    if (CONVERSATIONS.contains(asked)) {
      boolean openai =
          (provider.kind().equals("openai") || provider.kind().equals("azure"))
              && provider.name().equals(provider.kind());
      for (Operation operation : openai ? OPENAI_FIRST : USUAL) {
        if (provider.operations().contains(operation)) {
          return operation;
        }
      }
    }
    return isCount(asked) && converses(provider) ? asked : null;
  }

  /**
   * Whether {@code target} is a count of tokens its provider cannot make, so that an estimate is
   * the answer.
   */
  public static boolean isEstimated(Target target) {
    return isCount(target.operation())
        && !target.provider().operations().contains(target.operation());
  }

  private static boolean isCount(Operation operation) {
    return operation == Operation.COUNT_TOKENS || operation == Operation.RESPONSES_INPUT_TOKENS;
  }

  private static boolean converses(ProviderConfig provider) {
    for (Operation operation : USUAL) {
      if (provider.operations().contains(operation)) {
        return true;
      }
    }
    return false;
  }
}
