package dev.fairlead.codec.cursor;

import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Reasoning.Effort;
import dev.fairlead.core.prompt.Reasoning.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a model's name says beyond the model: Cursor's picker appends {@code -thinking}, {@code
 * -thinking-EFFORT}, {@code -EFFORT} and {@code -fast}, in this order; other clients write {@code
 * :thinking} and {@code :EFFORT}. Models whose real names end so exist ({@code kimi-k2-thinking},
 * {@code grok-4-fast}), so a name counts as it is wherever it is known, and only then as one of
 * these readings.
 *
 * @param base the name without what was read from its end
 * @param reasoning how much the model should think, or null when the name does not say
 * @param fast whether the provider's faster service is wanted
 */
public record ModelSuffix(String base, @Nullable Reasoning reasoning, boolean fast) {
  /** A name taken as it is. */
  public static ModelSuffix plain(String name) {
    return new ModelSuffix(name, null, false);
  }

  /** Everything that can be read from the end of {@code name}. */
  public static ModelSuffix of(String name) {
    return readings(name).getLast();
  }

  /**
   * All ways to read {@code name}, from the name as it is to the shortest base; the first whose
   * base is a known model is the right one.
   */
  public static List<ModelSuffix> readings(String name) {
    List<ModelSuffix> readings = new ArrayList<>();
    ModelSuffix reading = plain(name);
    readings.add(reading);
    String withoutFast = without(name, "fast");
    if (withoutFast != null) {
      reading = new ModelSuffix(withoutFast, null, true);
      readings.add(reading);
    }
    String rest = reading.base();
    Effort effort = null;
    for (Effort word : Effort.values()) {
      String shorter = without(rest, word.name().toLowerCase(Locale.ROOT));
      if (shorter != null) {
        effort = word;
        rest = shorter;
        Mode mode = word == Effort.NONE ? Mode.OFF : Mode.ON;
        reading = new ModelSuffix(rest, new Reasoning(mode, word, null, null), reading.fast());
        readings.add(reading);
        break;
      }
    }
    String thinking = without(rest, "thinking");
    if (thinking != null) {
      Mode mode = effort == Effort.NONE ? Mode.OFF : Mode.ON;
      readings.add(
          new ModelSuffix(thinking, new Reasoning(mode, effort, null, null), reading.fast()));
    }
    return List.copyOf(readings);
  }

  /** Whether the name says anything that a request has to say in its own fields. */
  public boolean saysMore() {
    return reasoning != null || fast;
  }

  /** The name before {@code -word} or {@code :word} at its end, or null. */
  private static @Nullable String without(String name, String word) {
    int at = name.length() - word.length() - 1;
    if (at < 1 || !name.regionMatches(true, at + 1, word, 0, word.length())) {
      return null;
    }
    char separator = name.charAt(at);
    boolean bare = name.charAt(at - 1) == '/';
    return (separator == '-' || separator == ':') && !bare ? name.substring(0, at) : null;
  }

  /** The same prompt with what the name says; what the body says itself goes before. */
  public Prompt applyTo(Prompt prompt) {
    Reasoning said = prompt.reasoning();
    Reasoning wanted = reasoning;
    if (said != null && wanted != null) {
      boolean silent =
          said.effort() == null && said.budgetTokens() == null && said.mode() != Mode.OFF;
      wanted = silent ? new Reasoning(wanted.mode(), wanted.effort(), null, said.shown()) : said;
    }
    return prompt.toBuilder()
        .reasoning(wanted == null ? said : wanted)
        .serviceTier(prompt.serviceTier() == null && fast ? "priority" : prompt.serviceTier())
        .build();
  }
}
