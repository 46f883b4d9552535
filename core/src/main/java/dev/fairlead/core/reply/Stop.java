package dev.fairlead.core.reply;

/** Why a model stopped. */
public enum Stop {
  /** It had said all it wanted. */
  END,
  /** The token limit of the request. */
  LENGTH,
  /** The model's context window was full. */
  CONTEXT_FULL,
  /** A stop sequence of the request. */
  SEQUENCE,
  /** It waits for the results of tools. */
  TOOLS,
  /** The vendor's filter cut it. */
  FILTERED,
  /** It declined. */
  REFUSED,
  /** A long turn was interrupted; the client sends it back to go on (Anthropic's pause_turn). */
  PAUSED
}
