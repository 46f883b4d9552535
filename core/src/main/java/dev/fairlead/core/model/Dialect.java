package dev.fairlead.core.model;

/**
 * A wire format for prompts and replies. The path a client uses names the dialect it speaks; a
 * provider's row names the dialects it accepts.
 */
public enum Dialect {
  /** OpenAI Chat Completions, {@code POST /v1/chat/completions}. */
  OPENAI_CHAT("openai-chat"),
  /** OpenAI Responses, {@code POST /v1/responses}. */
  OPENAI_RESPONSES("openai-responses"),
  /** OpenAI legacy completions, {@code POST /v1/completions}. */
  OPENAI_COMPLETIONS("openai-completions"),
  /** OpenAI embeddings, {@code POST /v1/embeddings}. */
  OPENAI_EMBEDDINGS("openai-embeddings"),
  /** Anthropic Messages, {@code POST /v1/messages}. */
  ANTHROPIC_MESSAGES("anthropic-messages"),
  /** Gemini API, {@code POST /v1beta/models/MODEL:generateContent}. */
  GEMINI("gemini"),
  /** Ollama's own API, {@code POST /api/chat}. */
  OLLAMA("ollama");

  private final String label;

  Dialect(String label) {
    this.label = label;
  }

  /** Stable lower-case name for logs, metrics and configuration. */
  public String label() {
    return label;
  }
}
