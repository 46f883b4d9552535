package dev.fairlead.codec.openai.responses;

import dev.fairlead.core.prompt.CallKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How much of an output item has been told already. */
final class OutputItem {
  /** One of its content parts. */
  static final class Part {
    /** Characters of text or refusal told. */
    int told;

    int citations;
    boolean logprobs;
    boolean ended;
  }

  /** Where the text of its thinking comes from, which is only ever one of the two. */
  enum ThinkingFrom {
    SUMMARY,
    CONTENT
  }

  final @Nullable String id;
  final String type;
  final Map<Integer, Part> parts = new HashMap<>();

  /** The number of its call, or -1 before the call has begun. */
  int call = -1;

  int inputTold;
  @Nullable ThinkingFrom thinkingFrom;

  /** The last paragraph of thinking that had text, or -1. */
  int paragraph = -1;

  boolean done;

  OutputItem(@Nullable String id, String type) {
    this.id = id;
    this.type = type;
  }

  Part part(int index) {
    return parts.computeIfAbsent(index, unseen -> new Part());
  }

  /** The kind of call it is, or null when it is none of the client's. */
  static @Nullable CallKind callKind(String type) {
    return switch (type) {
      case "function_call" -> CallKind.FUNCTION;
      case "custom_tool_call" -> CallKind.CUSTOM;
      default -> null;
    };
  }
}
