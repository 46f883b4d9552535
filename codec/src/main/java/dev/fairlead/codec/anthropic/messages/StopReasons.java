package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.reply.Stop;

/** {@code stop_reason} (Anthropic docs, "Handling stop reasons"). */
final class StopReasons {
  private StopReasons() {}

  /**
   * @param calls whether the reply calls tools of the client's
   */
  static Stop read(String reason, boolean calls) {
    return switch (reason) {
      case "max_tokens" -> Stop.LENGTH;
      case "model_context_window_exceeded" -> Stop.CONTEXT_FULL;
      case "stop_sequence" -> Stop.SEQUENCE;
      case "tool_use" -> Stop.TOOLS;
      case "pause_turn", "compaction" -> Stop.PAUSED;
      case "refusal" -> Stop.REFUSED;
      default -> calls ? Stop.TOOLS : Stop.END;
    };
  }

  /** A reason clients act on: they run tools for {@code tool_use} and nothing else. */
  static String write(Stop stop, boolean calls) {
    return switch (stop) {
      case END, TOOLS -> calls ? "tool_use" : "end_turn";
      case LENGTH -> "max_tokens";
      case CONTEXT_FULL -> "model_context_window_exceeded";
      case SEQUENCE -> "stop_sequence";
      case FILTERED, REFUSED -> "refusal";
      case PAUSED -> "pause_turn";
    };
  }
}
