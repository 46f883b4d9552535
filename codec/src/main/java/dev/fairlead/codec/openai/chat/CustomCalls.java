package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tools that take free text, for providers that know functions only and for clients that know them
 * only as functions: Cursor sends the calls of such a tool as function calls of the bare text.
 */
public final class CustomCalls {
  /** The schema a tool of free text has where only functions are known. */
  static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\",\"description\":\"The"
          + " whole input as plain"
          + " text.\"}},\"required\":[\"input\"],\"additionalProperties\":false}";

  private CustomCalls() {}

  /** Names of the tools in {@code prompt} that take free text. */
  public static Set<String> names(Prompt prompt) {
    Set<String> names = new HashSet<>();
    for (Tool tool : prompt.tools()) {
      if (tool instanceof Tool.Custom custom) {
        names.add(custom.name());
      }
    }
    return names;
  }

  /**
   * The same prompt with calls that name a custom tool, and their results, told as such, whatever
   * the client called them.
   */
  public static Prompt restored(Prompt prompt) {
    Set<String> names = names(prompt);
    if (names.isEmpty()) {
      return prompt;
    }
    Set<String> ids = new HashSet<>();
    List<Turn> turns = new ArrayList<>(prompt.turns().size());
    for (Turn turn : prompt.turns()) {
      List<Part> parts = new ArrayList<>(turn.parts().size());
      for (Part part : turn.parts()) {
        if (part instanceof Part.ToolCall call && names.contains(call.name())) {
          ids.add(call.id());
          parts.add(
              new Part.ToolCall(
                  call.id(),
                  call.name(),
                  CallKind.CUSTOM,
                  call.arguments(),
                  call.sealed(),
                  call.cache()));
        } else if (part instanceof Part.ToolResult result && ids.contains(result.callId())) {
          parts.add(
              new Part.ToolResult(
                  result.callId(),
                  result.name(),
                  CallKind.CUSTOM,
                  result.content(),
                  result.error(),
                  result.cache()));
        } else {
          parts.add(part);
        }
      }
      turns.add(new Turn(turn.role(), parts, turn.name()));
    }
    return prompt.toBuilder().turns(turns).build();
  }

  /** The text of an object whose only member is a text, or null. */
  static @Nullable String onlyText(JsonValue object) {
    String only = null;
    for (JsonValue.Field field : object.members()) {
      if (only != null) {
        return null;
      }
      only = field.value().string();
      if (only == null) {
        return null;
      }
    }
    return only;
  }
}
