package dev.fairlead.codec.openai.chat;

import dev.fairlead.core.reply.Stop;
import org.jspecify.annotations.Nullable;

/** {@code finish_reason}, with the words compatible servers have for it. */
final class ChatStops {
  private ChatStops() {}

  /** What the word means, or null when it stands for a failure. */
  static @Nullable Stop read(String reason, boolean calls, boolean refused) {
    return switch (reason) {
      case "tool_calls", "function_call", "tool_use" -> calls ? Stop.TOOLS : Stop.END;
      case "length", "max_tokens", "max_output_tokens" -> Stop.LENGTH;
      case "model_length", "context_length", "model_context_window_exceeded" -> Stop.CONTEXT_FULL;
      case "content_filter", "sensitive", "safety", "SAFETY" -> Stop.FILTERED;
      case "refusal" -> Stop.REFUSED;
      case "stop_sequence" -> Stop.SEQUENCE;
      case "error", "network_error", "insufficient_system_resource" -> null;
      default -> natural(calls, refused);
    };
  }

  /** Why a reply stopped that says no more than that it did: many say stop after calls, too. */
  static Stop natural(boolean calls, boolean refused) {
    if (calls) {
      return Stop.TOOLS;
    }
    return refused ? Stop.REFUSED : Stop.END;
  }

  /** The word for a client. */
  static String write(Stop stop, boolean calls, boolean refused) {
    return switch (stop) {
      case END, TOOLS, SEQUENCE, PAUSED -> calls ? "tool_calls" : "stop";
      case LENGTH, CONTEXT_FULL -> "length";
      case FILTERED -> "content_filter";
      case REFUSED -> refused ? "stop" : "content_filter";
    };
  }
}
