package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts back what a client has lost of a vendor's thinking: calls that come without any seal get
 * those that were kept, where they are the ones of the vendor about to be asked.
 */
final class ThoughtsBack {
  private final KeptThoughts.Own kept;
  private final Dialect dialect;
  private boolean missed;

  private ThoughtsBack(KeptThoughts.Own kept, Dialect dialect) {
    this.kept = kept;
    this.dialect = dialect;
  }

  /**
   * A prompt with what was found.
   *
   * @param missed whether nobody remembers a call that may once have had a seal
   */
  record Restored(Prompt prompt, boolean missed) {}

  static Restored into(Prompt prompt, Dialect dialect, KeptThoughts.Own kept) {
    if (!seals(dialect)) {
      return new Restored(prompt, false);
    }
    ThoughtsBack back = new ThoughtsBack(kept, dialect);
    List<Turn> turns = new ArrayList<>(prompt.turns().size());
    boolean changed = false;
    boolean sealed = false;
    for (Turn turn : prompt.turns()) {
      if (turn.role() != Turn.Role.ASSISTANT) {
        sealed = false;
        turns.add(turn);
        continue;
      }
      // Dialects of items have a turn each for thinking and for the call behind it.
      sealed |= turn.parts().stream().anyMatch(ThoughtsBack::isSealed);
      Turn restored = sealed ? null : back.restored(turn);
      changed |= restored != null;
      turns.add(restored == null ? turn : restored);
    }
    return new Restored(
        changed ? prompt.toBuilder().turns(turns).build() : prompt,
        back.missed && prompt.reasoning() != null);
  }

  /** Vendors of the others have no seals. */
  private static boolean seals(Dialect dialect) {
    return switch (dialect) {
      case ANTHROPIC_MESSAGES, OPENAI_RESPONSES, GEMINI -> true;
      case OPENAI_CHAT, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, OLLAMA -> false;
    };
  }

  private static boolean isSealed(Part part) {
    return switch (part) {
      case Part.Thinking thinking -> thinking.sealed() != null;
      case Part.ToolCall call -> call.sealed() != null;
      case Part.Text _,
          Part.Refusal _,
          Part.Image _,
          Part.Document _,
          Part.Audio _,
          Part.ToolResult _,
          Part.Other _ ->
          false;
    };
  }

  /** The turn with what was kept of its calls, or null when that is nothing. */
  private @Nullable Turn restored(Turn turn) {
    List<Part> parts = new ArrayList<>(turn.parts().size() + 2);
    boolean first = true;
    boolean found = false;
    for (Part part : turn.parts()) {
      if (!(part instanceof Part.ToolCall call)) {
        parts.add(part);
        continue;
      }
      KeptThoughts.Thought thought = thoughtOf(call);
      if (thought != null) {
        found = true;
        // A vendor wants a message to begin with its thinking.
        parts.addAll(first ? 0 : parts.size(), ours(thought.before()));
        parts.add(sealed(call, thought.sealed()));
      } else {
        parts.add(call);
      }
      first = false;
    }
    return found ? new Turn(turn.role(), withoutUnsealed(parts), turn.name()) : null;
  }

  private KeptThoughts.@Nullable Thought thoughtOf(Part.ToolCall call) {
    KeptThoughts.Thought thought = kept.find(call.id());
    if (thought == null) {
      missed = true;
      return null;
    }
    boolean its = thought.name().equals(call.name());
    boolean theirs =
        thought.before().stream().anyMatch(this::isTheirs) || isTheirs(thought.sealed());
    return its && theirs ? thought : null;
  }

  private List<Part.Thinking> ours(List<Part.Thinking> before) {
    return before.stream().filter(this::isTheirs).toList();
  }

  private Part.ToolCall sealed(Part.ToolCall call, Part.@Nullable Sealed sealed) {
    return isTheirs(sealed)
        ? new Part.ToolCall(
            call.id(), call.name(), call.kind(), call.arguments(), sealed, call.cache())
        : call;
  }

  private boolean isTheirs(Part.Thinking thinking) {
    return isTheirs(thinking.sealed());
  }

  private boolean isTheirs(Part.@Nullable Sealed sealed) {
    return sealed != null && sealed.origin() == dialect;
  }

  /** What the client kept of the same thinking says nothing more. */
  private static List<Part> withoutUnsealed(List<Part> parts) {
    return parts.stream()
        .filter(part -> !(part instanceof Part.Thinking thinking && thinking.sealed() == null))
        .toList();
  }
}
