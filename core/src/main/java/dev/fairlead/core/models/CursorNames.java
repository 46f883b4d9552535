package dev.fairlead.core.models;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Cursor does with a model name. It has names of its own, which it refuses to have added or
 * bills itself, and it sends another body for each vendor it thinks a name belongs to; only a
 * neutral name gets plain Chat.
 */
public final class CursorNames {
  /** What is wrong with a name. */
  public enum Trouble {
    /** Cursor has a built-in model of that name. */
    COLLIDES,
    /** The name makes Cursor send another vendor's body. */
    OTHER_BODY
  }

  /** How Cursor's own models begin, without a provider before them. */
  private static final List<String> BUILT_IN =
      List.of(
          "claude-",
          "gpt-",
          "o1",
          "o3",
          "o4",
          "gemini-",
          "grok-",
          "deepseek-",
          "kimi-",
          "cursor-",
          "composer-",
          "codex-");

  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^a-z0-9]+");
  private static final Pattern VENDOR_WORD =
      Pattern.compile("claude|gpt|gemini|codex|anthropic|openai|google|grok|^o[134](?=-|$)");

  private CursorNames() {}

  /** What Cursor makes of {@code name} when it is typed as a custom model, or null when nothing. */
  public static @Nullable Trouble troubleWith(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.indexOf('/') < 0 && BUILT_IN.stream().anyMatch(lower::startsWith)) {
      return Trouble.COLLIDES;
    }
    String model = lower.substring(lower.lastIndexOf('/') + 1);
    return lower.contains("claude")
            || lower.contains("gpt")
            || lower.contains("gemini")
            || lower.contains("codex")
            || model.matches("o[134](-.*)?")
        ? Trouble.OTHER_BODY
        : null;
  }

  /**
   * A name for {@code model} that means nothing to Cursor: what is left of its own without vendors'
   * words, such as {@code house-opus-5}.
   */
  public static String neutral(String model) {
    String own = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String dashed = NOT_IN_A_NAME.matcher(own).replaceAll("-");
    String bare = VENDOR_WORD.matcher(dashed).replaceAll("x");
    StringBuilder kept = new StringBuilder("house");
    for (String word : bare.split("-", -1)) {
      // A date says nothing to whoever picks a model from a list.
      if (!word.isEmpty() && !word.equals("x") && !word.matches("20\\d{6}")) {
        kept.append('-').append(word);
      }
    }
    return kept.length() == "house".length() ? kept + "-model" : kept.toString();
  }
}
