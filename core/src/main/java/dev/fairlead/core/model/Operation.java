package dev.fairlead.core.model;

/**
 * What a request asks for; each operation has one dialect and one path below a provider's base URL.
 */
public enum Operation {
  CHAT_COMPLETION("chat_completion", Dialect.OPENAI_CHAT, "/v1/chat/completions"),
  RESPONSES("responses", Dialect.OPENAI_RESPONSES, "/v1/responses"),
  RESPONSES_INPUT_TOKENS(
      "responses_input_tokens", Dialect.OPENAI_RESPONSES, "/v1/responses/input_tokens"),
  RESPONSES_COMPACT("responses_compact", Dialect.OPENAI_RESPONSES, "/v1/responses/compact"),
  TEXT_COMPLETION("text_completion", Dialect.OPENAI_COMPLETIONS, "/v1/completions"),
  EMBEDDING("embedding", Dialect.OPENAI_EMBEDDINGS, "/v1/embeddings"),
  MESSAGES("messages", Dialect.ANTHROPIC_MESSAGES, "/v1/messages"),
  COUNT_TOKENS("count_tokens", Dialect.ANTHROPIC_MESSAGES, "/v1/messages/count_tokens"),
  /** The path names the model; a stream has another verb, see the provider module. */
  GENERATE_CONTENT("generate_content", Dialect.GEMINI, "/v1beta/models/{model}:generateContent"),
  OLLAMA_CHAT("ollama_chat", Dialect.OLLAMA, "/api/chat");

  private final String label;
  private final Dialect dialect;
  private final String path;

  Operation(String label, Dialect dialect, String path) {
    this.label = label;
    this.dialect = dialect;
    this.path = path;
  }

  /** The request type's name in logs, metrics and {@code request_path_overrides}. */
  public String label() {
    return label;
  }

  public Dialect dialect() {
    return dialect;
  }

  /** Path below a provider's base URL, which itself ends without {@code /v1}. */
  public String path() {
    return path;
  }

  /** Whether the reply generates text and so costs output tokens. */
  public boolean generates() {
    return switch (this) {
      case CHAT_COMPLETION,
          RESPONSES,
          RESPONSES_COMPACT,
          TEXT_COMPLETION,
          MESSAGES,
          GENERATE_CONTENT,
          OLLAMA_CHAT ->
          true;
      case RESPONSES_INPUT_TOKENS, EMBEDDING, COUNT_TOKENS -> false;
    };
  }
}
