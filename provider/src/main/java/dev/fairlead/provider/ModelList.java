package dev.fairlead.provider;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is asked for its own list of models: Gemini's {@code /v1beta/models}, Ollama's
 * {@code /api/tags}, for all others {@code /v1/models} beside what it serves.
 *
 * @param place where
 * @param headers with the credential
 */
public record ModelList(UpstreamTarget place, Headers headers) {
  private static final String ANTHROPIC_VERSION = "anthropic-version";

  /**
   * The question for {@code provider}, asked with {@code key} or, where that is null, with none.
   */
  public static ModelList of(ProviderConfig provider, @Nullable ProviderKey key) {
    return new ModelList(
        place(provider, key), UpstreamHeaders.ofOurs(provider, key, version(provider)));
  }

  /** How the Ollama server {@code provider} is asked about one model, by {@code POST}. */
  public static ModelList ollamaShow(ProviderConfig provider, @Nullable ProviderKey key) {
    Headers.Builder headers = Headers.builder();
    headers.add("content-type", "application/json");
    UpstreamHeaders.ofOurs(provider, key, null).forEach(headers::add);
    return new ModelList(
        beside(provider, key, Operation.OLLAMA_CHAT, "/chat", "/show", ""), headers.build());
  }

  private static @Nullable String version(ProviderConfig provider) {
    return provider.operations().contains(Operation.MESSAGES)
            && !provider.network().extraHeaders().containsKey(ANTHROPIC_VERSION)
        ? "2023-06-01"
        : null;
  }

  private static UpstreamTarget place(ProviderConfig provider, @Nullable ProviderKey key) {
    if (provider.operations().contains(Operation.OLLAMA_CHAT)) {
      return beside(provider, key, Operation.OLLAMA_CHAT, "/chat", "/tags", "");
    }
    if (provider.operations().contains(Operation.GENERATE_CONTENT)) {
      return beside(
          provider,
          key,
          Operation.GENERATE_CONTENT,
          "/{model}:generateContent",
          "",
          "pageSize=1000");
    }
    for (Operation operation :
        new Operation[] {Operation.CHAT_COMPLETION, Operation.RESPONSES, Operation.EMBEDDING}) {
      if (provider.operations().contains(operation)) {
        String end = operation.path().substring("/v1".length());
        return beside(provider, key, operation, end, "/models", "");
      }
    }
    return beside(provider, key, Operation.MESSAGES, "/messages", "/models", "limit=1000");
  }

  private static UpstreamTarget beside(
      ProviderConfig provider,
      @Nullable ProviderKey key,
      Operation operation,
      String end,
      String instead,
      String query) {
    UpstreamTarget served = UpstreamTarget.of(provider, key, operation, "");
    String path =
        served.path().endsWith(end)
            ? served.path().substring(0, served.path().length() - end.length()) + instead
            : "/v1/models";
    return new UpstreamTarget(served.base(), query.isEmpty() ? path : path + "?" + query);
  }
}
