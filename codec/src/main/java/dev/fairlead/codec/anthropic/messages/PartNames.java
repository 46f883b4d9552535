package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.prompt.Part;

/** What kinds of parts are called in reports of what was dropped. */
final class PartNames {
  private PartNames() {}

  static String of(Part part) {
    return switch (part) {
      case Part.Text _ -> "text";
      case Part.Refusal _ -> "refusal";
      case Part.Image _ -> "image";
      case Part.Document _ -> "document";
      case Part.Audio _ -> "audio";
      case Part.Thinking _ -> "thinking";
      case Part.ToolCall _ -> "tool_use";
      case Part.ToolResult _ -> "tool_result";
      case Part.Other other -> other.foreign().type();
    };
  }
}
