package dev.fairlead.codec.openai.chat;

import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.prompt.Turn.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A conversation in the order Chat wants it: behind every assistant turn with calls stands exactly
 * one result for each, before anything else. Results are fetched from later turns before the next
 * assistant turn; a missing one is told as such, one without its call becomes text. Conversations
 * that are so already stay as they are.
 */
final class LegalTurns {
  private static final String NO_RESULT = "Error: the tool gave no result.";

  private final Set<Part.ToolResult> placed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Turn> out = new ArrayList<>();

  private LegalTurns() {}

  static List<Turn> of(List<Turn> turns) {
    return new LegalTurns().run(merged(turns));
  }

  /** Calls of one reply told in several turns are one turn, as is thinking with what it led to. */
  private static List<Turn> merged(List<Turn> turns) {
    List<Turn> merged = new ArrayList<>(turns.size());
    for (Turn turn : turns) {
      Turn last = merged.isEmpty() ? null : merged.getLast();
      if (last != null
          && turn.role() == Role.ASSISTANT
          && last.role() == Role.ASSISTANT
          && (hasCalls(last) || isThinking(last))) {
        List<Part> parts = new ArrayList<>(last.parts());
        parts.addAll(turn.parts());
        merged.set(merged.size() - 1, new Turn(Role.ASSISTANT, parts, last.name()));
      } else {
        merged.add(turn);
      }
    }
    return merged;
  }

  private static boolean hasCalls(Turn turn) {
    for (Part part : turn.parts()) {
      if (part instanceof Part.ToolCall) {
        return true;
      }
    }
    return false;
  }

  private static boolean isThinking(Turn turn) {
    for (Part part : turn.parts()) {
      if (!(part instanceof Part.Thinking)) {
        return false;
      }
    }
    return true;
  }

  private List<Turn> run(List<Turn> turns) {
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (turn.role() == Role.ASSISTANT) {
        out.add(turn);
        if (hasCalls(turn)) {
          results(turn, turns, i + 1);
        }
      } else {
        rest(turn);
      }
    }
    return out;
  }

  private void results(Turn calling, List<Turn> turns, int from) {
    Map<String, Part.ToolCall> pending = new LinkedHashMap<>();
    for (Part part : calling.parts()) {
      if (part instanceof Part.ToolCall call) {
        pending.putIfAbsent(call.id(), call);
      }
    }
    for (int i = from; i < turns.size() && turns.get(i).role() != Role.ASSISTANT; i++) {
      List<Part> found = new ArrayList<>();
      for (Part part : turns.get(i).parts()) {
        if (part instanceof Part.ToolResult result && pending.remove(result.callId()) != null) {
          placed.add(result);
          found.add(result);
        }
      }
      if (!found.isEmpty()) {
        out.add(Turn.of(Role.USER, found));
      }
    }
    for (Part.ToolCall call : pending.values()) {
      List<Part> content = List.of(Part.Text.of(NO_RESULT));
      out.add(
          Turn.of(
              Role.USER,
              new Part.ToolResult(call.id(), call.name(), call.kind(), content, true, null)));
    }
  }

  private void rest(Turn turn) {
    List<Part> parts = new ArrayList<>(turn.parts().size());
    boolean results = false;
    for (Part part : turn.parts()) {
      if (!(part instanceof Part.ToolResult result)) {
        parts.add(part);
        continue;
      }
      results = true;
      if (!placed.contains(result)) {
        spoken(result, parts);
      }
    }
    if (!results) {
      out.add(turn);
    } else if (!parts.isEmpty()) {
      out.add(new Turn(turn.role(), parts, turn.name()));
    }
  }

  private static void spoken(Part.ToolResult result, List<Part> out) {
    out.add(Part.Text.of(heading(result)));
    for (Part part : result.content()) {
      if (part instanceof Part.ToolResult inner) {
        spoken(inner, out);
      } else {
        out.add(part);
      }
    }
  }

  private static String heading(Part.ToolResult result) {
    String what = result.kind() == CallKind.CUSTOM ? "custom tool" : "tool";
    return result.name() == null
        ? "Result of an earlier " + what + " call:"
        : "Result of an earlier call of the " + what + " " + result.name() + ":";
  }
}
