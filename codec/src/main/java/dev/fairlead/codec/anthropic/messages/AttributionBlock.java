package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * The block by which Claude Code tells Anthropic who asks: the first of its system prompt. Only
 * Anthropic takes it out again; elsewhere it would be read as an instruction, and as it changes
 * from request to request, it would defeat prompt caches.
 */
public final class AttributionBlock {
  private static final String OPENING = "x-anthropic-billing-header:";

  private AttributionBlock() {}

  /** {@code prompt} without the block; itself when it has none. */
  public static Prompt without(Prompt prompt) {
    List<Turn> turns = prompt.turns();
    if (turns.isEmpty() || turns.get(0).role() != Turn.Role.SYSTEM) {
      return prompt;
    }
    Turn system = turns.get(0);
    List<Part> kept = new ArrayList<>();
    for (Part part : system.parts()) {
      if (!(part instanceof Part.Text text) || !text.text().stripLeading().startsWith(OPENING)) {
        kept.add(part);
      }
    }
    if (kept.size() == system.parts().size()) {
      return prompt;
    }
    List<Turn> rest = new ArrayList<>(turns.subList(1, turns.size()));
    if (!kept.isEmpty()) {
      rest.add(0, new Turn(Turn.Role.SYSTEM, kept, system.name()));
    }
    return prompt.toBuilder().turns(rest).build();
  }
}
