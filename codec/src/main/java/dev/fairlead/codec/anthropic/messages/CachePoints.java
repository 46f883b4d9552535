package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cache marks for clients that know of none: on the last tool, the last of the system prompt and
 * the last two of the user's turns, so that each request of a conversation reads what the one
 * before wrote. Depends on nothing but the prompt.
 */
public final class CachePoints {
  /** Shorter prompts are not cached. */
  private static final long LEAST_TOKENS = 1024;

  private static final int USER_TURNS = 2;

  private CachePoints() {}

  /**
   * {@code prompt} with marks; itself when the client set any of its own, or when it is too short.
   */
  public static Prompt mark(Prompt prompt) {
    if (hasMarks(prompt) || Estimate.tokens(prompt) < LEAST_TOKENS) {
      return prompt;
    }
    List<Tool> tools = new ArrayList<>(prompt.tools());
    for (int i = tools.size() - 1; i >= 0; i--) {
      if (tools.get(i) instanceof Tool.Function function) {
        tools.set(
            i,
            new Tool.Function(
                function.name(),
                function.description(),
                function.schema(),
                function.strict(),
                CacheMark.FIVE_MINUTES));
        break;
      }
    }
    List<Turn> turns = new ArrayList<>(prompt.turns());
    int first = 0;
    while (first < turns.size() && isSystem(turns.get(first))) {
      first++;
    }
    markLast(turns, 0, first);
    // Turns of the user's that follow each other become one message, marked at its end.
    int left = USER_TURNS;
    for (int end = turns.size(); end > first && left > 0; ) {
      if (turns.get(end - 1).role() == Turn.Role.USER) {
        int start = end - 1;
        while (start > first && turns.get(start - 1).role() == Turn.Role.USER) {
          start--;
        }
        if (markLast(turns, start, end)) {
          left--;
        }
        end = start;
      } else {
        end--;
      }
    }
    return prompt.toBuilder().tools(tools).turns(turns).build();
  }

  private static boolean isSystem(Turn turn) {
    return turn.role() == Turn.Role.SYSTEM || turn.role() == Turn.Role.DEVELOPER;
  }

  private static boolean hasMarks(Prompt prompt) {
    for (Tool tool : prompt.tools()) {
      if (tool instanceof Tool.Function function && function.cache() != null) {
        return true;
      }
    }
    for (Foreign field : prompt.foreign()) {
      if (field.type().endsWith("cache_control")) {
        return true;
      }
    }
    for (Turn turn : prompt.turns()) {
      if (hasMarks(turn.parts())) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasMarks(List<Part> parts) {
    for (Part part : parts) {
      if (part.cache() != null
          || (part instanceof Part.ToolResult result && hasMarks(result.content()))) {
        return true;
      }
    }
    return false;
  }

  /** Marks the last part between two turns that can be marked; false when there is none. */
  private static boolean markLast(List<Turn> turns, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      Turn turn = turns.get(i);
      List<Part> parts = new ArrayList<>(turn.parts());
      for (int j = parts.size() - 1; j >= 0; j--) {
        Part marked = marked(parts.get(j));
        if (marked != null) {
          parts.set(j, marked);
          turns.set(i, new Turn(turn.role(), parts, turn.name()));
          return true;
        }
      }
    }
    return false;
  }

  private static @Nullable Part marked(Part part) {
    CacheMark mark = CacheMark.FIVE_MINUTES;
    return switch (part) {
      case Part.Text text ->
          text.text().isBlank() ? null : new Part.Text(text.text(), text.citations(), mark);
      case Part.Image image -> new Part.Image(image.source(), image.detail(), mark);
      case Part.Document document ->
          new Part.Document(
              document.source(), document.name(), document.context(), document.citations(), mark);
      case Part.ToolResult result ->
          new Part.ToolResult(
              result.callId(),
              result.name(),
              result.kind(),
              result.content(),
              result.error(),
              mark);
      case Part.Refusal _, Part.Audio _, Part.Thinking _, Part.ToolCall _, Part.Other _ -> null;
    };
  }
}
