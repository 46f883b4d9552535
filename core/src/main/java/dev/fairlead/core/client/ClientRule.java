package dev.fairlead.core.client;

import dev.fairlead.core.model.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way to recognise a client or one of its features. Rules are tried in order and the first that
 * matches wins.
 *
 * @param client name of the client
 * @param feature name of the feature, or empty
 * @param conditions all of which must hold
 */
public record ClientRule(String client, String feature, List<Condition> conditions) {
  public ClientRule {
    conditions = List.copyOf(conditions);
  }

  /** Something that can be seen of a request. Comparisons are without regard to case. */
  public sealed interface Condition {
    /** A header begins with {@code prefix}; an empty prefix asks only that the header is there. */
    record HeaderStarts(String header, String prefix) implements Condition {}

    /** A header contains {@code part}. */
    record HeaderContains(String header, String part) implements Condition {}

    /** The beginning of the system prompt contains {@code part}. */
    record PromptContains(String part) implements Condition {}

    /** Tools were offered. */
    record OffersTools() implements Condition {}
  }

  boolean matches(Headers headers, @Nullable String promptOpening, boolean hasTools) {
    for (Condition condition : conditions) {
      boolean holds =
          switch (condition) {
            case Condition.HeaderStarts(String header, String prefix) -> {
              String value = headers.get(header);
              yield value != null && value.regionMatches(true, 0, prefix, 0, prefix.length());
            }
            case Condition.HeaderContains(String header, String part) ->
                contains(headers.get(header), part);
            case Condition.PromptContains(String part) -> contains(promptOpening, part);
            case Condition.OffersTools() -> hasTools;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(@Nullable String text, String part) {
    if (text == null) {
      return false;
    }
    for (int at = 0; at <= text.length() - part.length(); at++) {
      if (text.regionMatches(true, at, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }

  /** Whether any condition looks at the prompt. */
  boolean readsPrompt() {
    for (Condition condition : conditions) {
      if (condition instanceof Condition.PromptContains) {
        return true;
      }
    }
    return false;
  }

  /** Whether any condition looks at the tools offered. */
  boolean asksForTools() {
    return conditions.contains(new Condition.OffersTools());
  }

  /** Whether the conditions on headers hold, so that the prompt is worth a look. */
  boolean headersMatch(Headers headers) {
    for (Condition condition : conditions) {
      boolean fits =
          switch (condition) {
            case Condition.HeaderStarts(String header, String prefix) -> {
              String value = headers.get(header);
              yield value != null && value.regionMatches(true, 0, prefix, 0, prefix.length());
            }
            case Condition.HeaderContains(String header, String part) ->
                contains(headers.get(header), part);
            case Condition.PromptContains _, Condition.OffersTools _ -> true;
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
