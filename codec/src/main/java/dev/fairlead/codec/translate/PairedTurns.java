package dev.fairlead.codec.translate;

import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in which every call has its result and every result its call, for vendors that
 * refuse anything else. Assistant turns in a row become one; behind one with calls stands a user
 * turn that begins with their results in the client's order. A call without a result gets an error
 * result, a result without its call becomes text.
 */
public final class PairedTurns {
  private static final String NO_RESULT = "no result";

  private PairedTurns() {}

  /** {@code turns} with their calls and results paired. */
  public static List<Turn> of(List<Turn> turns) {
    List<Turn> paired = new ArrayList<>(turns.size() + 2);
    int at = 0;
    while (at < turns.size()) {
      Turn turn = turns.get(at);
      if (turn.role() != Turn.Role.ASSISTANT) {
        add(paired, turn, withoutResults(turn.parts()));
        at++;
        continue;
      }
      List<Part> said = new ArrayList<>();
      while (at < turns.size() && turns.get(at).role() == Turn.Role.ASSISTANT) {
        said.addAll(turns.get(at).parts());
        at++;
      }
      List<Part.ToolCall> open = new ArrayList<>();
      for (Part part : said) {
        if (part instanceof Part.ToolCall call) {
          open.add(call);
        }
      }
      add(paired, turn, withoutResults(said));
      if (!open.isEmpty()) {
        at = answer(turns, at, open, paired);
      }
    }
    return paired;
  }

  /** Adds the turns up to the next assistant turn, the results of {@code open} first. */
  private static int answer(
      List<Turn> turns, int from, List<Part.ToolCall> open, List<Turn> paired) {
    List<Part> results = new ArrayList<>();
    List<List<Part>> rests = new ArrayList<>();
    int at = from;
    for (; at < turns.size() && turns.get(at).role() != Turn.Role.ASSISTANT; at++) {
      List<Part> rest = new ArrayList<>();
      for (Part part : turns.get(at).parts()) {
        if (part instanceof Part.ToolResult result) {
          Part.ToolCall call = take(open, result.callId());
          if (call == null) {
            rest.addAll(asText(result));
          } else {
            results.add(
                new Part.ToolResult(
                    result.callId(),
                    result.name() == null ? call.name() : result.name(),
                    call.kind(),
                    result.content(),
                    result.error(),
                    result.cache()));
          }
        } else {
          rest.add(part);
        }
      }
      rests.add(rest);
    }
    for (Part.ToolCall call : open) {
      results.add(
          new Part.ToolResult(
              call.id(), call.name(), call.kind(), List.of(Part.Text.of(NO_RESULT)), true, null));
    }
    int next = from;
    if (next < at && turns.get(next).role() == Turn.Role.USER) {
      results.addAll(rests.getFirst());
      paired.add(new Turn(Turn.Role.USER, results, turns.get(next).name()));
      next++;
    } else {
      paired.add(Turn.of(Turn.Role.USER, results));
    }
    for (; next < at; next++) {
      add(paired, turns.get(next), rests.get(next - from));
    }
    return at;
  }

  private static Part.@Nullable ToolCall take(List<Part.ToolCall> open, String id) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).id().equals(id)) {
        return open.remove(i);
      }
    }
    return null;
  }

  private static void add(List<Turn> paired, Turn turn, List<Part> parts) {
    if (!parts.isEmpty()) {
      paired.add(new Turn(turn.role(), parts, turn.name()));
    }
  }

  private static List<Part> withoutResults(List<Part> parts) {
    if (parts.stream().noneMatch(Part.ToolResult.class::isInstance)) {
      return parts;
    }
    List<Part> kept = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.ToolResult result) {
        kept.addAll(asText(result));
      } else {
        kept.add(part);
      }
    }
    return kept;
  }

  private static List<Part> asText(Part.ToolResult result) {
    List<Part> parts = new ArrayList<>();
    String name = result.name();
    parts.add(
        Part.Text.of(
            "[Result of a call"
                + (name == null ? "" : " of " + name)
                + " that is not in this conversation]"));
    parts.addAll(result.content());
    return parts;
  }
}
